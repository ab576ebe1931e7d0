"""The only writer of what creditors say of their customers: key customer or not, how great the risk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from debtors.models import Creditor, CustomerFact, Debtor, User
from debtors.queries import customers
from debtors.vocabulary import FactKind, FactValue

LONGEST_SOURCE = 100


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of one debtor, as somebody tells it."""

    debtor_id: int
    kind: FactKind
    value: FactValue


def record(
    debtor: Debtor,
    creditor: Creditor,
    *,
    kind: FactKind,
    value: FactValue,
    known_on: date,
    source: str,
    by: User | None,
    now: datetime,
) -> bool:
    """Write one fact down; return whether it was news."""
    told = [Told(debtor.pk, kind, value)]
    return bool(record_many(told, creditor=creditor, known_on=known_on, source=source, by=by, now=now))


def record_many(
    told: Iterable[Told], *, creditor: Creditor, known_on: date, source: str, by: User | None, now: datetime
) -> int:
    """Write down what is news among the facts told; return how many. Told again, nothing is written."""
    every = list(told)
    if not every:
        return 0
    known = customers.facts_of({each.debtor_id for each in every}, creditors=[creditor.pk])
    news = []
    for each in every:
        last = known.get((each.debtor_id, creditor.pk), {}).get(each.kind)
        if last is None or (last.value != each.value and last.known_on <= known_on):
            news.append(each)
    CustomerFact.objects.bulk_create(
        [
            CustomerFact(
                debtor_id=each.debtor_id,
                creditor=creditor,
                kind=each.kind,
                value=each.value,
                known_on=known_on,
                source=source[:LONGEST_SOURCE],
                recorded_by=by,
                recorded_at=now,
            )
            for each in news
        ],
        batch_size=1_000,
    )
    return len(news)
