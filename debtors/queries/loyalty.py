"""Where debtors stand as good payers with their creditors, counted from the ledger of the day."""

from collections.abc import Iterable, Mapping
from datetime import date

from debtors.models import LoyaltyRules
from debtors.queries import accounts
from debtors.rules import loyalty, payoff
from debtors.rules.loyalty import Level, Record, Standing
from debtors.rules.payoff import History


def rules_of(creditors: Iterable[int]) -> dict[int, LoyaltyRules]:
    """Return the rules in use, by creditor id, with their levels."""
    rows = LoyaltyRules.objects.filter(creditor__in=list(creditors), is_active=True)
    return {row.creditor_id: row for row in rows.prefetch_related("levels")}


def standing_by(rules: LoyaltyRules, histories: Iterable[History], *, on: date) -> Standing:
    """Return where a debtor stands by a creditor's rules, over all his debts with that creditor."""
    found = [loyalty.record(payoff.settled_days(history), on=on) for history in histories]
    return loyalty.standing(
        Record(sum(each.in_time for each in found), sum(each.late for each in found)),
        points_in_time=rules.points_in_time,
        points_late=rules.points_late,
        levels=[Level(each.from_points, each.name, each.benefit) for each in rules.levels.all()],
    )


def standing(*, debtor_id: int, creditor_id: int, on: date) -> Standing | None:
    """Return where a debtor stands with a creditor; None where the creditor has no rules in use."""
    rules: Mapping[int, LoyaltyRules] = rules_of([creditor_id])
    if creditor_id not in rules:
        return None
    parties = accounts.parties_between(debtor_id, creditor_id)
    return standing_by(rules[creditor_id], accounts.histories(parties).values(), on=on)
