"""Money in centavos: reading, rounding, writing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.lib import money


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,56", 123_456),
        ("1234,56", 123_456),
        ("1234,5", 123_450),
        ("1234.56", 123_456),
        ("1234.5", 123_450),
        ("1234", 123_400),
        ("R$ 1.234,56", 123_456),
        ("R$\N{NO-BREAK SPACE}1.234,56", 123_456),
        (" R$1234.56 ", 123_456),
        ("1.234.567", 123_456_700),
        ("1.234.567,8", 123_456_780),
        ("0,01", 1),
        ("0.01", 1),
        ("0", 0),
        ("-10", -1_000),
        ("-R$ 10,50", -1_050),
        ("R$ -10,50", -1_050),
        ("10000000000000", money.MAX_CENTS),
    ],
)
def test_an_amount_is_read_as_brazilians_and_programs_write_it(text, cents):
    assert money.parse(text) == cents


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,234.567", "ambiguous"),
        ("1,234.56", "ambiguous"),
        ("1,234", "ambiguous"),
        ("1.234", "ambiguous"),
        ("999.999", "ambiguous"),
        ("0.500", "not_an_amount"),
        ("1234,567", "not_an_amount"),
        ("1234.567", "not_an_amount"),
        ("12.34,56", "not_an_amount"),
        ("1.2345,00", "not_an_amount"),
        (",50", "not_an_amount"),
        ("", "not_an_amount"),
        ("R$", "not_an_amount"),
        ("--5", "not_an_amount"),
        ("-R$ -5", "not_an_amount"),
        ("1e5", "not_an_amount"),
        ("NaN", "not_an_amount"),
        ("dez reais", "not_an_amount"),
        ("١٢", "not_an_amount"),
        ("10000000000000,01", "too_large"),
        ("9" * 5000, "too_large"),
    ],
)
def test_what_may_be_misread_is_refused(text, code):
    with pytest.raises(money.AmountError) as refused:
        money.parse(text)
    assert refused.value.code == code


def test_a_person_who_types_a_lone_group_means_thousands():
    assert money.parse("1.500", dot_groups_thousands=True) == 150_000
    assert money.parse("1500", dot_groups_thousands=True) == 150_000
    with pytest.raises(money.AmountError):
        money.parse("1,500.00", dot_groups_thousands=True)


@pytest.mark.parametrize(
    ("cents", "rate", "expected"),
    [
        (10_000, "0.02", 200),
        (10_025, "0.02", 201),  # 200.5 rounds up
        (10_024, "0.02", 200),  # 200.48
        (-10_025, "0.02", -201),
        (1, "0.5", 1),
        (1, "0.49", 0),
        (0, "0.02", 0),
        (10**15, "0.333333333333333333", 333_333_333_333_333),
    ],
)
def test_half_a_centavo_rounds_away_from_zero(cents, rate, expected):
    assert money.percent_of(cents, Decimal(rate)) == expected


@pytest.mark.parametrize(
    ("cents", "text"),
    [(123_456, "R$ 1.234,56"), (5, "R$ 0,05"), (-123_456_789, "-R$ 1.234.567,89"), (0, "R$ 0,00")],
)
def test_an_amount_is_written_the_brazilian_way(cents, text):
    assert money.format_brl(cents) == text


@given(st.integers(-money.MAX_CENTS, money.MAX_CENTS))
def test_what_is_written_is_read_back(cents):
    assert money.parse(money.format_brl(cents)) == cents
    assert money.parse(money.format_plain(cents)) == cents
