"""Days on which nobody should be asked for money: public holidays, and feasts by rule.

Public holidays come from the `holidays` package, its language fixed; the feasts are ours.
Sources: Decree 21.366/1932 (Mother's Day), custom for the others; Easter by the Gregorian computus.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import holidays
from dateutil.easter import easter

from collections_crm.lib.names import fold

THURSDAY, SUNDAY = 3, 6

#: Feasts that come back on the same day of each year, as (month, day).
_FIXED: dict[str, tuple[int, int]] = {
    "new_year": (1, 1),
    "womens_day": (3, 8),
    "consumers_day": (3, 15),
    "sweethearts_day": (6, 12),
    "saint_johns_day": (6, 24),
    "grandparents_day": (7, 26),
    "customers_day": (9, 15),
    "childrens_day": (10, 12),
    "teachers_day": (10, 15),
    "civil_servants_day": (10, 28),
    "christmas_eve": (12, 24),
    "christmas": (12, 25),
    "new_years_eve": (12, 31),
}
#: Feasts that move with Easter Sunday, as days from it.
_FROM_EASTER: dict[str, tuple[int, ...]] = {
    "carnival": (-48, -47),
    "ash_wednesday": (-46,),
    "good_friday": (-2,),
    "easter": (0,),
    "corpus_christi": (60,),
}
#: Feasts of a certain weekday.
_BY_WEEKDAY: dict[str, Callable[[int], date]] = {
    "mothers_day": lambda year: _nth(2, SUNDAY, date(year, 5, 1)),
    "fathers_day": lambda year: _nth(2, SUNDAY, date(year, 8, 1)),
    "black_friday": lambda year: _nth(4, THURSDAY, date(year, 11, 1)) + timedelta(days=1),
}

#: Days on which offices may stay open or close (ponto facultativo), in the order of the year.
OPTIONAL_DAYS = (
    "carnival",
    "ash_wednesday",
    "corpus_christi",
    "civil_servants_day",
    "christmas_eve",
    "new_years_eve",
)
#: Days that are celebrated, or kept by a trade; some are public holidays besides.
COMMEMORATIVE_DAYS = (
    "new_year",
    "womens_day",
    "consumers_day",
    "good_friday",
    "easter",
    "mothers_day",
    "sweethearts_day",
    "saint_johns_day",
    "grandparents_day",
    "fathers_day",
    "customers_day",
    "childrens_day",
    "teachers_day",
    "black_friday",
    "christmas",
)
#: Every day that a policy may close, by the name it uses for it.
FEASTS = OPTIONAL_DAYS + COMMEMORATIVE_DAYS
#: Municipalities whose own holidays the package knows, as (state, plain lower-case name).
_CITIES = {("SP", "sao paulo"): "São Paulo Capital"}


@cache
def public_holidays(year: int, state: str = "", city: str = "") -> frozenset[date]:
    """Return the public holidays of Brazil in a year, with those of a state ("SP") when one is given.

    With a `city` its own are among them where they are known by rule: of São Paulo's capital only. Those
    of other cities are entered by the house (`contacts/models/closed_day.py`).
    """
    place = _CITIES.get((state, fold(city)), state)
    return frozenset(
        holidays.country_holidays(
            "BR", subdiv=place or None, years=year, language="pt_BR", categories=("public",)
        )
    )


@cache
def feast(name: str, year: int) -> frozenset[date]:
    """Return the days of a feast in a year. Raises KeyError for a feast that is not in FEASTS."""
    if name in _FIXED:
        return frozenset({date(year, *_FIXED[name])})
    if name in _FROM_EASTER:
        return frozenset(easter(year) + timedelta(days=days) for days in _FROM_EASTER[name])
    return frozenset({_BY_WEEKDAY[name](year)})


def _nth(number: int, weekday: int, first: date) -> date:
    """Return the `number`th of a weekday (Monday 0) of the month that begins with `first`."""
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
