"""Public holidays and feasts, of the country, of its states, and of São Paulo's capital."""

import csv
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from contacts.rules import commemoration
from contacts.rules.default_policy import CLOSED_FEASTS

DATA = Path(__file__).parents[1] / "data"
THIRTY_YEARS = range(2024, 2054)
COUNTRY, OPTIONAL, CAPITAL = "Brasil", "Brasil (ponto facultativo)", "São Paulo Capital"


def _rows(name):
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


FEAST_ROWS = _rows("commemorative_days.csv")
HOLIDAY_ROWS = _rows("public_holidays.csv")
KNOWN = {(int(row["year"]), row["where"]): row["days"].split() for row in HOLIDAY_ROWS}


@pytest.mark.parametrize("row", FEAST_ROWS, ids=lambda row: row["feast"])
def test_every_commemorative_day_falls_where_the_calendar_says(row):
    days = {date.fromisoformat(row[str(year)]) for year in range(2024, 2031)}

    found = {day for year in range(2024, 2031) for day in commemoration.feast(row["feast"], year)}

    if row["feast"] == "carnival":  # the calendar names Tuesday, and Monday is closed with it
        days |= {day - timedelta(days=1) for day in days}
    assert found == days


def test_no_commemorative_day_is_missing_and_none_is_named_twice():
    named = {row["feast"] for row in FEAST_ROWS} | {"ash_wednesday", "civil_servants_day"}

    assert sorted(commemoration.FEASTS) == sorted(named)
    assert set(CLOSED_FEASTS) < set(commemoration.FEASTS)
    assert len(CLOSED_FEASTS) == 15


def _easter(year):
    """Return Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("year", [*THIRTY_YEARS, 1954, 2000, 2076, 2100])
def test_easter_is_the_gregorian_one_and_the_days_around_it_move_with_it(year):
    sunday = _easter(year)
    moved = {
        "easter": {sunday},
        "good_friday": {sunday - timedelta(days=2)},
        "ash_wednesday": {sunday - timedelta(days=46)},
        "carnival": {sunday - timedelta(days=47), sunday - timedelta(days=48)},
        "corpus_christi": {sunday + timedelta(days=60)},
    }

    assert {name: commemoration.feast(name, year) for name in moved} == moved
    assert sorted(day.weekday() for days in moved.values() for day in days) == [0, 1, 2, 3, 4, 6]


@pytest.mark.parametrize("year", THIRTY_YEARS)
@pytest.mark.parametrize(("name", "month"), [("mothers_day", 5), ("fathers_day", 8)])
def test_mothers_and_fathers_have_the_second_sunday_of_may_and_august(year, name, month):
    sundays = [day for number in range(1, 29) if (day := date(year, month, number)).weekday() == 6]

    assert commemoration.feast(name, year) == {sundays[1]}


@pytest.mark.parametrize("year", THIRTY_YEARS)
def test_black_friday_follows_the_fourth_thursday_of_november(year):
    [friday] = commemoration.feast("black_friday", year)

    assert friday.weekday() == 4
    assert date(year, 11, 23) <= friday <= date(year, 11, 29)


def test_a_feast_of_a_fixed_day_keeps_it_in_every_year():
    fixed = {
        "new_year": "01-01",
        "womens_day": "03-08",
        "consumers_day": "03-15",
        "sweethearts_day": "06-12",
        "saint_johns_day": "06-24",
        "grandparents_day": "07-26",
        "customers_day": "09-15",
        "childrens_day": "10-12",
        "teachers_day": "10-15",
        "civil_servants_day": "10-28",
        "christmas_eve": "12-24",
        "christmas": "12-25",
        "new_years_eve": "12-31",
    }

    for year in THIRTY_YEARS:
        found = {name: commemoration.feast(name, year) for name in fixed}
        assert found == {name: {date.fromisoformat(f"{year}-{day}")} for name, day in fixed.items()}


@pytest.mark.parametrize("year", THIRTY_YEARS)
def test_the_optional_days_are_all_those_that_the_package_calls_optional(year):
    theirs = holidays.country_holidays("BR", years=year, language="pt_BR", categories=("optional",))

    ours = {day for name in commemoration.OPTIONAL_DAYS for day in commemoration.feast(name, year)}

    assert ours == set(theirs)


def test_a_feast_nobody_knows_is_an_error_and_not_an_open_day():
    with pytest.raises(KeyError):
        commemoration.feast("pancake_day", 2026)


@pytest.mark.parametrize(("year", "where"), [key for key in KNOWN if key[1] not in (OPTIONAL, CAPITAL)])
def test_the_country_has_its_holidays_and_each_state_its_own_besides(year, where):
    """Written down from one release of the package: an update of it that moves a day is noticed."""
    state = "" if where == COUNTRY else where
    expected = {date.fromisoformat(f"{year}-{day}") for day in KNOWN[year, COUNTRY] + KNOWN[year, where]}

    assert commemoration.public_holidays(year, state) == expected
    assert commemoration.public_holidays(year, state, "any town") == expected


@pytest.mark.parametrize("city", ["São Paulo", "SAO PAULO", " são  paulo "])
@pytest.mark.parametrize("year", range(2025, 2030))
def test_the_city_of_sao_paulo_has_its_own_day_and_corpus_christi(year, city):
    expected = {date.fromisoformat(f"{year}-{day}") for day in KNOWN[year, COUNTRY] + KNOWN[year, CAPITAL]}

    assert commemoration.public_holidays(year, "SP", city) == expected
    assert expected - commemoration.public_holidays(year, "SP") == (
        {date(year, 1, 25)} | commemoration.feast("corpus_christi", year)
    )
    assert commemoration.public_holidays(year, "MA", city) == commemoration.public_holidays(year, "MA")


@pytest.mark.parametrize("language", ["pt_BR.UTF-8", "en_US.UTF-8", "uk_UA.UTF-8", "C"])
def test_the_language_of_the_machine_changes_no_holiday(language):
    ask = (
        "from contacts.rules.commemoration import public_holidays; print(sorted(public_holidays(2026, 'RJ')))"
    )

    answer = subprocess.run(
        [sys.executable, "-c", ask],
        env=os.environ | {"LANG": language, "LC_ALL": language, "LANGUAGE": language},
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == str(sorted(commemoration.public_holidays(2026, "RJ")))
