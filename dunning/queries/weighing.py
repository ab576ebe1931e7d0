"""What the urgency of cases follows from, read for many at once, and the weights it is counted by."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from contacts.models import Contact
from debtors.models import Agreement, PromiseToPay
from debtors.queries import customers
from debtors.queries.compiled import Read, together
from debtors.vocabulary import AgreementState, PromiseStatus
from dunning.models import Case, QueueWeights, ScheduledStep
from dunning.rules.priority import USUAL, Weights
from dunning.vocabulary import CaseState

Pair = tuple[int, int]  # debtor id, creditor id
RECENTLY = timedelta(days=31)
#: What broke since yesterday is fresh in everybody's mind: the kindest moment to ask.
JUST_NOW = timedelta(days=2)
NAMES = [each.name for each in fields(Weights)]


def weights_in_force() -> Weights:
    """Return the weights set last; the usual ones where nobody has set any."""
    return _last_set(_weights())


def to_weigh(*, since: datetime) -> QuerySet[Case]:
    """Return the cases for agents whose urgency was counted before `since`, or never."""
    for_agents = Case.objects.filter(callable_from__isnull=False).exclude(state=CaseState.CLOSED)
    return for_agents.filter(Q(weighed_at__isnull=True) | Q(weighed_at__lt=since))


@dataclass(frozen=True)
class Signs:
    """What speaks for calling some of many cases first, beside what they owe.

    Promises and agreements that broke while the pair's case was open, each with the moment; debtors who
    wrote and to whom no agent has spoken since; pairs in which the debtor is a key customer; the ids of
    cases whose debtor was approached after another due date before.
    """

    broken_promises: Mapping[Pair, datetime]
    broken_agreements: Mapping[Pair, datetime]
    writers: Set[int]
    key_customers: Set[Pair]
    late_before: Set[int]
    weights: Weights


def signs(cases: Sequence[Case], *, now: datetime) -> Signs:
    """Return what speaks for calling some of these cases first: on PostgreSQL read in one errand."""
    of_all = {"debtors": sorted({case.debtor_id for case in cases})}
    creditors = sorted({case.creditor_id for case in cases})
    read = together(
        promises=(_broken_promises, of_all),
        agreements=(_broken_agreements, of_all),
        contacts=(_spoken_and_written, of_all | {"since": now - RECENTLY}),
        keys=(customers.called_key, of_all | {"creditors": creditors}),
        approached=(approached, of_all),
        weights=(_weights, {}),
    )
    promises = ((row[:2], row[2], row[3] or row[2]) for row in read["promises"])
    agreements = ((row[:2], row[2], row[2]) for row in read["agreements"])
    return Signs(
        broken_promises=_last_since_opened(cases, promises),
        broken_agreements=_last_since_opened(cases, agreements),
        writers={debtor for debtor, is_inbound in dict(read["contacts"]).items() if is_inbound},
        key_customers=customers.key_among(read["keys"]),
        late_before=late_before(cases, read["approached"]),
        weights=_last_set(read["weights"]),
    )


def late_before(cases: Sequence[Case], approached: Iterable[tuple[int, int, date]]) -> set[int]:
    """Return the ids of the cases whose debtor was approached after another due date before."""
    anchors: dict[int, set[tuple[int, date]]] = {}
    for debtor, case, slot in approached:
        anchors.setdefault(debtor, set()).add((case, slot))
    return {case.pk for case in cases if anchors.get(case.debtor_id, set()) - {(case.pk, case.anchor_on)}}


@Read
def approached(debtors: list[int]) -> QuerySet[ScheduledStep, Any]:
    """After which due dates the debtors were approached, as (debtor, case, due date)."""
    late = ScheduledStep.objects.order_by().filter(case__debtor__in=debtors, step__offset_days__gt=0)
    return late.values_list("case__debtor_id", "case_id", "slot").distinct()


@Read
def _broken_promises(debtors: list[int]) -> QuerySet[PromiseToPay, Any]:
    broken = PromiseToPay.objects.order_by().filter(
        debtor__in=debtors, status__in=[PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT]
    )
    return broken.values_list("debtor_id", "creditor_id", "made_at", "settled_at")


@Read
def _broken_agreements(debtors: list[int]) -> QuerySet[Agreement, Any]:
    broken = Agreement.objects.order_by().filter(
        debtor__in=debtors, state=AgreementState.BROKEN, ended_at__isnull=False
    )
    return broken.values_list("debtor_id", "creditor_id", "ended_at")


@Read
def _spoken_and_written(debtors: list[int], since: datetime) -> QuerySet[Contact, Any]:
    """What the debtors wrote and what agents said to them, oldest first, as (debtor, whether he wrote)."""
    by_people = Contact.objects.filter(
        Q(is_inbound=True) | Q(agent__isnull=False), debtor__in=debtors, started_at__gt=since
    )
    return by_people.order_by("started_at", "pk").values_list("debtor_id", "is_inbound")


@Read
def _weights() -> QuerySet[QueueWeights, Any]:
    """The weights set last, in the order of `NAMES`."""
    return QueueWeights.objects.order_by("-set_at", "-pk").values_list(*NAMES)[:1]


def _last_set(rows: Sequence[Sequence[int]]) -> Weights:
    return Weights(**dict(zip(NAMES, rows[0], strict=True))) if rows else USUAL


def _last_since_opened(
    cases: Sequence[Case], rows: Iterable[tuple[Pair, datetime, datetime]]
) -> dict[Pair, datetime]:
    """Return the last end by pair, of what began, or ended, while the pair's case was open."""
    since = {(case.debtor_id, case.creditor_id): case.opened_at for case in cases}
    found: dict[Pair, datetime] = {}
    for pair, begun_at, ended_at in rows:
        if begun_at >= since.get(pair, begun_at):
            found[pair] = max(found.get(pair, ended_at), ended_at)
    return found
