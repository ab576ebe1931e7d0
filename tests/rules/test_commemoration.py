"""Public holidays and feasts, of the country and of its states."""

from datetime import date

import pytest

from contacts.rules import commemoration


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("carnival", {date(2026, 2, 16), date(2026, 2, 17)}),
        ("easter", {date(2026, 4, 5)}),
        ("mothers_day", {date(2026, 5, 10)}),
        ("corpus_christi", {date(2026, 6, 4)}),
        ("sweethearts_day", {date(2026, 6, 12)}),
        ("fathers_day", {date(2026, 8, 9)}),
        ("christmas_eve", {date(2026, 12, 24)}),
        ("new_years_eve", {date(2026, 12, 31)}),
    ],
)
def test_each_feast_falls_on_its_day_of_2026(name, days):
    assert commemoration.feast(name, 2026) == days


@pytest.mark.parametrize(
    ("year", "mothers", "fathers"),
    [
        (2024, date(2024, 5, 12), date(2024, 8, 11)),
        (2027, date(2027, 5, 9), date(2027, 8, 8)),
        (2033, date(2033, 5, 8), date(2033, 8, 14)),
    ],
)
def test_mothers_and_fathers_have_the_second_sunday_of_may_and_august(year, mothers, fathers):
    assert commemoration.feast("mothers_day", year) == {mothers}
    assert commemoration.feast("fathers_day", year) == {fathers}


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2028, date(2028, 4, 16)),
        (2035, date(2035, 3, 25)),
    ],
)
def test_easter_is_the_gregorian_one(year, sunday):
    assert commemoration.feast("easter", year) == {sunday}


def test_a_feast_nobody_knows_is_an_error_and_not_an_open_day():
    with pytest.raises(KeyError):
        commemoration.feast("pancake_day", 2026)


def test_the_country_has_its_holidays_and_a_state_its_own_besides():
    assert date(2026, 11, 20) in commemoration.public_holidays(2026)
    assert date(2026, 4, 3) in commemoration.public_holidays(2026)  # Good Friday
    assert date(2026, 7, 9) not in commemoration.public_holidays(2026)
    assert date(2026, 7, 9) in commemoration.public_holidays(2026, "SP")
    assert commemoration.public_holidays(2026) < commemoration.public_holidays(2026, "SP")
