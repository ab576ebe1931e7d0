"""Working days of Brazilian banks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.lib import workdays

FRIDAY = date(2026, 11, 27)
days = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 27), True),
        (date(2026, 11, 28), False),  # Saturday
        (date(2026, 11, 29), False),
        (date(2026, 11, 20), False),  # Black Consciousness Day, national since 2024
        (date(2023, 11, 20), True),
        (date(2026, 2, 16), False),  # Monday of Carnival
        (date(2026, 2, 17), False),
        (date(2026, 2, 18), True),  # Ash Wednesday: banks open at noon
        (date(2026, 6, 4), False),  # Corpus Christi
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 7, 9), True),  # a holiday of São Paulo only
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 31), True),
    ],
)
def test_banks_work_or_do_not(day, works):
    assert workdays.is_workday(day) is works


def test_a_day_can_be_closed_besides():
    assert not workdays.is_workday(date(2026, 7, 9), closed={date(2026, 7, 9)})
    assert workdays.on_or_after(date(2026, 7, 9), closed={date(2026, 7, 9)}) == date(2026, 7, 10)


@pytest.mark.parametrize(
    ("day", "next_one"),
    [
        (FRIDAY, FRIDAY),
        (date(2026, 11, 28), date(2026, 11, 30)),
        (date(2026, 2, 14), date(2026, 2, 18)),  # the Saturday before Carnival
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2027, 1, 1), date(2027, 1, 4)),
    ],
)
def test_the_next_working_day_may_be_today(day, next_one):
    assert workdays.on_or_after(day) == next_one


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (FRIDAY, 0, FRIDAY),
        (FRIDAY, 1, date(2026, 11, 30)),
        (FRIDAY, 5, date(2026, 12, 4)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 0, date(2026, 11, 28)),
        (date(2026, 12, 23), 3, date(2026, 12, 29)),
    ],
)
def test_so_many_working_days_later(day, count, expected):
    assert workdays.after(day, days=count) == expected


def test_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="cannot count -1"):
        workdays.after(FRIDAY, days=-1)


@given(day=days, count=st.integers(0, 30))
def test_counting_forth_and_measuring_agree(day, count):
    later = workdays.after(day, days=count)

    assert workdays.between(day, later) == count
    assert count == 0 or workdays.is_workday(later)
    assert workdays.between(later, day) == 0


@given(day=days)
def test_no_more_than_five_days_in_a_row_are_closed(day):
    assert workdays.on_or_after(day) - day <= timedelta(days=5)
