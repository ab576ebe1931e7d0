"""Closed days of places: the holidays of a debtor's state and city, and the days that the house entered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from collections_crm.lib.names import fold
from contacts.rules import commemoration
from contacts.rules.calendar import is_leap_year


@dataclass(frozen=True, slots=True)
class Place:
    """A state ("SP") and a municipality of it, as a plain lower-case name; "" is one that is not known."""

    state: str
    city: str = ""


@dataclass(frozen=True, slots=True)
class ClosedDayFacts:
    """A day that is closed in a municipality, in a whole state (no city), or everywhere (no state)."""

    on: date
    is_yearly: bool = False
    state: str = ""
    city: str = ""


def place(*, state: str, city: str) -> Place:
    """Return the place of an address, its municipality spelled as it is compared."""
    return Place(state, fold(city))


def closed_in(
    places: Iterable[Place], *, own: Iterable[ClosedDayFacts], public_holidays: bool, year: int
) -> frozenset[date]:
    """Return the days closed in any of the places, from the year before `year` to the one after.

    `own` are the house's days; `public_holidays` says whether those of the country, the states and
    the cities count as well. A day of a municipality binds only those known to live in it: an
    address without one is not closed on every anniversary of its state.
    """
    places = frozenset(places)
    years = range(year - 1, year + 2)
    closed = {day for one in own if _is_of(one, places) for day in _dates(one, years)}
    if public_holidays:
        for each in years:
            closed.update(*[commemoration.public_holidays(each, at.state, at.city) for at in places])
    return frozenset(closed)


def _is_of(day: ClosedDayFacts, places: frozenset[Place]) -> bool:
    if not day.state:
        return True
    return any(at.state == day.state and day.city in ("", at.city) for at in places)


def _dates(day: ClosedDayFacts, years: Iterable[int]) -> list[date]:
    """Return the dates of a day; 29 February has none in common years."""
    if not day.is_yearly:
        return [day.on]
    is_leap_day = (day.on.month, day.on.day) == (2, 29)
    return [day.on.replace(year=year) for year in years if is_leap_year(year) or not is_leap_day]
