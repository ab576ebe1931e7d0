"""Payments of an agreement: exact days, exact sums, and when it is broken."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.lib import workdays
from debtors.rules import agreement_schedule
from debtors.rules.agreement_schedule import Payment, Progress, Standing, schedule

FIRST = date(2026, 11, 30)  # Monday


@pytest.mark.parametrize(
    ("total", "payments", "first_cents", "amounts"),
    [
        (10_000, 1, 0, [10_000]),
        (10_000, 3, 0, [3_334, 3_333, 3_333]),
        (10_000, 3, 3_334, [3_334, 3_333, 3_333]),
        (10_000, 3, 4_000, [4_000, 3_000, 3_000]),
        (10_000, 3, 9_998, [9_998, 1, 1]),
        (10_001, 2, 0, [5_001, 5_000]),
        (3, 3, 0, [1, 1, 1]),
        (10_000, 1, 10_000, [10_000]),
    ],
)
def test_payments_add_up_and_the_first_may_be_larger(total, payments, first_cents, amounts):
    planned = schedule(total, payments=payments, first_on=FIRST, first_cents=first_cents)

    assert [payment.amount_cents for payment in planned] == amounts
    assert [payment.number for payment in planned] == list(range(1, payments + 1))


@pytest.mark.parametrize(
    ("total", "payments", "first_cents"), [(10_000, 0, 0), (2, 3, 0), (0, 1, 0), (100, 3, 99), (100, 1, 101)]
)
def test_a_plan_that_cannot_be_is_refused(total, payments, first_cents):
    with pytest.raises(ValueError, match="cannot pay"):
        schedule(total, payments=payments, first_on=FIRST, first_cents=first_cents)


@pytest.mark.parametrize(
    ("first_on", "due_dates"),
    [
        (FIRST, [date(2026, 11, 30), date(2026, 12, 30), date(2027, 2, 1), date(2027, 3, 1)]),
        (date(2027, 1, 31), [date(2027, 2, 1), date(2027, 3, 1), date(2027, 3, 31), date(2027, 4, 30)]),
        (date(2026, 11, 28), [date(2026, 11, 30), date(2026, 12, 28), date(2027, 1, 28), date(2027, 3, 1)]),
    ],
)
def test_payments_fall_due_on_the_same_day_of_each_month_or_the_next_working_day(first_on, due_dates):
    assert [payment.due_on for payment in schedule(400, payments=4, first_on=first_on)] == due_dates


def test_a_local_holiday_moves_a_payment():
    assert schedule(1, payments=1, first_on=FIRST, closed={FIRST})[0].due_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 31), 2, date(2027, 3, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 12, 15), 0, date(2026, 12, 15)),
        (date(2026, 12, 15), 25, date(2029, 1, 15)),
    ],
)
def test_a_shorter_month_ends_earlier(day, months, later):
    assert agreement_schedule.months_later(day, months) == later


PLAN = (Payment(1, FIRST, 5_000), Payment(2, date(2026, 12, 30), 3_000), Payment(3, date(2027, 2, 1), 2_000))


@pytest.mark.parametrize(
    ("paid", "on", "expected"),
    [
        (0, FIRST, Progress(Standing.ACTIVE, 10_000, 0, PLAN[0])),
        (0, FIRST + timedelta(days=1), Progress(Standing.ACTIVE, 10_000, 5_000, PLAN[0])),
        (0, FIRST + timedelta(days=5), Progress(Standing.ACTIVE, 10_000, 5_000, PLAN[0])),
        (0, FIRST + timedelta(days=6), Progress(Standing.BROKEN, 10_000, 5_000, PLAN[0], PLAN[0])),
        (4_999, FIRST + timedelta(days=6), Progress(Standing.BROKEN, 5_001, 1, PLAN[0], PLAN[0])),
        (5_000, FIRST + timedelta(days=6), Progress(Standing.ACTIVE, 5_000, 0, PLAN[1])),
        (7_000, date(2026, 12, 31), Progress(Standing.ACTIVE, 3_000, 1_000, PLAN[1])),
        (9_999, date(2027, 2, 7), Progress(Standing.BROKEN, 1, 1, PLAN[2], PLAN[2])),
        (10_000, date(2027, 2, 7), Progress(Standing.FULFILLED, 0, 0, None)),
        (12_000, date(2026, 11, 1), Progress(Standing.FULFILLED, 0, 0, None)),
        (10_000, date(2030, 1, 1), Progress(Standing.FULFILLED, 0, 0, None)),
    ],
)
def test_an_agreement_is_broken_when_a_payment_is_not_whole_after_its_grace(paid, on, expected):
    assert agreement_schedule.progress(PLAN, paid_cents=paid, on=on) == expected


def test_grace_never_ends_before_the_next_working_day():
    saturday = (Payment(1, date(2026, 11, 28), 100),)

    def standing(on: date) -> Standing:
        return agreement_schedule.progress(saturday, paid_cents=0, on=on, grace_days=0).standing

    assert standing(date(2026, 11, 30)) == Standing.ACTIVE
    assert standing(date(2026, 12, 1)) == Standing.BROKEN
    closed = {date(2026, 11, 30)}
    late = agreement_schedule.progress(
        saturday, paid_cents=0, on=date(2026, 12, 1), grace_days=0, closed=closed
    )
    assert late.standing == Standing.ACTIVE


@given(
    total=st.integers(1, 10**9),
    payments=st.integers(1, 60),
    first_on=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    data=st.data(),
)
def test_every_plan_adds_up_to_the_centavo_on_working_days_in_order(total, payments, first_on, data):
    total += payments
    first = data.draw(st.integers(0, total - (payments - 1)))

    planned = schedule(total, payments=payments, first_on=first_on, first_cents=first)

    amounts = [payment.amount_cents for payment in planned]
    due_dates = [payment.due_on for payment in planned]
    assert sum(amounts) == total
    assert len(planned) == payments
    assert min(amounts) >= 1
    assert amounts[0] >= first
    assert max(amounts[1:], default=0) - min(amounts[1:], default=0) <= 1
    assert due_dates == sorted(set(due_dates))
    assert all(workdays.is_workday(due_on) for due_on in due_dates)


@given(
    paid=st.integers(0, 12_000), on=st.dates(date(2026, 11, 1), date(2027, 3, 31)), more=st.integers(0, 3_000)
)
def test_more_money_never_breaks_an_agreement(paid, on, more):
    before = agreement_schedule.progress(PLAN, paid_cents=paid, on=on)
    after = agreement_schedule.progress(PLAN, paid_cents=paid + more, on=on)

    assert after.left_cents <= before.left_cents
    assert after.overdue_cents <= before.overdue_cents
    assert not (after.standing is Standing.BROKEN and before.standing is not Standing.BROKEN)
