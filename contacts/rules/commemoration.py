"""Days on which nobody should be asked for money: public holidays, and feasts by rule.

Public holidays come from the `holidays` package, its language fixed; the feasts are ours.
Sources: Decree 21.366/1932 (Mother's Day), custom for the others; Easter by the Gregorian computus.
"""

from datetime import date, timedelta
from functools import cache

import holidays
from dateutil.easter import easter

SUNDAY = 6

#: Feasts that a policy may close, by the name it uses for them.
FEASTS = (
    "carnival",
    "easter",
    "mothers_day",
    "corpus_christi",
    "sweethearts_day",
    "fathers_day",
    "christmas_eve",
    "new_years_eve",
)


@cache
def public_holidays(year: int, state: str = "") -> frozenset[date]:
    """Return the public holidays of Brazil in a year, with those of a state ("SP") when one is given."""
    return frozenset(
        holidays.country_holidays(
            "BR", subdiv=state or None, years=year, language="pt_BR", categories=("public",)
        )
    )


@cache
def feast(name: str, year: int) -> frozenset[date]:
    """Return the days of a feast in a year. Raises KeyError for a feast that is not in FEASTS."""
    sunday = easter(year)
    return {
        "carnival": frozenset({sunday - timedelta(days=48), sunday - timedelta(days=47)}),
        "easter": frozenset({sunday}),
        "mothers_day": frozenset({_nth_sunday(year, month=5, n=2)}),
        "corpus_christi": frozenset({sunday + timedelta(days=60)}),
        "sweethearts_day": frozenset({date(year, 6, 12)}),
        "fathers_day": frozenset({_nth_sunday(year, month=8, n=2)}),
        "christmas_eve": frozenset({date(year, 12, 24)}),
        "new_years_eve": frozenset({date(year, 12, 31)}),
    }[name]


def _nth_sunday(year: int, *, month: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(SUNDAY - first.weekday()) % 7 + 7 * (n - 1))
