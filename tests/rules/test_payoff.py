"""What is owed on a day: additions for delay, and the order in which payments settle them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import payoff
from debtors.rules.accrual import DueAmount
from debtors.rules.charges import interest, late_fee_cents
from debtors.rules.payoff import Credit
from debtors.rules.terms import ChargeTerms

USUAL = ChargeTerms(late_fee_rate=Decimal("0.02"), monthly_interest_rate=Decimal("0.01"))
JANUARY = date(2026, 1, 1)
TWO_PERCENT = Decimal("0.02")


@pytest.mark.parametrize(
    ("installment_cents", "days_late", "fee_cents"),
    [
        (10_000, 1, 200),
        (10_000, 400, 200),
        (10_025, 1, 201),
        (10_024, 1, 200),
        (10_000, 0, 0),
        (10_000, -3, 0),
    ],
)
def test_the_fee_is_charged_once_from_the_first_day_late(installment_cents, days_late, fee_cents):
    assert (
        late_fee_cents(installment_cents=installment_cents, rate=TWO_PERCENT, days_late=days_late)
        == fee_cents
    )


@pytest.mark.parametrize("rate", [Decimal("0.0201"), Decimal("-0.01")])
def test_a_fee_beyond_the_consumer_code_is_refused(rate):
    with pytest.raises(ValueError, match="outside 0 to"):
        late_fee_cents(installment_cents=10_000, rate=rate, days_late=1)


def test_interest_counts_days_of_a_thirty_day_month():
    assert interest(principal_cents=10_000, monthly_rate=Decimal("0.01"), days=30) == 100
    assert interest(principal_cents=10_000, monthly_rate=Decimal("0.01"), days=0) == 0


@pytest.mark.parametrize(
    ("on", "interest_cents", "late_fee", "due_cents"),
    [
        (JANUARY - timedelta(days=1), 0, 0, 0),
        (JANUARY, 0, 0, 0),
        (JANUARY + timedelta(days=1), 3, 200, 10_203),
        (JANUARY + timedelta(days=5), 17, 200, 10_217),
        (JANUARY + timedelta(days=10), 33, 200, 10_233),
        (JANUARY + timedelta(days=30), 100, 200, 10_300),
    ],
)
def test_one_hundred_reais_grow_by_fee_and_interest_from_the_day_after_the_due_date(
    on, interest_cents, late_fee, due_cents
):
    balance = _owed(on=on)

    assert (balance.interest_cents, balance.late_fee_cents, balance.due_cents) == (
        interest_cents,
        late_fee,
        due_cents,
    )


def test_a_payment_settles_the_fee_then_the_interest_then_the_principal():
    after_ten_days = JANUARY + timedelta(days=10)

    balance = _owed(Credit(on=after_ten_days, amount_cents=5_000), on=after_ten_days)

    assert balance.late_fee_cents == 0
    assert balance.interest_cents == 0
    assert balance.principal_cents == 10_000 - (5_000 - 200 - 33)
    assert (balance.realised_late_fee_cents, balance.realised_interest_cents) == (200, 33)


def test_interest_after_a_part_payment_runs_on_what_is_still_open():
    paid = Credit(on=JANUARY + timedelta(days=30), amount_cents=5_300)

    balance = _owed(paid, on=JANUARY + timedelta(days=60))

    assert balance.principal_cents == 5_000
    assert balance.interest_cents == 50
    assert balance.late_fee_cents == 0


def test_a_payment_on_the_due_date_owes_nothing_more():
    balance = _owed(Credit(on=JANUARY, amount_cents=10_000), on=JANUARY + timedelta(days=90))

    assert balance.total_cents == 0
    assert balance.oldest_open_due_on is None
    assert balance.days_late == 0


def test_what_is_paid_beyond_the_debt_is_shown_and_never_negative():
    balance = _owed(Credit(on=JANUARY, amount_cents=12_000), on=JANUARY)

    assert balance.total_cents == 0
    assert balance.excess_cents == 2_000


def test_a_payment_dated_tomorrow_has_not_happened_today():
    tomorrow = JANUARY + timedelta(days=1)

    assert _owed(Credit(on=tomorrow, amount_cents=10_000), on=JANUARY).total_cents == 10_000


def test_the_oldest_installment_is_settled_first():
    two = [
        DueAmount(due_on=date(2026, 2, 1), amount_cents=5_000),
        DueAmount(due_on=JANUARY, amount_cents=5_000),
    ]

    balance = payoff.owed(
        installments=two, credits=[Credit(on=JANUARY, amount_cents=5_000)], terms=USUAL, on=date(2026, 1, 20)
    )

    assert balance.oldest_open_due_on == date(2026, 2, 1)
    assert balance.due_cents == 0
    assert balance.total_cents == 5_000


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
dues = st.lists(
    st.builds(DueAmount, due_on=days, amount_cents=st.integers(1, 5_000_000)), min_size=1, max_size=6
)
paid = st.lists(st.builds(Credit, on=days, amount_cents=st.integers(1, 5_000_000)), max_size=6)


@given(dues=dues, paid=paid, on=days)
def test_every_centavo_paid_is_accounted_for(dues, paid, on):
    balance = payoff.owed(installments=dues, credits=paid, terms=USUAL, on=on)

    charged = sum(due.amount_cents for due in dues)
    told = sum(credit.amount_cents for credit in paid if credit.on <= on)
    additions = balance.realised_interest_cents + balance.realised_late_fee_cents
    assert balance.paid_cents + balance.excess_cents == told
    assert balance.principal_cents == charged + additions - balance.paid_cents
    assert min(balance.principal_cents, balance.interest_cents, balance.late_fee_cents) >= 0


@given(dues=dues, paid=paid, on=days)
def test_paying_the_total_of_a_day_leaves_nothing_open(dues, paid, on):
    total = payoff.owed(installments=dues, credits=paid, terms=USUAL, on=on).total_cents
    settled = [*(credit for credit in paid if credit.on <= on)]
    if total:
        settled.append(Credit(on=on, amount_cents=total))

    assert payoff.owed(installments=dues, credits=settled, terms=USUAL, on=on).total_cents == 0


def _owed(*credits: Credit, on: date) -> payoff.Balance:
    return payoff.owed(
        installments=[DueAmount(due_on=JANUARY, amount_cents=10_000)], credits=credits, terms=USUAL, on=on
    )
