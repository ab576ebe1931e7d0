"""Monetary correction and the legal rate, from imported tables."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import charges, indexation
from debtors.rules.charges import Rounding
from debtors.rules.indexation import MissingMonthsError, RateError

VECTORS = json.loads((Path(__file__).parents[1] / "data/interest.json").read_text())
IPCA = VECTORS["ipca_2003"]
ROWS = [(f"{month:02d}/2003", percent) for month, percent in enumerate(IPCA["percent"], start=1)]
RATES, _ = indexation.read_rates(ROWS)


def test_a_table_is_read_month_by_month():
    rates, errors = indexation.read_rates([("01/2003", "2,25"), ("2003-06", " -0.15 "), ("7/2003", "+0,2")])

    assert rates == {(2003, 1): Decimal("0.0225"), (2003, 6): Decimal("-0.0015"), (2003, 7): Decimal("0.002")}
    assert errors == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("13/2003", "1"), "not_a_month"),
        (("00/2003", "1"), "not_a_month"),
        (("01/03", "1"), "not_a_month"),
        (("", "1"), "not_a_month"),
        (("02/2003", ""), "not_a_rate"),
        (("02/2003", "1.000,5"), "not_a_rate"),
        (("02/2003", "1 %"), "not_a_rate"),
        (("02/2003", "225"), "wild_rate"),
        (("02/2003", "-91"), "wild_rate"),
        (("2003-01", "1"), "twice"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row, code):
    rates, errors = indexation.read_rates([("01/2003", "2,25"), row])

    found = row[0] if code in {"not_a_month", "twice"} else row[1]
    assert errors == [RateError(2, code, found)]
    assert rates == {(2003, 1): Decimal("0.0225")}


def test_factors_are_those_of_the_central_banks_calculator():
    january = indexation.factor(RATES, first=(2003, 1), last=(2003, 1))
    year = indexation.factor(RATES, first=(2003, 1), last=(2003, 12))

    assert january == Decimal(IPCA["january"])
    assert indexation.as_calculator(year) == Decimal(IPCA["year"])
    assert year > Decimal(IPCA["year"])


def test_a_year_ends_in_december():
    rates = {(2003, 12): Decimal("0.1"), (2004, 1): Decimal("0.2")}

    assert indexation.factor(rates, first=(2003, 12), last=(2004, 1)) == Decimal("1.32")


def test_a_factor_is_cut_after_seven_places():
    assert indexation.as_calculator(Decimal("1.23456789")) == Decimal("1.2345678")
    assert indexation.as_calculator(Decimal(10) ** 25) == Decimal(10) ** 25


def test_no_month_corrects_nothing():
    assert indexation.factor(RATES, first=(2003, 2), last=(2003, 1)) == 1


def test_a_month_without_a_rate_is_named_and_never_guessed():
    with pytest.raises(MissingMonthsError, match="12/2002, 01/2004") as refused:
        indexation.factor(RATES, first=(2002, 12), last=(2004, 1))

    assert refused.value.months == ((2002, 12), (2004, 1))


@pytest.mark.parametrize(
    ("due_on", "on", "months"),
    [
        (date(2026, 1, 15), date(2026, 3, 10), ((2026, 1), (2026, 2))),
        (date(2026, 1, 31), date(2026, 2, 1), ((2026, 1), (2026, 1))),
        (date(2026, 1, 15), date(2026, 1, 31), ((2026, 1), (2025, 12))),
        (date(2025, 12, 1), date(2026, 1, 1), ((2025, 12), (2025, 12))),
    ],
)
def test_prices_count_from_the_due_month_to_the_month_before_payment(due_on, on, months):
    assert indexation.months_of_delay(due_on=due_on, on=on) == months


@pytest.mark.parametrize("case", VECTORS["corrected"], ids=lambda case: case["id"])
def test_a_published_correction_is_counted_to_the_centavo(case):
    corrected = indexation.corrected_cents(case["principal_cents"], by=Decimal(case["factor"]))
    interest = charges.interest(
        principal_cents=corrected, monthly_rate=Decimal(case["monthly_rate"]), days=30 * case["months"]
    )

    assert (corrected, charges.rounded(interest)) == (case["corrected_cents"], case["interest_cents"])


@pytest.mark.parametrize(
    ("factor", "rounding", "cents"),
    [
        ("1", Rounding.HALF_UP, 1_005),
        ("1.0005", Rounding.HALF_UP, 1_006),
        ("1.0005", Rounding.DOWN, 1_005),
        ("0.99", Rounding.HALF_UP, 1_005),
        ("0", Rounding.HALF_UP, 1_005),
    ],
)
def test_falling_prices_never_eat_into_the_debt_itself(factor, rounding, cents):
    assert indexation.corrected_cents(1_005, by=Decimal(factor), rounding=rounding) == cents


@pytest.mark.parametrize(
    ("selic", "ipca15", "rate"),
    [
        ("1.00867361", "1.0019", "0.00676076"),
        ("1.005", "1.005", "0"),
        ("1.005", "1.02", "0"),
        ("1.01", "0.9993", "0.0107075"),
        ("1.000000005", "1", "0"),  # half to even
        ("1.000000015", "1", "0.00000002"),
    ],
)
def test_the_legal_rate_is_selic_over_prices_and_never_negative(selic, ipca15, rate):
    assert indexation.legal_rate(selic_factor=Decimal(selic), ipca15_factor=Decimal(ipca15)) == Decimal(rate)


LEGAL = {(2024, 8): Decimal("0.01"), (2024, 9): Decimal("0.006"), (2024, 10): Decimal("0.0062")}


@pytest.mark.parametrize(
    ("due_on", "on", "share"),
    [
        (date(2024, 8, 31), date(2024, 9, 30), "0.006"),
        (date(2024, 8, 31), date(2024, 9, 15), "0.003"),
        (date(2024, 9, 15), date(2024, 10, 31), "0.0092"),
        (date(2024, 9, 30), date(2024, 10, 1), "0.0002"),
        (date(2024, 9, 30), date(2024, 9, 30), "0"),
        (date(2024, 9, 30), date(2024, 9, 1), "0"),
        (date(2024, 8, 29), date(2024, 8, 29), "0"),
    ],
)
def test_legal_interest_is_simple_and_by_days_of_each_month(due_on, on, share):
    interest = indexation.legal_interest(cents=100_000, rates=LEGAL, due_on=due_on, on=on)

    assert interest.quantize(Decimal("0.0000001")) == 100_000 * Decimal(share)


def test_legal_interest_names_the_months_it_lacks():
    with pytest.raises(MissingMonthsError, match="11/2024"):
        indexation.legal_interest(cents=1, rates=LEGAL, due_on=date(2024, 10, 1), on=date(2024, 11, 1))


def test_before_the_law_another_rate_governs():
    with pytest.raises(MissingMonthsError) as refused:
        indexation.legal_interest(cents=1, rates=LEGAL, due_on=date(2024, 7, 15), on=date(2024, 10, 1))

    assert refused.value.months == ((2024, 7), (2024, 8))
    assert str(refused.value) == "no rate for 07/2024, 08/2024"
    with pytest.raises(MissingMonthsError):
        indexation.legal_interest(cents=1, rates=LEGAL, due_on=date(2024, 8, 28), on=date(2024, 8, 31))
    assert indexation.legal_interest(cents=31, rates=LEGAL, due_on=date(2024, 8, 29), on=date(2024, 8, 31))


months = st.tuples(st.integers(2003, 2003), st.integers(1, 12))


@given(first=months, middle=months, last=months)
def test_two_stretches_of_months_make_the_whole(first, middle, last):
    first, middle, last = sorted([first, middle, last])
    after = (middle[0], middle[1] + 1)

    whole = indexation.factor(RATES, first=first, last=last)
    parts = indexation.factor(RATES, first=first, last=middle) * indexation.factor(
        RATES, first=after, last=last
    )
    assert abs(whole - parts) < Decimal("1e-20")


@given(
    due_on=st.dates(date(2024, 8, 29), date(2024, 10, 31)),
    first=st.integers(0, 90),
    cents=st.integers(0, 10**9),
)
def test_interest_of_two_stretches_makes_the_whole(due_on, first, cents):
    middle = min(due_on + timedelta(days=first), date(2024, 10, 31))
    last = date(2024, 10, 31)

    def interest(since: date, until: date) -> Decimal:
        return indexation.legal_interest(cents=cents, rates=LEGAL, due_on=since, on=until)

    assert abs(interest(due_on, last) - interest(due_on, middle) - interest(middle, last)) < Decimal("1e-9")
