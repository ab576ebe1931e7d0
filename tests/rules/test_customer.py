"""What kind of customer somebody is, by his own history."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning.rules.customer import Payer, Punctuality, is_first_purchase, payer, punctuality

JAN = date(2026, 1, 10)
THREE = [(JAN, 100), (JAN + timedelta(days=30), 100), (JAN + timedelta(days=60), 100)]
LATER = JAN + timedelta(days=200)


@pytest.mark.parametrize(
    ("paid", "in_time"),
    [
        ([], 0),
        ([(JAN, 100)], 1),
        ([(JAN + timedelta(days=3), 100)], 1),
        ([(JAN + timedelta(days=4), 100)], 0),
        ([(JAN, 99)], 0),
        ([(JAN, 300)], 3),
        ([(JAN + timedelta(days=5), 100), (JAN + timedelta(days=30), 100)], 1),
    ],
)
def test_money_meets_the_oldest_installment_and_may_take_three_days_to_be_booked(paid, in_time):
    assert punctuality(due=THREE, paid=paid, on=LATER) == Punctuality(in_time, 3)


def test_what_has_not_fallen_due_says_nothing():
    on = JAN + timedelta(days=30 + 3)

    assert punctuality(due=THREE, paid=[], on=on) == Punctuality(0, 1)
    assert punctuality(due=THREE, paid=[], on=on + timedelta(days=1)) == Punctuality(0, 2)


@given(
    st.lists(st.tuples(st.dates(JAN, LATER), st.integers(1, 10_000)), max_size=8),
    st.lists(st.tuples(st.dates(JAN, LATER), st.integers(1, 10_000)), max_size=8),
)
def test_more_money_never_makes_a_worse_payer(due, paid):
    on = LATER + timedelta(days=10)
    before = punctuality(due=due, paid=paid, on=on)
    after = punctuality(due=due, paid=[*paid, (JAN, 500)], on=on)

    assert 0 <= before.in_time <= after.in_time <= after.due == len(due)


@pytest.mark.parametrize(
    ("in_time", "due", "kept", "broken", "kind"),
    [
        (2, 2, 0, 0, Payer.UNKNOWN),
        (2, 2, 1, 0, Payer.GOOD),
        (4, 5, 0, 0, Payer.GOOD),
        (4, 5, 3, 1, Payer.MIXED),
        (3, 5, 0, 0, Payer.MIXED),
        (2, 5, 0, 0, Payer.BAD),
        (5, 5, 1, 2, Payer.BAD),
        (5, 5, 2, 2, Payer.MIXED),
        (0, 0, 0, 3, Payer.BAD),
    ],
)
def test_a_payer_is_judged_by_installments_and_promises_and_never_by_too_few(
    in_time, due, kept, broken, kind
):
    assert payer(Punctuality(in_time, due), kept=kept, broken=broken) == kind


@pytest.mark.parametrize(
    ("contracts", "since", "is_first"),
    [
        (1, None, True),
        (2, None, False),
        (1, JAN - timedelta(days=119), True),
        (1, JAN - timedelta(days=120), False),
        (0, None, True),
    ],
)
def test_the_only_contract_of_a_new_customer_is_his_first_purchase(contracts, since, is_first):
    assert is_first_purchase(contracts=contracts, customer_since=since, first_due_on=JAN) is is_first
