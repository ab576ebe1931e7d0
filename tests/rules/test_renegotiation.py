"""Offers above the floor, proposals judged by levels, the exit point, and what a broken agreement leaves."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import renegotiation, settlement_rules
from debtors.rules.agreement_schedule import Payment
from debtors.rules.authority import Approval, Authority
from debtors.rules.payoff import Balance
from debtors.rules.renegotiation import Debt, Judgement, Proposal, Verdict
from debtors.rules.settlement_rules import Band, Items, Limit, Rules

TODAY = date(2026, 11, 23)  # Monday
SOON = TODAY + timedelta(days=5)
RULES = Rules(
    bands=(
        Band(30, Decimal("0.05"), Decimal(0)),
        Band(180, Decimal("0.20"), Decimal("0.10")),
        Band(720, Decimal("0.40"), Decimal("0.25")),
    ),
    limits={
        Authority.AGENT: Limit(Decimal(0), most_payments=12, most_days_to_first=10),
        Authority.SUPERVISOR: Limit(Decimal("0.10"), most_payments=18, most_days_to_first=20),
        Authority.MANAGER: Limit(Decimal("0.25"), most_payments=36, most_days_to_first=45),
    },
    floor_rate=Decimal("0.50"),
    min_down_payment_rate=Decimal("0.10"),
    exit_cents=2_000,
    exit_days_late=1_800,
)
OWED = Items(principal_cents=90_000, interest_cents=8_000, late_fee_cents=2_000)  # R$ 1,000.00
HALF_A_YEAR = Debt(OWED, days_late=200)
REASON = Approval(by=Authority.SUPERVISOR, on=TODAY, reason="lost her job in October")


@pytest.mark.parametrize(
    ("days_late", "one_off", "installments"),
    [
        (0, 100_000, 100_000),
        (29, 100_000, 100_000),
        (30, 95_000, 100_000),
        (179, 95_000, 100_000),
        (180, 80_000, 90_000),
        (719, 80_000, 90_000),
        (720, 60_000, 75_000),
        (1_800, 60_000, 75_000),
    ],
)
def test_older_debts_are_offered_more_and_paying_at_once_most(days_late, one_off, installments):
    found = _offers(Debt(OWED, days_late=days_late))

    assert [(len(offer.payments), offer.total_cents) for offer in found] == [
        (1, one_off),
        (3, installments),
        (6, installments),
        (12, installments),
    ]


def test_an_offer_says_what_is_forgiven_and_every_day_and_centavo_of_payment():
    at_once, in_three, *_ = _offers(HALF_A_YEAR)

    assert at_once.forgiven == Items(10_000, interest_cents=8_000, late_fee_cents=2_000)
    assert at_once.payments == (Payment(1, date(2026, 11, 30), 80_000),)
    assert in_three.forgiven == Items(0, interest_cents=8_000, late_fee_cents=2_000)
    assert in_three.payments == (
        Payment(1, date(2026, 11, 30), 30_000),
        Payment(2, date(2026, 12, 28), 30_000),
        Payment(3, date(2027, 1, 28), 30_000),
    )


def test_the_down_payment_is_the_first_payment():
    rules = replace(RULES, min_down_payment_rate=Decimal("0.40"))

    in_three = _offers(HALF_A_YEAR, rules=rules)[1]

    assert [payment.amount_cents for payment in in_three.payments] == [36_000, 27_000, 27_000]


@pytest.mark.parametrize(
    ("total", "counts"),
    [(180_000, [1, 3, 6, 12]), (61_100, [1, 3, 6]), (61_200, [1, 3, 6, 12]), (14_999, [1]), (15_000, [1, 3])],
)
def test_no_payment_is_offered_below_the_least_one(total, counts):
    found = _offers(Debt(Items(total), days_late=0))

    assert [len(offer.payments) for offer in found] == counts


@pytest.mark.parametrize(
    ("items", "days_late", "reason"),
    [
        (Items(0), 10, ""),
        (Items(1_999), 10, "too_little_left"),
        (Items(2_000), 10, ""),
        (Items(2_000), 1_800, ""),
        (Items(2_000), 1_801, "too_old"),
        (Items(0), 1_801, ""),
    ],
)
def test_beyond_the_exit_point_a_write_off_is_proposed_and_nothing_offered(items, days_late, reason):
    assert settlement_rules.exit_reason(items, days_late=days_late, rules=RULES) == reason
    assert bool(_offers(Debt(items, days_late=days_late))) is (not reason and items.total_cents > 0)


def test_an_offer_stops_at_the_creditors_floor_even_when_a_band_does_not():
    rules = replace(RULES, floor_rate=Decimal("0.90"))

    assert [offer.total_cents for offer in _offers(HALF_A_YEAR, rules=rules)] == [90_000] * 4


@pytest.mark.parametrize(
    ("level", "at_once", "in_installments"),
    [
        (None, 80_000, 90_000),
        (Authority.AGENT, 80_000, 90_000),
        (Authority.SUPERVISOR, 70_000, 80_000),
        (Authority.MANAGER, 55_000, 65_000),
    ],
)
def test_each_level_has_its_floor(level, at_once, in_installments):
    def floor(payments: int) -> int:
        return settlement_rules.floor_cents(OWED, days_late=200, payments=payments, rules=RULES, level=level)

    assert (floor(1), floor(3)) == (at_once, in_installments)


def test_nobodys_floor_is_below_the_creditors():
    floor = settlement_rules.floor_cents(
        OWED, days_late=900, payments=1, rules=RULES, level=Authority.MANAGER
    )

    assert floor == 50_000


@pytest.mark.parametrize(
    ("proposal", "verdict", "needed", "reasons"),
    [
        (Proposal(80_000, 1, SOON), "accepted", Authority.AGENT, ()),
        (Proposal(79_999, 1, SOON), "needs_approval", Authority.SUPERVISOR, ("below_floor", "not_approved")),
        (Proposal(70_000, 1, SOON), "needs_approval", Authority.SUPERVISOR, ("below_floor", "not_approved")),
        (Proposal(69_999, 1, SOON), "needs_approval", Authority.MANAGER, ("below_floor", "not_approved")),
        (Proposal(55_000, 1, SOON), "needs_approval", Authority.MANAGER, ("below_floor", "not_approved")),
        (Proposal(54_999, 1, SOON), "refused", None, ("below_floor",)),
        (Proposal(90_000, 12, SOON, 9_000), "accepted", Authority.AGENT, ()),
        (
            Proposal(89_999, 12, SOON, 9_000),
            "needs_approval",
            Authority.SUPERVISOR,
            ("below_floor", "not_approved"),
        ),
        (
            Proposal(100_000, 13, SOON, 20_000),
            "needs_approval",
            Authority.SUPERVISOR,
            ("too_many_payments", "not_approved"),
        ),
        (Proposal(100_000, 37, SOON, 60_000), "refused", None, ("too_many_payments",)),
        (Proposal(80_000, 1, TODAY + timedelta(days=10)), "accepted", Authority.AGENT, ()),
        (
            Proposal(80_000, 1, TODAY + timedelta(days=11)),
            "needs_approval",
            Authority.SUPERVISOR,
            ("first_too_late", "not_approved"),
        ),
        (Proposal(80_000, 1, TODAY + timedelta(days=46)), "refused", None, ("first_too_late",)),
        (
            Proposal(100_000, 12, SOON, 9_999),
            "needs_approval",
            Authority.MANAGER,
            ("down_payment_too_small", "not_approved"),
        ),
        (Proposal(100_000, 12, SOON, 10_000), "accepted", Authority.AGENT, ()),
        (
            Proposal(100_000, 12, SOON, 50_000),
            "needs_approval",
            Authority.MANAGER,
            ("payment_too_small", "not_approved"),
        ),
        (Proposal(80_000, 1, TODAY), "accepted", Authority.AGENT, ()),
        (Proposal(80_000, 1, TODAY - timedelta(days=1)), "refused", None, ("first_in_the_past",)),
        (Proposal(100_001, 1, SOON), "refused", None, ("more_than_owed",)),
        (Proposal(0, 1, SOON), "refused", None, ("nothing_to_pay", "below_exit_point")),
        (Proposal(90_000, 0, SOON), "refused", None, ("nothing_to_pay",)),
        (Proposal(90_000, 3, SOON, 89_999), "refused", None, ("first_beyond_total",)),
        (Proposal(90_000, 3, SOON, -1), "refused", None, ("first_beyond_total",)),
        (Proposal(1_999, 1, SOON), "refused", None, ("below_exit_point",)),
    ],
)
def test_a_proposal_is_judged_for_an_agent(proposal, verdict, needed, reasons):
    judged = _judge(proposal)

    assert (judged.verdict, judged.needed, judged.reasons) == (verdict, needed, reasons)
    assert sum(payment.amount_cents for payment in judged.payments) == (
        0 if verdict == "refused" else proposal.total_cents
    )


@pytest.mark.parametrize(
    ("by", "total", "verdict"),
    [
        (Authority.SUPERVISOR, 70_000, Verdict.ACCEPTED),
        (Authority.SUPERVISOR, 69_999, Verdict.NEEDS_APPROVAL),
        (Authority.MANAGER, 55_000, Verdict.ACCEPTED),
        (Authority.MANAGER, 54_999, Verdict.REFUSED),
    ],
)
def test_a_higher_level_may_accept_more_and_nobody_below_the_last_floor(by, total, verdict):
    assert _judge(Proposal(total, 1, SOON), by=by).verdict == verdict


@pytest.mark.parametrize(
    ("approval", "reason"),
    [
        (None, "not_approved"),
        (replace(REASON, by=Authority.AGENT), "approval_too_low"),
        (replace(REASON, reason=""), "approval_without_reason"),
        (replace(REASON, on=TODAY - timedelta(days=8)), "approval_expired"),
        (REASON, ""),
        (replace(REASON, by=Authority.MANAGER, on=TODAY - timedelta(days=7)), ""),
    ],
)
def test_an_approval_with_a_reason_lets_an_agent_go_below_his_floor(approval, reason):
    judged = _judge(Proposal(75_000, 1, SOON), approval=approval)

    assert judged.verdict == (Verdict.NEEDS_APPROVAL if reason else Verdict.ACCEPTED)
    assert judged.reasons == (("below_floor", reason) if reason else ())


def test_no_approval_reaches_below_the_last_floor():
    approval = replace(REASON, by=Authority.MANAGER)

    judged = _judge(Proposal(54_999, 1, SOON), approval=approval)

    assert judged == Judgement(Verdict.REFUSED, ("below_floor",))


def test_a_young_debt_is_not_forgiven_what_an_old_one_is():
    young, old = Debt(OWED, days_late=10), Debt(OWED, days_late=900)
    proposal = Proposal(60_000, 1, SOON)

    assert _judge(proposal, debt=old).verdict == Verdict.ACCEPTED
    assert _judge(proposal, debt=young).verdict == Verdict.REFUSED


def test_whoever_settles_a_small_debt_whole_is_accepted_below_the_exit_point():
    small = Debt(Items(1_500), days_late=10)

    assert _judge(Proposal(1_500, 1, SOON), debt=small).verdict == Verdict.ACCEPTED
    assert _judge(Proposal(1_499, 1, SOON), debt=small).reasons == ("below_exit_point",)


@pytest.mark.parametrize(
    ("discount", "expected"),
    [
        (0, Items(0)),
        (1_500, Items(0, late_fee_cents=1_500)),
        (2_500, Items(0, interest_cents=500, late_fee_cents=2_000)),
        (10_001, Items(1, interest_cents=8_000, late_fee_cents=2_000)),
        (100_000, OWED),
    ],
)
def test_a_discount_takes_fee_and_interest_before_the_debt_itself(discount, expected):
    assert renegotiation.forgiven(OWED, discount_cents=discount) == expected


@pytest.mark.parametrize("discount", [-1, 100_001])
def test_a_discount_is_no_more_than_what_is_owed(discount):
    with pytest.raises(ValueError, match="discount of"):
        renegotiation.forgiven(OWED, discount_cents=discount)


def test_items_come_from_a_balance():
    balance = Balance(principal_cents=90_000, interest_cents=8_000, late_fee_cents=2_000, paid_cents=7)

    assert settlement_rules.items_of(balance) == OWED
    assert OWED.total_cents == balance.total_cents


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"floor_rate": Decimal("-0.01")}, "rate_outside_0_to_1"),
        ({"min_down_payment_rate": Decimal("-0.01")}, "rate_outside_0_to_1"),
        ({"floor_rate": Decimal("0.61")}, "band_below_the_floor"),
        ({"floor_rate": Decimal("0.60")}, None),
        ({"bands": (RULES.bands[1], RULES.bands[0])}, "bands_not_rising"),
        ({"bands": (RULES.bands[0], RULES.bands[0])}, "bands_not_rising"),
        ({"limits": {Authority.AGENT: RULES.limits[Authority.AGENT]}}, "limits_missing"),
        (
            {"limits": RULES.limits | {Authority.SUPERVISOR: Limit(Decimal("0.3"), 18, 20)}},
            "limits_not_widening",
        ),
        (
            {"limits": RULES.limits | {Authority.SUPERVISOR: Limit(Decimal("0.1"), 6, 20)}},
            "limits_not_widening",
        ),
        ({"offered_payments": (3, 13)}, "offered_beyond_the_agents_limit"),
        ({"offered_payments": (0,)}, "payment_not_above_zero"),
        ({"min_payment_cents": 0}, "payment_not_above_zero"),
        ({"days_to_first": 11}, "days_beyond_the_agents_limit"),
        ({"days_to_first": -1}, "days_beyond_the_agents_limit"),
    ],
)
def test_rules_that_contradict_themselves_are_not_put_in_force(changes, fault):
    assert settlement_rules.faults(replace(RULES, **changes)) == ([fault] if fault else [])


rates = st.decimals(0, 1, places=3)
rules_of_creditors = st.builds(
    lambda floor, discounts, extras, down, least: Rules(
        bands=tuple(
            Band(30 * at, min(max(pair), 1 - floor), min(*pair, 1 - floor))
            for at, pair in enumerate(discounts, start=1)
        ),
        limits={
            level: Limit(extra, 12 * level, 10 * level)
            for level, extra in zip(Authority, sorted(extras), strict=True)
        },
        floor_rate=floor,
        min_down_payment_rate=down,
        min_payment_cents=least,
    ),
    floor=rates,
    discounts=st.lists(st.tuples(rates, rates), max_size=4),
    extras=st.tuples(rates, rates, rates),
    down=rates,
    least=st.integers(1, 50_000),
)
debts = st.builds(
    Debt,
    items=st.builds(Items, *[st.integers(0, 500_000)] * 5),
    days_late=st.integers(0, 400),
)
proposals = st.builds(
    Proposal,
    total_cents=st.integers(-5, 600_000),
    payments=st.integers(0, 40),
    first_on=st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=50)),
    first_cents=st.integers(-5, 600_000),
)


@given(rules=rules_of_creditors, debt=debts)
def test_whatever_is_offered_an_agent_may_accept(rules, debt):
    assert settlement_rules.faults(rules) == []
    for offer in renegotiation.offers(debt, rules=rules, on=TODAY):
        first = offer.payments[0]
        proposal = Proposal(offer.total_cents, len(offer.payments), first.due_on, first.amount_cents)

        assert sum(payment.amount_cents for payment in offer.payments) == offer.total_cents
        assert offer.forgiven.total_cents == offer.discount_cents
        judged = _judge(proposal, debt=debt, rules=rules)
        assert judged.verdict is Verdict.ACCEPTED
        assert sum(payment.amount_cents for payment in judged.payments) == offer.total_cents


@given(rules=rules_of_creditors, debt=debts, proposal=proposals, by=st.sampled_from(Authority))
def test_nothing_below_the_creditors_floor_is_ever_accepted(rules, debt, proposal, by):
    approval = Approval(Authority.MANAGER, TODAY, "whatever he says")

    judged = _judge(proposal, debt=debt, rules=rules, by=by, approval=approval)

    if judged.verdict is Verdict.ACCEPTED:
        assert proposal.total_cents >= debt.items.total_cents * rules.floor_rate
        assert proposal.total_cents <= debt.items.total_cents
        assert sum(payment.amount_cents for payment in judged.payments) == proposal.total_cents


@given(rules=rules_of_creditors, debt=debts, proposal=proposals)
def test_a_higher_level_accepts_whatever_a_lower_one_does(rules, debt, proposal):
    accepted = [
        _judge(proposal, debt=debt, rules=rules, by=level).verdict is Verdict.ACCEPTED for level in Authority
    ]

    assert accepted == sorted(accepted)


def _offers(debt: Debt, *, rules: Rules = RULES) -> tuple[renegotiation.Offer, ...]:
    return renegotiation.offers(debt, rules=rules, on=TODAY)


def _judge(
    proposal: Proposal,
    *,
    debt: Debt = HALF_A_YEAR,
    rules: Rules = RULES,
    by: Authority = Authority.AGENT,
    approval: Approval | None = None,
) -> Judgement:
    return renegotiation.judge(proposal, debt=debt, rules=rules, by=by, on=TODAY, approval=approval)
