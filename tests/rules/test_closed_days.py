"""Closed days of places: what the calendar knows of a state and a city, and what the house entered."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.rules import closed_days, commemoration
from contacts.rules.closed_days import ClosedDayFacts, Place, closed_in

CAMPINAS, SANTOS, CAPITAL = Place("SP", "campinas"), Place("SP", "santos"), Place("SP", "sao paulo")
SOMEWHERE_IN_SP, RIO = Place("SP"), Place("RJ", "rio de janeiro")
ANNIVERSARY = ClosedDayFacts(date(2020, 7, 14), is_yearly=True, state="SP", city="campinas")


def own(*days, places, year=2026):
    return closed_in(places, own=days, public_holidays=False, year=year)


@pytest.mark.parametrize(
    ("day", "places", "is_closed"),
    [
        (ClosedDayFacts(date(2026, 8, 3)), [RIO], True),
        (ClosedDayFacts(date(2026, 8, 3)), [], True),  # the whole country, wherever the debtor lives
        (ClosedDayFacts(date(2026, 8, 3), state="SP"), [SANTOS], True),
        (ClosedDayFacts(date(2026, 8, 3), state="SP"), [SOMEWHERE_IN_SP], True),
        (ClosedDayFacts(date(2026, 8, 3), state="SP"), [RIO], False),
        (ClosedDayFacts(date(2026, 8, 3), state="SP"), [], False),
        (ClosedDayFacts(date(2026, 8, 3), state="SP", city="santos"), [SANTOS], True),
        (ClosedDayFacts(date(2026, 8, 3), state="SP", city="santos"), [CAMPINAS], False),
        (ClosedDayFacts(date(2026, 8, 3), state="SP", city="santos"), [CAMPINAS, SANTOS], True),
        (ClosedDayFacts(date(2026, 8, 3), state="SP", city="santos"), [SOMEWHERE_IN_SP], False),
        (ClosedDayFacts(date(2026, 8, 3), state="RJ", city="santos"), [SANTOS], False),
    ],
)
def test_a_day_is_closed_in_its_place_and_in_no_other(day, places, is_closed):
    assert own(day, places=places) == ({date(2026, 8, 3)} if is_closed else set())


def test_a_yearly_day_comes_back_around_the_year_asked_for_whatever_year_it_was_entered_with():
    assert own(ANNIVERSARY, places=[CAMPINAS]) == {date(year, 7, 14) for year in (2025, 2026, 2027)}
    assert own(ANNIVERSARY, places=[CAMPINAS], year=2019) == {
        date(year, 7, 14) for year in (2018, 2019, 2020)
    }


def test_a_dated_day_does_not_come_back():
    assert own(ClosedDayFacts(date(2026, 7, 14)), places=[], year=2030) == {date(2026, 7, 14)}


@pytest.mark.parametrize(
    ("year", "days"),
    [(2026, set()), (2027, {date(2028, 2, 29)}), (2028, {date(2028, 2, 29)}), (2100, set())],
)
def test_a_yearly_29_february_is_closed_in_leap_years_only(year, days):
    assert own(ClosedDayFacts(date(2024, 2, 29), is_yearly=True), places=[], year=year) == days


def test_public_holidays_are_those_of_all_places_where_the_debtor_may_live():
    found = closed_in([SANTOS, RIO], own=[], public_holidays=True, year=2026)

    assert found == {
        day
        for year in (2025, 2026, 2027)
        for state in ("SP", "RJ")
        for day in commemoration.public_holidays(year, state)
    }


def test_only_who_is_known_to_live_in_the_capital_has_its_anniversary():
    day = date(2027, 1, 25)

    assert day in closed_in([CAPITAL], own=[], public_holidays=True, year=2026)
    assert day not in closed_in([SANTOS, SOMEWHERE_IN_SP], own=[], public_holidays=True, year=2026)


def test_where_public_holidays_are_open_the_houses_own_days_stay_closed():
    assert closed_in([CAPITAL], own=[], public_holidays=False, year=2026) == frozenset()
    assert own(ANNIVERSARY, places=[CAMPINAS, CAPITAL]) == {date(y, 7, 14) for y in (2025, 2026, 2027)}


@pytest.mark.parametrize("city", ["São José dos Campos", "SAO JOSE DOS CAMPOS", " são  josé dos campos "])
def test_a_municipality_is_the_same_however_it_is_spelled(city):
    assert closed_days.place(state="SP", city=city) == Place("SP", "sao jose dos campos")


@settings(deadline=None)  # the first look at a year's holidays takes a while
@given(
    st.lists(st.sampled_from([CAMPINAS, SANTOS, CAPITAL, SOMEWHERE_IN_SP, RIO]), max_size=4),
    st.booleans(),
    st.integers(2020, 2040),
)
def test_one_more_place_never_opens_a_day(places, public_holidays, year):
    days = [ANNIVERSARY, ClosedDayFacts(date(year, 3, 3), state="RJ")]
    fewer = closed_in(places[1:], own=days, public_holidays=public_holidays, year=year)

    assert fewer <= closed_in(places, own=days, public_holidays=public_holidays, year=year)
