"""Working days of Brazilian banks: which day counts, the next one, and so many of them later."""

from collections.abc import Container
from datetime import date, timedelta
from functools import cache

import holidays
from dateutil.easter import easter

SATURDAY = 5


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """Return the days of a year on which no bank in Brazil settles anything, weekends apart.

    National holidays, Monday and Tuesday of Carnival, and Corpus Christi. Holidays of states and
    towns are not among them: banks settle elsewhere on these days.

    Source: CMN Resolution 4.880/2020, days that are no working days of the financial market.
    """
    national = holidays.country_holidays("BR", years=year, language="pt_BR", categories=("public",))
    sunday = easter(year)
    return frozenset(national) | {sunday + timedelta(days=days) for days in (-48, -47, 60)}


def is_workday(day: date, *, closed: Container[date] = frozenset()) -> bool:
    """Return whether banks work on `day`; `closed` holds further days on which they do not."""
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year) and day not in closed


def on_or_after(day: date, *, closed: Container[date] = frozenset()) -> date:
    """Return `day` when it is a working day, else the next one that is."""
    while not is_workday(day, closed=closed):
        day += timedelta(days=1)
    return day


def after(day: date, *, days: int, closed: Container[date] = frozenset()) -> date:
    """Return the working day that is the `days`-th after `day`, which itself does not count.

    With none to count the answer is `day`, whatever day it is. Raises ValueError below zero.
    """
    if days < 0:
        raise ValueError(f"cannot count {days} working days")
    for _ in range(days):
        day = on_or_after(day + timedelta(days=1), closed=closed)
    return day


def between(first: date, last: date, *, closed: Container[date] = frozenset()) -> int:
    """Return how many working days lie after `first` up to and including `last`; 0 when `last` is earlier."""
    span = (last - first).days
    return sum(is_workday(first + timedelta(days=n), closed=closed) for n in range(1, span + 1))
