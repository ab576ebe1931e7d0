"""Shares add up, to the centavo, however often and whatever is split."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import splitting


@pytest.mark.parametrize(
    ("cents", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (1, [1, 1, 1], [1, 0, 0]),
        (0, [1, 2], [0, 0]),
        (0, [], []),
        (0, [0, 0], [0, 0]),
        (100, [0, 1], [0, 100]),
        (100, [1, 2], [33, 67]),
        (5, [50, 30, 20], [3, 1, 1]),  # remainders 0.5, 0.5, 0: the earlier first
        (-100, [1, 1, 1], [-34, -33, -33]),
        (10**15, [10**12, 1], [999999999999000, 1000]),
    ],
)
def test_what_rounding_leaves_goes_to_the_largest_remainders(cents, weights, shares):
    assert splitting.split(cents, weights=weights) == shares


@pytest.mark.parametrize(("cents", "weights"), [(1, []), (1, [0, 0]), (-1, [0]), (5, [2, -1])])
def test_what_cannot_be_split_is_refused(cents, weights):
    with pytest.raises(ValueError, match=r"nothing to split|a weight is negative"):
        splitting.split(cents, weights=weights)


def test_equal_shares_differ_by_a_centavo_at_most():
    assert splitting.equally(1_000, parts=3) == [334, 333, 333]
    with pytest.raises(ValueError, match="cannot split into 0 parts"):
        splitting.equally(1_000, parts=0)


amounts = st.integers(-(10**15), 10**15)
weights_of_debts = st.lists(st.integers(0, 10**12), min_size=1, max_size=40).filter(any)


@given(cents=amounts, weights=weights_of_debts)
def test_shares_add_up_and_are_exact_parts_rounded(cents, weights):
    shares = splitting.split(cents, weights=weights)

    assert sum(shares) == cents
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(cents * weight, sum(weights))) < 1
        assert weight or not share


@given(cents=st.integers(0, 10**15), parts=st.integers(1, 400))
def test_equal_shares_are_sorted_and_add_up(cents, parts):
    shares = splitting.equally(cents, parts=parts)

    assert sum(shares) == cents
    assert shares == sorted(shares, reverse=True)
    assert shares[0] - shares[-1] <= 1


@pytest.mark.parametrize("splits", [20_000, pytest.param(1_000_000, marks=pytest.mark.full)])
def test_so_many_random_splits_are_exact(splits):
    draw = random.Random(20_261_121)
    for _ in range(splits):
        weights = [draw.randrange(10**9) for _ in range(draw.randrange(1, 13))]
        weights[draw.randrange(len(weights))] += 1
        cents = draw.randrange(10**12)

        shares = splitting.split(cents, weights=weights)

        assert sum(shares) == cents
        assert min(shares) >= 0
