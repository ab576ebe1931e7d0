"""The payments of an agreement: exact days and centavos, and how far they have come."""

from calendar import monthrange
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from collections_crm.lib import workdays
from debtors.rules import charges, splitting

GRACE_DAYS = 5


@dataclass(frozen=True, slots=True)
class Payment:
    """One agreed payment; numbers begin with 1."""

    number: int
    due_on: date
    amount_cents: int


class Standing(StrEnum):
    """What has become of an agreement."""

    ACTIVE = "active"
    FULFILLED = "fulfilled"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an agreement has come on a day. `overdue_cents` should have been paid by then, grace or not."""

    standing: Standing
    left_cents: int
    overdue_cents: int
    next_payment: Payment | None
    broken_by: Payment | None = None


def schedule(
    total_cents: int,
    *,
    payments: int,
    first_on: date,
    first_cents: int = 0,
    closed: Container[date] = frozenset(),
) -> tuple[Payment, ...]:
    """Return so many monthly payments that add up to `total_cents` exactly.

    All are equal but for a centavo, the larger ones first; when `first_cents` is more than an equal
    share, the first payment is that much and the others share the rest. Each falls due on the day
    of `first_on` in its month (or the month's last), or on the next working day.

    Raises ValueError when a payment would be less than a centavo, or the first more than the total.
    """
    if payments < 1 or total_cents < payments or first_cents > total_cents - (payments - 1):
        raise ValueError(f"cannot pay {total_cents} in {payments}, {first_cents} first")
    amounts = splitting.equally(total_cents, parts=payments)
    if first_cents > amounts[0]:
        rest = total_cents - first_cents
        amounts = (
            [first_cents, *splitting.equally(rest, parts=payments - 1)] if payments > 1 else [total_cents]
        )
    days = (workdays.on_or_after(months_later(first_on, n), closed=closed) for n in range(payments))
    return tuple(
        Payment(number, due_on, cents)
        for number, (due_on, cents) in enumerate(zip(days, amounts, strict=True), start=1)
    )


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def progress(
    payments: Sequence[Payment],
    *,
    paid_cents: int,
    on: date,
    grace_days: int = GRACE_DAYS,
    closed: Container[date] = frozenset(),
) -> Progress:
    """Return how far an agreement has come on `on`, with `paid_cents` paid for it so far.

    Money settles the payments in their order. The agreement is broken when one is not whole after
    its grace: so many calendar days, and never before the next working day is over. Paid up, it is
    fulfilled, however late the money came.
    """
    left = sum(payment.amount_cents for payment in payments) - paid_cents
    if left <= 0:
        return Progress(Standing.FULFILLED, 0, 0, None)
    open_ones, due_so_far = [], 0
    for payment in payments:
        due_so_far += payment.amount_cents
        if due_so_far > paid_cents:
            open_ones.append(payment)
    overdue = sum(payment.amount_cents for payment in payments if payment.due_on < on) - paid_cents
    first = open_ones[0]
    grace_ends_on = charges.free_until(first.due_on, grace_days=grace_days, closed=closed)
    broken_by = first if on > grace_ends_on else None
    standing = Standing.BROKEN if broken_by else Standing.ACTIVE
    return Progress(standing, left, max(overdue, 0), first, broken_by)
