"""What kind of customer somebody is, as his own history tells it: payer, first purchase, first delay."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: Of fewer installments that have fallen due nothing is said of somebody as a payer.
FEWEST = 3
#: A boleto paid on its day is booked some days later.
BOOKED_WITHIN = timedelta(days=3)
#: A customer for so long before the first due date bought before what we know of.
BEFORE_THE_FIRST = timedelta(days=120)


class Payer(StrEnum):
    """How somebody has paid so far."""

    GOOD = "good"
    MIXED = "mixed"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How many installments were paid in time, of those that have fallen due."""

    in_time: int
    due: int


def punctuality(
    *, due: Iterable[tuple[date, int]], paid: Iterable[tuple[date, int]], on: date
) -> Punctuality:
    """Return how punctual somebody was with what fell due by `on`; amounts in centavos.

    Money meets the oldest installment first, so one was paid in time when all that had been paid
    three days after its due date covers everything due up to it.
    """
    fallen = sorted((day, cents) for day, cents in due if day + BOOKED_WITHIN < on)
    payments = list(paid)
    up_to_here = in_time = 0
    for day, cents in fallen:
        up_to_here += cents
        in_time += sum(sum_ for paid_on, sum_ in payments if paid_on <= day + BOOKED_WITHIN) >= up_to_here
    return Punctuality(in_time, len(fallen))


def payer(punctuality: Punctuality, *, kept: int, broken: int) -> Payer:
    """Return what kind of payer somebody is, by his installments and the promises he kept and broke.

    Good: four of five in time, nothing broken. Bad: less than half in time, or more broken than
    kept, at least two. Of fewer than three installments and promises together nothing is said.
    """
    if punctuality.due + kept + broken < FEWEST:
        return Payer.UNKNOWN
    if punctuality.in_time * 5 >= punctuality.due * 4 and not broken:
        return Payer.GOOD
    if (broken >= 2 and broken > kept) or punctuality.in_time * 2 < punctuality.due:
        return Payer.BAD
    return Payer.MIXED


def is_first_purchase(*, contracts: int, customer_since: date | None, first_due_on: date | None) -> bool:
    """Return whether the only contract we know of seems to be the customer's first purchase."""
    if contracts > 1:
        return False
    if customer_since is None or first_due_on is None:
        return True
    return customer_since > first_due_on - BEFORE_THE_FIRST
