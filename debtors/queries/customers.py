"""What is known of people as customers of a creditor."""

from collections.abc import Iterable

from debtors.models import CustomerFact
from debtors.queries.accounts import Pair
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


def key_customers(debtors: Iterable[int], *, creditors: Iterable[int]) -> set[Pair]:
    """Return the (debtor id, creditor id) of those whom the creditor calls key customers."""
    known = facts_of(debtors, creditors=creditors)
    return {
        pair
        for pair, facts in known.items()
        if FactKind.KEY_CUSTOMER in facts and facts[FactKind.KEY_CUSTOMER].value == FactValue.YES
    }
