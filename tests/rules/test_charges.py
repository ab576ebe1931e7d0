"""Late fee and interest: every published example, both roundings, both months, weekends and grace."""

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import charges, payoff
from debtors.rules.accrual import DueAmount
from debtors.rules.charges import FeeBase, Rounding
from debtors.rules.payoff import Balance, Credit
from debtors.rules.terms import ChargeTerms

VECTORS = json.loads((Path(__file__).parents[1] / "data/interest.json").read_text())
WRONG_PAGES = {"kobana", "iguana_2", "iguana_3", "euqsabertudo"}
DUE = date(2026, 1, 5)
USUAL = ChargeTerms(late_fee_rate=Decimal("0.02"), monthly_interest_rate=Decimal("0.01"))


@pytest.mark.parametrize("case", VECTORS["examples"], ids=lambda case: case["id"])
def test_a_published_example_is_counted_to_the_centavo(case):
    balance = _owed(case["terms"])

    assert _told(balance) == case["expected"]
    assert (case["expected"]["total_cents"] == case["page_says_cents"]) is (case["id"] not in WRONG_PAGES)


@pytest.mark.parametrize("case", VECTORS["edges"], ids=lambda case: str(case["terms"]))
def test_an_edge_is_counted_to_the_centavo(case):
    assert _told(_owed(case["terms"])) == case["expected"]


@pytest.mark.parametrize("case", VECTORS["due_on_a_weekend"], ids=lambda case: case["source"])
def test_a_due_date_on_a_weekend_counts_as_the_law_or_the_bank_says(case):
    due_on, paid_on = (date.fromisoformat(case[name]) for name in ("due_on", "paid_on"))
    free_until = charges.free_until(due_on)
    if case.get("due_date_moves"):
        due_on = free_until

    assert charges.days_charged(due_on=due_on, paid_on=paid_on, free_until=free_until) == case["days_charged"]


@pytest.mark.parametrize("days", ["66", "67", "68"])
def test_half_a_percent_a_month_is_counted_by_days(days):
    interest = charges.interest(principal_cents=50_000, monthly_rate=Decimal("0.005"), days=int(days))

    assert charges.rounded(interest) == VECTORS["half_percent"]["interest_cents"][days]


@pytest.mark.parametrize(
    ("amount", "half_up", "down"),
    [("0", 0, 0), ("0.49", 0, 0), ("0.5", 1, 0), ("0.99", 1, 0), ("16.66", 17, 16), ("17", 17, 17)],
)
def test_a_fraction_of_a_centavo_rounds_or_falls_away(amount, half_up, down):
    assert charges.rounded(Decimal(amount)) == half_up
    assert charges.rounded(Decimal(amount), rounding=Rounding.DOWN) == down


@pytest.mark.parametrize(
    ("month_days", "cents"),
    [(charges.MONTH_OF_30, 121_667), (charges.YEAR_OF_365, 120_000), (Fraction(31), 117_742)],
)
def test_a_year_of_interest_depends_on_the_month_it_is_counted_by(month_days, cents):
    interest = charges.interest(
        principal_cents=1_000_000, monthly_rate=Decimal("0.01"), days=365, month_days=month_days
    )

    assert charges.rounded(interest) == cents


@pytest.mark.parametrize(
    ("due_on", "grace_days", "last"),
    [
        (date(2026, 11, 26), 0, date(2026, 11, 26)),  # Thursday
        (date(2026, 11, 28), 0, date(2026, 11, 30)),  # Saturday
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 5, date(2026, 12, 3)),
        (date(2026, 2, 14), 0, date(2026, 2, 18)),  # the Saturday before Carnival
        (date(2026, 12, 25), 0, date(2026, 12, 28)),
    ],
)
def test_the_last_day_without_additions_is_the_next_working_day_or_the_end_of_grace(due_on, grace_days, last):
    assert charges.free_until(due_on, grace_days=grace_days) == last


def test_a_local_holiday_moves_the_last_day_too():
    day = date(2026, 7, 9)

    assert charges.free_until(day, closed={day}) == date(2026, 7, 10)


@pytest.mark.parametrize(
    ("days", "total_cents"), [(0, 10_000), (1, 10_000), (3, 10_000), (4, 10_213), (30, 10_300)]
)
def test_grace_forgives_delay_within_it_and_nothing_beyond(days, total_cents):
    terms = ChargeTerms(USUAL.late_fee_rate, USUAL.monthly_interest_rate, grace_days=3)

    balance = payoff.owed(installments=[_due()], credits=[], terms=terms, on=DUE + timedelta(days=days))

    assert balance.total_cents == total_cents


def test_whoever_pays_on_the_next_working_day_owes_nothing_more_and_later_from_the_first():
    saturday = date(2026, 11, 28)
    due = DueAmount(saturday, 10_000, free_until=charges.free_until(saturday))

    def owed(on: date) -> int:
        return payoff.owed(installments=[due], credits=[], terms=USUAL, on=on).total_cents

    assert owed(date(2026, 11, 30)) == 10_000
    assert owed(date(2026, 12, 1)) == 10_000 + 200 + 10  # three days of interest, not one


def test_a_part_paid_in_time_bears_no_interest_afterwards():
    saturday = date(2026, 11, 28)
    due = DueAmount(saturday, 10_000, free_until=charges.free_until(saturday))
    half = Credit(on=date(2026, 11, 30), amount_cents=5_000)

    balance = payoff.owed(installments=[due], credits=[half], terms=USUAL, on=saturday + timedelta(days=30))

    assert (balance.principal_cents, balance.interest_cents, balance.late_fee_cents) == (5_000, 50, 200)


