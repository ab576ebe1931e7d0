"""When a promise is kept or broken, and which debts a payment meets."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import allocation, promises
from debtors.rules.payoff import Balance

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("paid_cents", "days_after", "expected"),
    [
        (5_000, -3, "kept"),
        (4_999, -3, "open"),
        (0, 0, "open"),
        (0, 1, "open"),
        (0, 2, "broken"),
        (1, 2, "partly_kept"),
        (5_000, 2, "kept"),
    ],
)
def test_a_promise_is_judged_by_the_money_and_one_day_of_grace(paid_cents, days_after, expected):
    verdict = promises.verdict(
        amount_cents=5_000,
        paid_cents=paid_cents,
        promised_on=FRIDAY,
        today=FRIDAY + timedelta(days=days_after),
    )

    assert verdict == expected


@pytest.mark.parametrize(
    ("amount_cents", "days_ahead", "reason"),
    [
        (5_000, 0, ""),
        (5_000, 60, ""),
        (5_000, 61, "too_far"),
        (5_000, -1, "past"),
        (0, 1, "nothing"),
        (10_001, 1, "too_much"),
    ],
)
def test_a_promise_is_for_a_day_within_sixty_and_for_no_more_than_is_owed(amount_cents, days_ahead, reason):
    refusal = promises.refusal(
        amount_cents=amount_cents,
        promised_on=FRIDAY + timedelta(days=days_ahead),
        owed_cents=10_000,
        today=FRIDAY,
    )

    assert refusal == reason


def test_what_is_due_goes_before_what_is_still_to_fall_due():
    old = Balance(principal_cents=9_000, late_principal_cents=3_000, oldest_open_due_on=date(2026, 1, 1))
    new = Balance(principal_cents=2_000, late_principal_cents=2_000, oldest_open_due_on=date(2026, 2, 1))

    assert allocation.allocate(amount_cents=4_000, balances={1: old, 2: new}) == {1: 3_000, 2: 1_000}
    assert allocation.allocate(amount_cents=6_000, balances={1: old, 2: new}) == {1: 4_000, 2: 2_000}


balances = st.dictionaries(
    st.integers(1, 9),
    st.integers(0, 10_000).flatmap(
        lambda principal: st.builds(
            Balance,
            principal_cents=st.just(principal),
            late_principal_cents=st.integers(0, principal),
            interest_cents=st.integers(0, 500),
            oldest_open_due_on=st.dates(),
        )
    ),
    max_size=5,
)


@given(amount_cents=st.integers(1, 60_000), balances=balances)
def test_no_debt_gets_more_than_it_owes_and_nothing_is_left_while_something_is_owed(amount_cents, balances):
    shares = allocation.allocate(amount_cents=amount_cents, balances=balances)

    owed = sum(balance.total_cents for balance in balances.values())
    assert sum(shares.values()) == min(amount_cents, owed)
    assert all(0 < share <= balances[debt].total_cents for debt, share in shares.items())
