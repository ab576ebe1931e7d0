"""Agreements: what a creditor offers, and what becomes of the debtor's own proposal.

Nothing below what a debt's age allows is offered. A proposal below it needs somebody who may accept
it, with a reason; below the creditor's floor nobody may.
"""

from collections.abc import Container
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from debtors.rules import agreement_schedule, authority, settlement_rules
from debtors.rules.agreement_schedule import Payment
from debtors.rules.authority import Approval, Authority
from debtors.rules.settlement_rules import FORGIVEN_IN_ORDER, Items, Rules

APPROVAL_VALID_DAYS = 7


@dataclass(frozen=True, slots=True)
class Debt:
    """What an agreement is about: everything owed, and since how many days."""

    items: Items
    days_late: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to settle everything: what is forgiven, what is paid, and when."""

    owed: Items
    discount_cents: int
    payments: tuple[Payment, ...]

    @property
    def total_cents(self) -> int:
        """What is paid in all."""
        return self.owed.total_cents - self.discount_cents

    @property
    def forgiven(self) -> Items:
        """The discount, item by item."""
        return forgiven(self.owed, discount_cents=self.discount_cents)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a debtor says he can pay; the first payment may be larger than the others."""

    total_cents: int
    payments: int
    first_on: date
    first_cents: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """How far somebody may go by himself with a number of payments: totals in centavos, and days."""

    least_cents: int
    most_cents: int
    most_payments: int
    last_first_on: date


