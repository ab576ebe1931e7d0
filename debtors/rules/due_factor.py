"""The four digits that stand for a due date on a bank slip, across the day on which they began again.

They counted days since 7 October 1997 until 9999 was reached on 21 February 2025, and began again
at 1000 on the day after; 13 October 2049 will be 9999 once more. A factor alone therefore names
several days, and only a day of reference tells which is meant.

Source: FEBRABAN, communication 082/2012 on the restart of the due-date factor.
"""

from datetime import date, timedelta

BASE = date(1997, 10, 7)
HIGHEST, LOWEST_AGAIN = 9_999, 1_000
ROUND_DAYS = HIGHEST - LOWEST_AGAIN + 1
DAYS_BACK, DAYS_AHEAD = 3_000, 5_500  # a slip is read as due within these of the day it is read


class FactorError(ValueError):
    """No date for a factor, or no factor for a date; `code` is `outside_window` or `before_base`."""

    def __init__(self, code: str, found: object) -> None:
        super().__init__(f"{code}: {found}")
        self.code = code


def factor_of(due_on: date) -> int:
    """Return the factor of a due date; raises FactorError (`before_base`) for one before 7 October 1997."""
    days = (due_on - BASE).days
    if days < 0:
        raise FactorError("before_base", due_on)
    return days if days <= HIGHEST else LOWEST_AGAIN + (days - HIGHEST - 1) % ROUND_DAYS


def due_date(factor: int, *, on: date) -> date | None:
    """Return the due date that `factor` means when it is read on `on`; None for 0, which is no due date.

    Of the days that share a factor at most one lies between 3,000 days before and 5,500 days after
    the day of reading. Raises FactorError (`outside_window`) when none does.
    """
    if not factor:
        return None
    day = BASE + timedelta(days=factor)
    last = on + timedelta(days=DAYS_AHEAD)
    while day < on - timedelta(days=DAYS_BACK) and factor >= LOWEST_AGAIN:
        day += timedelta(days=ROUND_DAYS)
    if not on - timedelta(days=DAYS_BACK) <= day <= last:
        raise FactorError("outside_window", factor)
    return day