def test_a_fee_beyond_two_percent_needs_a_debt_between_companies():
    with pytest.raises(ValueError, match=r"outside 0 to 0\.02"):
        charges.late_fee_cents(installment_cents=10_000, rate=Decimal("0.1"), days_late=1)
    assert (
        charges.late_fee_cents(
            installment_cents=10_000, rate=Decimal("0.1"), days_late=1, ceiling=charges.CIVIL_FEE_CEILING
        )
        == 1_000
    )
    with pytest.raises(ValueError, match="outside 0 to 1"):
        charges.late_fee_cents(
            installment_cents=1, rate=Decimal("1.01"), days_late=1, ceiling=charges.CIVIL_FEE_CEILING
        )


def test_a_fee_on_interest_as_well_grows_with_it_until_the_principal_is_paid():
    terms = ChargeTerms(USUAL.late_fee_rate, USUAL.monthly_interest_rate, fee_base=FeeBase.WITH_INTEREST)

    def owed(*credits: Credit, days: int) -> Balance:
        return payoff.owed(installments=[_due()], credits=credits, terms=terms, on=DUE + timedelta(days=days))

    assert (owed(days=45).late_fee_cents, owed(days=90).late_fee_cents) == (203, 206)
    settled = Credit(on=DUE + timedelta(days=45), amount_cents=owed(days=45).total_cents)
    assert owed(settled, days=400).total_cents == 0
    part = Credit(on=DUE + timedelta(days=45), amount_cents=5_000)
    assert owed(part, days=45).realised_late_fee_cents == 203


terms_of_creditors = st.builds(
    ChargeTerms,
    late_fee_rate=st.decimals(0, Decimal("0.02"), places=4),
    monthly_interest_rate=st.decimals(0, Decimal("0.1"), places=4),
    month_days=st.sampled_from([charges.MONTH_OF_30, charges.YEAR_OF_365]),
    rounding=st.sampled_from(Rounding),
    fee_base=st.sampled_from(FeeBase),
    grace_days=st.integers(0, 10),
)
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
dues = st.lists(
    st.builds(DueAmount, due_on=days, amount_cents=st.integers(1, 5_000_000)), min_size=1, max_size=4
)
paid = st.lists(st.builds(Credit, on=days, amount_cents=st.integers(1, 5_000_000)), max_size=5)


@given(terms=terms_of_creditors, dues=dues, paid=paid, on=days)
def test_under_any_terms_every_centavo_is_accounted_for(terms, dues, paid, on):
    balance = payoff.owed(installments=dues, credits=paid, terms=terms, on=on)

    charged = sum(due.amount_cents for due in dues)
    additions = balance.realised_interest_cents + balance.realised_late_fee_cents
    assert balance.paid_cents + balance.excess_cents == sum(
        each.amount_cents for each in paid if each.on <= on
    )
    assert balance.principal_cents == charged + additions - balance.paid_cents
    assert min(balance.principal_cents, balance.interest_cents, balance.late_fee_cents) >= 0


@given(terms=terms_of_creditors, dues=dues, on=days, later=st.integers(0, 400))
def test_nothing_owed_shrinks_by_waiting(terms, dues, on, later):
    def owed(day: date) -> int:
        return payoff.owed(installments=dues, credits=[], terms=terms, on=day).total_cents

    assert owed(on) <= owed(on + timedelta(days=later))


@given(terms=terms_of_creditors, dues=dues, on=days)
def test_the_parts_make_the_total_and_the_fee_stays_below_its_ceiling(terms, dues, on):
    balance = payoff.owed(installments=dues, credits=[], terms=terms, on=on)

    assert balance.total_cents == balance.principal_cents + balance.interest_cents + balance.late_fee_cents
    most = (balance.principal_cents + balance.interest_cents) * Decimal("0.02") + len(dues)
    assert balance.late_fee_cents <= most


@given(total=st.integers(2, 10_000_000), parts=st.integers(2, 24), late=st.integers(0, 2_000))
def test_splitting_a_debt_changes_what_is_owed_by_rounding_only(total, parts, late):
    shares = [total // parts + (n < total % parts) for n in range(parts)]
    on = DUE + timedelta(days=late)

    whole = payoff.owed(installments=[DueAmount(DUE, total)], credits=[], terms=USUAL, on=on).total_cents
    split = payoff.owed(
        installments=[DueAmount(DUE, share) for share in shares if share], credits=[], terms=USUAL, on=on
    ).total_cents

    assert abs(whole - split) <= parts + 1


def _due() -> DueAmount:
    return DueAmount(due_on=DUE, amount_cents=10_000)


def _owed(told: dict) -> Balance:
    """Return what is owed on one installment under the terms of an example."""
    terms = ChargeTerms(
        late_fee_rate=Decimal(told["fee_rate"]),
        monthly_interest_rate=Decimal(told["monthly_rate"]),
        month_days=Fraction(told.get("month_days", 30)),
        rounding=Rounding(told.get("rounding", "half_up")),
        fee_base=FeeBase(told.get("fee_base", "installment")),
        fee_ceiling=charges.CIVIL_FEE_CEILING,
    )
    due = DueAmount(due_on=DUE, amount_cents=told["principal_cents"])
    return payoff.owed(installments=[due], credits=[], terms=terms, on=DUE + timedelta(days=told["days"]))


def _told(balance: Balance) -> dict[str, int]:
    return {
        "fee_cents": balance.late_fee_cents,
        "interest_cents": balance.interest_cents,
        "total_cents": balance.total_cents,
    }