class Verdict(StrEnum):
    """The answer to a proposal."""

    ACCEPTED = "accepted"
    NEEDS_APPROVAL = "needs_approval"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer with its reasons, and the level that may say yes; None when nobody may.

    The reasons: `below_floor`, `too_many_payments`, `first_too_late`, `down_payment_too_small`,
    `payment_too_small`; why an approval does not serve (see `authority.refusal`); and of what
    nobody can accept, `nothing_to_pay`, `more_than_owed`, `first_in_the_past`, `first_beyond_total`,
    `below_exit_point`.
    """

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    needed: Authority | None = None
    payments: tuple[Payment, ...] = field(default=())


def offers(debt: Debt, *, rules: Rules, on: date, closed: Container[date] = frozenset()) -> tuple[Offer, ...]:
    """Return every way of settling that may be offered without asking anybody: at once first.

    Discounts follow the age of the debt. Payments are monthly, the first at least the down payment,
    none below the least one. None when nothing is owed, or the debt is beyond the exit point.
    """
    items, days_late = debt.items, debt.days_late
    if items.total_cents <= 0 or settlement_rules.exit_reason(items, days_late=days_late, rules=rules):
        return ()
    first_on = on + timedelta(days=rules.days_to_first)
    found = []
    for count in (1, *sorted(set(rules.offered_payments) - {1})):
        discount = settlement_rules.discount_cents(items, days_late=days_late, payments=count, rules=rules)
        total = items.total_cents - discount
        down = settlement_rules.down_payment_cents(total, payments=count, rules=rules)
        is_large_enough = settlement_rules.is_payment_large_enough(
            total, payments=count, first_cents=down, rules=rules
        )
        if total >= count and is_large_enough:
            payments = agreement_schedule.schedule(
                total, payments=count, first_on=first_on, first_cents=down, closed=closed
            )
            found.append(Offer(items, discount, payments))
    return tuple(found)


def room(debt: Debt, *, payments: int, rules: Rules, by: Authority, on: date) -> Room:
    """Return between what somebody of the level `by` may agree in so many payments, without asking anybody.

    Never below the creditor's floor, the exit point or the least payment, never above what is owed.
    """
    limit, items = rules.limits[by], debt.items
    floor = settlement_rules.floor_cents(
        items, days_late=debt.days_late, payments=payments, rules=rules, level=by
    )
    least = max(
        floor, rules.exit_cents, rules.min_payment_cents * (payments if payments > 1 else 0), payments
    )
    return Room(
        min(least, items.total_cents),
        items.total_cents,
        limit.most_payments,
        on + timedelta(days=limit.most_days_to_first),
    )


def judge(
    proposal: Proposal,
    *,
    debt: Debt,
    rules: Rules,
    by: Authority,
    on: date,
    approval: Approval | None = None,
    closed: Container[date] = frozenset(),
) -> Judgement:
    """Return what becomes of a debtor's proposal that somebody of the level `by` hears on `on`.

    Accepted when his level, or an approval by the level needed, covers floor, number of payments,
    first day, down payment and least payment. Refused when no level may, when it is more than is
    owed, or below the exit point without settling everything.
    """
    impossible = _impossible(proposal, items=debt.items, rules=rules, on=on)
    if impossible:
        return Judgement(Verdict.REFUSED, impossible)
    beyond = {level: _beyond(proposal, level=level, debt=debt, rules=rules, on=on) for level in Authority}
    needed = next((level for level in Authority if not beyond[level]), None)
    if needed is None:
        return Judgement(Verdict.REFUSED, beyond[Authority.MANAGER])
    payments = agreement_schedule.schedule(
        proposal.total_cents,
        payments=proposal.payments,
        first_on=proposal.first_on,
        first_cents=proposal.first_cents,
        closed=closed,
    )
    refusal = ""
    if by < needed:
        refusal = authority.refusal(approval, needed=needed, on=on, valid_days=APPROVAL_VALID_DAYS)
    if refusal:
        return Judgement(Verdict.NEEDS_APPROVAL, (*beyond[by], refusal), needed, payments)
    return Judgement(Verdict.ACCEPTED, (), needed, payments)


def forgiven(items: Items, *, discount_cents: int) -> Items:
    """Return of which items a discount consists: additions before the debt itself.

    Raises ValueError for a discount below zero or above everything owed.
    """
    if not 0 <= discount_cents <= items.total_cents:
        raise ValueError(f"discount of {discount_cents} on {items.total_cents}")
    taken = Items(0)
    for name in FORGIVEN_IN_ORDER:
        share = min(discount_cents, getattr(items, name))
        taken = replace(taken, **{name: share})
        discount_cents -= share
    return taken


def _impossible(proposal: Proposal, *, items: Items, rules: Rules, on: date) -> tuple[str, ...]:
    """Return why nobody could accept a proposal, whatever his level."""
    objections = {
        "nothing_to_pay": proposal.payments < 1 or proposal.total_cents < max(proposal.payments, 1),
        "more_than_owed": proposal.total_cents > items.total_cents,
        "first_in_the_past": proposal.first_on < on,
        "first_beyond_total": not (
            0 <= proposal.first_cents <= proposal.total_cents - (proposal.payments - 1)
        ),
        "below_exit_point": proposal.total_cents < min(rules.exit_cents, items.total_cents),
    }
    return tuple(code for code, is_so in objections.items() if is_so)


def _beyond(proposal: Proposal, *, level: Authority, debt: Debt, rules: Rules, on: date) -> tuple[str, ...]:
    """Return in which points a proposal goes beyond a level; a manager may waive the sizes of payments."""
    limit, total, count = rules.limits[level], proposal.total_cents, proposal.payments
    floor = settlement_rules.floor_cents(
        debt.items, days_late=debt.days_late, payments=count, rules=rules, level=level
    )
    first = max(proposal.first_cents, -(-total // count))
    down = settlement_rules.down_payment_cents(total, payments=count, rules=rules)
    is_large_enough = settlement_rules.is_payment_large_enough(
        total, payments=count, first_cents=first, rules=rules
    )
    may_waive = level is Authority.MANAGER
    objections = {
        "below_floor": total < floor,
        "too_many_payments": count > limit.most_payments,
        "first_too_late": proposal.first_on > on + timedelta(days=limit.most_days_to_first),
        "down_payment_too_small": first < down and not may_waive,
        "payment_too_small": not is_large_enough and not may_waive,
    }
    return tuple(code for code, is_so in objections.items() if is_so)
