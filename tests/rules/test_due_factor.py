"""Due dates as four digits, before and after they began again."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import due_factor
from debtors.rules.due_factor import FactorError

VECTORS = json.loads((Path(__file__).parents[1] / "data/boleto.json").read_text())
OUTSIDE = [case for case in VECTORS["date_of_factor"] if case["due_on"] is None]
INSIDE = [case for case in VECTORS["date_of_factor"] if case["due_on"]]


@pytest.mark.parametrize("case", VECTORS["factor_of_date"], ids=lambda case: case["date"])
def test_a_due_date_has_one_factor(case):
    assert due_factor.factor_of(date.fromisoformat(case["date"])) == case["factor"]


@pytest.mark.parametrize("case", INSIDE, ids=lambda case: f"{case['factor']} on {case['on']}")
def test_a_factor_is_a_due_date_for_whoever_reads_it(case):
    due_on = due_factor.due_date(case["factor"], on=date.fromisoformat(case["on"]))

    assert due_on == date.fromisoformat(case["due_on"])


@pytest.mark.parametrize("case", OUTSIDE, ids=lambda case: f"{case['factor']} on {case['on']}")
def test_a_factor_far_from_the_day_is_refused(case):
    assert _refusal(case["factor"], on=date.fromisoformat(case["on"])) == "outside_window"


@pytest.mark.parametrize(
    ("factor", "on", "due_on"),
    [
        (6_001, date(2014, 3, 13), date(2014, 3, 13)),
        (3_001, date(2014, 3, 13), date(2005, 12, 25)),  # exactly 3,000 days before
        (2_501, date(2014, 3, 13), date(2029, 4, 3)),  # exactly 5,500 days after
        (1_001, date(2000, 7, 4), date(2000, 7, 4)),
        (1_001, date(2025, 2, 23), date(2025, 2, 23)),
        (9_999, date(2049, 10, 13), date(2049, 10, 13)),
        (1_000, date(2049, 10, 13), date(2049, 10, 14)),
        (500, date(1999, 1, 1), date(1999, 2, 19)),
        (0, date(2026, 11, 21), None),
    ],
)
def test_the_window_reaches_back_3000_days_and_ahead_5500(factor, on, due_on):
    assert due_factor.due_date(factor, on=on) == due_on


@pytest.mark.parametrize(
    ("factor", "on"),
    [(3_000, date(2014, 3, 13)), (2_502, date(2014, 3, 13)), (500, date(2026, 11, 21))],
)
def test_one_day_beyond_the_window_is_refused(factor, on):
    assert _refusal(factor, on=on) == "outside_window"


def test_there_is_no_factor_before_the_base():
    with pytest.raises(FactorError) as refused:
        due_factor.factor_of(date(1997, 10, 6))

    assert refused.value.code == "before_base"
    assert str(refused.value) == "before_base: 1997-10-06"


@given(due_on=st.dates(date(2000, 7, 3), date(2070, 12, 31)), lead=st.integers(-5_500, 3_000))
def test_a_date_survives_its_factor_when_read_near_it(due_on, lead):
    factor = due_factor.factor_of(due_on)

    assert 1_000 <= factor <= 9_999
    assert due_factor.due_date(factor, on=due_on + timedelta(days=lead)) == due_on


def _refusal(factor: int, *, on: date) -> str:
    with pytest.raises(FactorError) as refused:
        due_factor.due_date(factor, on=on)
    return refused.value.code
