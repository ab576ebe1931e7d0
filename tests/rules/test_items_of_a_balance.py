"""A balance item by item: correction, interest by contract or law, fee, costs, discounts, and its order."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import payoff
from debtors.rules.accrual import DueAmount
from debtors.rules.charges import FeeBase, Rounding
from debtors.rules.payoff import Credit
from debtors.rules.terms import ChargeTerms, InterestKind, SettlingOrder

DUE = date(2026, 1, 15)
MARCH = date(2026, 3, 16)  # 60 days late
INDEX = {(2025, 12): Decimal("0.005"), (2026, 1): Decimal("0.01"), (2026, 2): Decimal("0.02")}
USUAL = ChargeTerms(late_fee_rate=Decimal("0.02"), monthly_interest_rate=Decimal("0.01"))
CORRECTED = replace(USUAL, index=INDEX)
LAW = replace(USUAL, late_fee_rate=Decimal(0), interest_kind=InterestKind.LEGAL)


def owed(*credits, on=MARCH, terms=USUAL, costs=(), cents=10_000):
    return payoff.owed(installments=[DueAmount(DUE, cents)], credits=credits, terms=terms, on=on, costs=costs)


def test_prices_from_the_due_month_to_the_one_before_payment_correct_the_principal():
    balance = owed(terms=CORRECTED)

    assert balance.correction_cents == 302  # 1.01 × 1.02
    assert balance.interest_cents == 206  # two months of 1 % on R$ 103.02
    assert balance.late_fee_cents == 200
    assert balance.total_cents == 10_000 + 302 + 206 + 200
    assert balance.is_exact


def test_an_index_that_lags_takes_every_month_one_earlier():
    assert owed(terms=replace(CORRECTED, index_lag_months=2)).correction_cents == 151  # 1.005 × 1.01


def test_nothing_is_corrected_before_the_debt_is_late():
    assert owed(terms=CORRECTED, on=DUE).total_cents == 10_000


def test_falling_prices_never_take_from_the_principal():
    falling = replace(CORRECTED, index={(2026, 1): Decimal("-0.03"), (2026, 2): Decimal("0.01")})

    assert owed(terms=falling).correction_cents == 0


@pytest.mark.parametrize(
    ("base", "fee_cents"),
    [(FeeBase.INSTALLMENT, 200), (FeeBase.CORRECTED, 206), (FeeBase.WITH_INTEREST, 210)],
)
def test_the_fee_is_a_share_of_what_the_creditor_says(base, fee_cents):
    assert owed(terms=replace(CORRECTED, fee_base=base)).late_fee_cents == fee_cents


def test_a_month_nobody_knows_is_named_and_nothing_is_guessed_for_it():
    balance = owed(terms=replace(CORRECTED, index={(2026, 1): Decimal("0.01")}))

    assert balance.missing_months == ((2026, 2),)
    assert not balance.is_exact
    assert balance.correction_cents == 0


def test_a_payment_settles_fee_interest_correction_and_then_principal():
    paid = Credit(MARCH, 200 + 206 + 302 + 4_000)

    balance = owed(paid, terms=CORRECTED)

    assert balance.principal_cents == balance.total_cents == 6_000
    assert balance.realised_correction_cents == 302
    assert (balance.realised_late_fee_cents, balance.realised_interest_cents) == (200, 206)


@pytest.mark.parametrize(
    ("order", "fee_cents", "interest_cents"),
    [(SettlingOrder.FEE_FIRST, 0, 100), (SettlingOrder.INTEREST_FIRST, 100, 0)],
)
def test_the_creditor_says_which_addition_is_settled_first(order, fee_cents, interest_cents):
    balance = owed(Credit(MARCH, 300), terms=replace(USUAL, order=order))

    assert (balance.late_fee_cents, balance.interest_cents) == (fee_cents, interest_cents)
    assert balance.principal_cents == 10_000


def test_costs_come_before_all_else_and_only_once_they_arose():
    cost = DueAmount(date(2026, 3, 1), 1_500)

    before = owed(Credit(date(2026, 2, 20), 1_000), costs=[cost])
    after = owed(Credit(MARCH, 1_000), costs=[cost])

    assert (before.costs_cents, before.realised_costs_cents) == (1_500, 0)
    assert (after.costs_cents, after.realised_costs_cents, after.late_fee_cents) == (500, 1_000, 200)
    assert owed(costs=[cost], on=date(2026, 2, 20)).costs_cents == 0


def test_a_discount_is_told_apart_from_what_was_paid():
    balance = owed(Credit(MARCH, 4_000), Credit(MARCH, 6_400, is_discount=True))

    assert (balance.paid_cents, balance.discount_cents, balance.total_cents) == (4_000, 6_400, 0)


def test_the_legal_rate_counts_each_month_by_its_own_rate():
    rates = {(2026, month): Decimal("0.008") for month in (1, 2, 3)}
    law = replace(LAW, legal_rates=rates)

    assert owed(terms=law).interest_cents == 163  # 16/31 + 1 + 16/31 months of 0.8 %
    assert owed(terms=replace(LAW, legal_rates={})).missing_months == ((2026, 1), (2026, 2), (2026, 3))


def test_a_payment_in_between_leaves_the_rest_to_be_corrected_from_then_on():
    february = date(2026, 2, 10)
    first = owed(terms=CORRECTED, on=february)
    paid = Credit(february, first.additions_cents + 5_050)

    balance = owed(paid, terms=CORRECTED)

    assert balance.principal_cents == 4_950
    assert balance.correction_cents == 99  # 2 % of February on what was left


amounts = st.integers(1, 3_000_000)
days = st.dates(date(2026, 1, 1), date(2026, 6, 30))
YEAR = {(2026, month): Decimal(month - 3) / 500 for month in range(1, 13)}
all_terms = st.builds(
    ChargeTerms,
    late_fee_rate=st.sampled_from([Decimal(0), Decimal("0.02")]),
    monthly_interest_rate=st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("0.033")]),
    rounding=st.sampled_from(Rounding),
    fee_base=st.sampled_from(FeeBase),
    index=st.sampled_from([None, YEAR]),
    order=st.sampled_from(SettlingOrder),
    grace_days=st.integers(0, 5),
)


@given(
    dues=st.lists(st.builds(DueAmount, days, amounts), min_size=1, max_size=4),
    costs=st.lists(st.builds(DueAmount, days, st.integers(1, 20_000)), max_size=2),
    credits=st.lists(st.builds(Credit, days, amounts, st.booleans()), max_size=5),
    terms=all_terms,
)
def test_every_centavo_of_a_credit_is_in_an_item_or_in_excess_and_nothing_is_negative(
    dues, costs, credits, terms
):
    balance = payoff.owed(installments=dues, credits=credits, terms=terms, on=date(2026, 7, 1), costs=costs)

    principal = sum(due.amount_cents for due in dues)
    settled = (
        principal - balance.principal_cents + balance.realised_costs_cents + balance.realised_interest_cents
        + balance.realised_late_fee_cents + balance.realised_correction_cents
    )  # fmt: skip
    assert settled == balance.paid_cents + balance.discount_cents
    assert settled + balance.excess_cents == sum(credit.amount_cents for credit in credits)
    assert min(
        balance.principal_cents, balance.correction_cents, balance.interest_cents,
        balance.late_fee_cents, balance.costs_cents, balance.excess_cents,
    ) >= 0  # fmt: skip
    whole = payoff.settled(installments=dues, credits=credits, terms=terms, costs=costs)
    assert whole.excess_cents == balance.excess_cents
    assert whole.realised_correction_cents == balance.realised_correction_cents
