"""What is known of people as customers of a creditor."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from debtors.models import CustomerFact
from debtors.queries.accounts import Pair
from debtors.queries.compiled import Read
from debtors.vocabulary import FactKind, FactValue

CHUNK = 500  # ids in one query; SQLite takes a limited number of parameters


def facts_of(debtors: Iterable[int], *, creditors: Iterable[int]) -> dict[Pair, dict[str, CustomerFact]]:
    """Return, by (debtor id, creditor id) and kind, the fact known last."""
    wanted, owners = sorted(set(debtors)), list(creditors)
    found: dict[Pair, dict[str, CustomerFact]] = {}
    for start in range(0, len(wanted), CHUNK):
        facts = CustomerFact.objects.filter(debtor__in=wanted[start : start + CHUNK], creditor__in=owners)
        for fact in facts.order_by("known_on", "pk"):
            found.setdefault((fact.debtor_id, fact.creditor_id), {})[fact.kind] = fact
    return found


@Read
def called_key(debtors: list[int], creditors: list[int]) -> QuerySet[CustomerFact, Any]:
    """What was known of debtors as key customers, oldest first, as (debtor, creditor, value)."""
    known = CustomerFact.objects.filter(
        debtor__in=debtors, creditor__in=creditors, kind=FactKind.KEY_CUSTOMER
    )
    return known.order_by("known_on", "pk").values_list("debtor_id", "creditor_id", "value")


def key_among(called: Iterable[tuple[int, int, str]]) -> set[Pair]:
    """Return the pairs in which the debtor is a key customer by what was known last."""
    last = {(debtor, creditor): value for debtor, creditor, value in called}
    return {pair for pair, value in last.items() if value == FactValue.YES}
