"""Steps beyond asking: what stands in the way of each, until when, and when a listing must go."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import authority, escalation
from debtors.rules.authority import Approval, Authority
from debtors.rules.escalation import (
    DEFAULT_TERMS,
    Decision,
    Facts,
    Notice,
    Obstacle,
    Removal,
    Step,
    of_creditor,
)
from debtors.vocabulary import Instrument

TODAY = date(2026, 11, 23)
LONG_AGO = TODAY - timedelta(days=400)
ANNOUNCED = Notice(sent_on=TODAY - timedelta(days=40), delivered_on=TODAY - timedelta(days=39))
YES = Approval(by=Authority.MANAGER, on=TODAY, reason="asked eight times in vain")
READY = Facts(
    owed_cents=250_000,
    oldest_due_on=LONG_AGO,
    has_proof=True,
    is_debtor_identified=True,
    is_ladder_exhausted=True,
    notices=dict.fromkeys(Step, ANNOUNCED),
    approvals=dict.fromkeys(Step, YES),
)


@pytest.mark.parametrize("step", Step)
def test_a_step_is_free_when_everything_is_in_order(step):
    assert _decide(step) == Decision()
    assert _decide(step).is_allowed


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"owed_cents": 0}, Obstacle("nothing_owed")),
        ({"owed_cents": -5}, Obstacle("nothing_owed")),
        ({"oldest_due_on": None}, Obstacle("nothing_owed")),
        ({"owed_cents": 100}, Obstacle("too_little")),
        ({"owed_cents": 1}, Obstacle("too_little")),
        ({"is_disputed": True}, Obstacle("disputed")),
        ({"is_held": True}, Obstacle("held")),
        ({"has_agreement": True}, Obstacle("agreement_active")),
        ({"prescribed_from": TODAY}, Obstacle("prescribed")),
        ({"prescribed_from": LONG_AGO}, Obstacle("prescribed")),
        ({"promised_until": TODAY}, Obstacle("promise_open", TODAY + timedelta(days=1))),
        (
            {"in_transit_until": TODAY + timedelta(days=2)},
            Obstacle("money_in_transit", TODAY + timedelta(days=3)),
        ),
        ({"has_proof": False}, Obstacle("no_proof_of_debt")),
        ({"is_debtor_identified": False}, Obstacle("debtor_not_identified")),
        ({"approvals": {}}, Obstacle("not_approved")),
        ({"done": frozenset(Step)}, Obstacle("already_done")),
    ],
)
def test_whatever_is_not_in_order_stands_in_the_way_of_every_step(step, changes, obstacle):
    decision = _decide(step, **changes)

    assert decision.obstacles == (obstacle,)
    assert not decision.is_allowed


@pytest.mark.parametrize(
    "changes",
    [
        {"prescribed_from": TODAY + timedelta(days=1)},
        {"promised_until": TODAY - timedelta(days=1)},
        {"in_transit_until": TODAY - timedelta(days=1)},
    ],
)
def test_what_is_over_or_still_to_come_does_not_stand_in_the_way(changes):
    assert _decide(Step.BUREAU_LISTING, **changes).is_allowed


@pytest.mark.parametrize(
    ("step", "days"), [(step, terms.min_days_late) for step, terms in DEFAULT_TERMS.items()]
)
def test_a_step_waits_until_the_debt_is_late_enough(step, days):
    early = _decide(step, oldest_due_on=TODAY - timedelta(days=days - 1))

    assert early.obstacles == (Obstacle("not_late_enough", TODAY + timedelta(days=1)),)
    assert early.earliest_on == TODAY + timedelta(days=1)
    assert _decide(step, oldest_due_on=TODAY - timedelta(days=days)).is_allowed


@pytest.mark.parametrize(
    ("step", "notice_days", "waits"),
    [
        (Step.BUREAU_LISTING, None, 10),
        (Step.BUREAU_LISTING, 3, 10),
        (Step.BUREAU_LISTING, 20, 20),
        (Step.BUREAU_NOTICE, 20, None),
    ],
)
def test_what_guards_the_debtor_is_never_less_than_ours_whatever_a_creditor_sets(step, notice_days, waits):
    terms = of_creditor(step, min_days_late=0, min_cents=1, notice_days=notice_days, approval=Authority.AGENT)

    assert (terms.notice_days, terms.min_days_late, terms.approval) == (waits, 1, Authority.SUPERVISOR)


@pytest.mark.parametrize(
    ("step", "cents"), [(step, terms.min_cents) for step, terms in DEFAULT_TERMS.items()]
)
def test_a_step_is_not_taken_for_little(step, cents):
    assert _decide(step, owed_cents=cents).is_allowed
    assert _decide(step, owed_cents=cents - 1).obstacles == (Obstacle("too_little"),)


@pytest.mark.parametrize(
    ("notice", "obstacle"),
    [
        (None, Obstacle("not_announced")),
        (Notice(sent_on=LONG_AGO), Obstacle("delivery_not_proven")),
        (Notice(LONG_AGO, TODAY), Obstacle("announced_too_recently", TODAY + timedelta(days=10))),
        (
            Notice(LONG_AGO, TODAY - timedelta(days=9)),
            Obstacle("announced_too_recently", TODAY + timedelta(days=1)),
        ),
        (Notice(LONG_AGO, TODAY - timedelta(days=10)), None),
    ],
)
def test_a_listing_needs_the_bureaus_notice_its_proof_and_its_wait(notice, obstacle):
    notices = {Step.BUREAU_NOTICE: notice} if notice else {Step.BUREAU_LISTING: ANNOUNCED}

    assert _decide(Step.BUREAU_LISTING, notices=notices).obstacles == ((obstacle,) if obstacle else ())


@pytest.mark.parametrize("step", [Step.NOTARY_PROTEST, Step.EXTERNAL_AGENCY, Step.LEGAL_HANDOVER])
def test_notary_agency_and_lawyer_are_announced_themselves(step):
    assert _decide(step, notices={Step.BUREAU_NOTICE: ANNOUNCED}).obstacles == (Obstacle("not_announced"),)
    assert _decide(step, notices={step: ANNOUNCED}).is_allowed


def test_the_bureaus_own_notice_needs_no_announcement():
    assert _decide(Step.BUREAU_NOTICE, notices={}).is_allowed


@pytest.mark.parametrize(
    ("step", "allowed"),
    [(Step.EXTERNAL_AGENCY, False), (Step.LEGAL_HANDOVER, False), (Step.BUREAU_LISTING, True)],
)
def test_others_take_over_only_when_asking_is_exhausted(step, allowed):
    decision = _decide(step, is_ladder_exhausted=False)

    assert decision.is_allowed is allowed
    assert decision.obstacles == (() if allowed else (Obstacle("ladder_not_exhausted"),))


@pytest.mark.parametrize(
    ("instrument", "allowed"), [(each, each in ("boleto", "contract", "cheque")) for each in Instrument]
)
def test_not_everything_can_be_protested(instrument, allowed):
    expected = () if allowed else (Obstacle("wrong_instrument"),)
    assert _decide(Step.NOTARY_PROTEST, instrument=instrument).obstacles == expected
    assert _decide(Step.BUREAU_LISTING, instrument=instrument).is_allowed


@pytest.mark.parametrize(
    ("due_on", "allowed"),
    [(date(2021, 11, 23), True), (date(2021, 11, 22), False)],
)
def test_nothing_older_than_five_years_goes_to_a_bureau(due_on, allowed):
    for step in (Step.BUREAU_NOTICE, Step.BUREAU_LISTING):
        expected = () if allowed else (Obstacle("too_old_for_bureau"),)
        assert _decide(step, oldest_due_on=due_on).obstacles == expected
    assert _decide(Step.LEGAL_HANDOVER, oldest_due_on=due_on).is_allowed


@pytest.mark.parametrize(
    ("approval", "refusal"),
    [
        (None, "not_approved"),
        (replace(YES, by=Authority.AGENT), "approval_too_low"),
        (replace(YES, by=Authority.SUPERVISOR), "approval_too_low"),
        (replace(YES, reason="  "), "approval_without_reason"),
        (replace(YES, on=TODAY - timedelta(days=30)), ""),
        (replace(YES, on=TODAY - timedelta(days=31)), "approval_expired"),
        (replace(YES, on=TODAY + timedelta(days=1)), "approval_in_the_future"),
        (YES, ""),
    ],
)
def test_an_approval_has_a_level_a_reason_and_an_end(approval, refusal):
    approvals = {Step.LEGAL_HANDOVER: approval} if approval else {}

    expected = (Obstacle(refusal),) if refusal else ()
    assert _decide(Step.LEGAL_HANDOVER, approvals=approvals).obstacles == expected
    found = authority.refusal(approval, needed=Authority.MANAGER, on=TODAY, valid_days=30)
    assert found == refusal


def test_a_supervisor_may_have_the_bureau_write_and_no_more():
    approvals = dict.fromkeys(Step, replace(YES, by=Authority.SUPERVISOR))

    allowed = [step for step in Step if _decide(step, approvals=approvals).is_allowed]
    assert allowed == [Step.BUREAU_NOTICE]


@pytest.mark.parametrize(
    ("promised", "in_transit", "code"), [(1, 5, "money_in_transit"), (5, 1, "promise_open")]
)
def test_of_a_promise_and_money_under_way_the_later_is_told(promised, in_transit, code):
    decision = _decide(
        Step.NOTARY_PROTEST,
        promised_until=TODAY + timedelta(days=promised),
        in_transit_until=TODAY + timedelta(days=in_transit),
    )

    assert decision.obstacles == (Obstacle(code, TODAY + timedelta(days=6)),)


def test_every_obstacle_is_told_and_the_last_to_end_decides_when_time_clears_them_all():
    decision = _decide(
        Step.BUREAU_LISTING,
        promised_until=TODAY + timedelta(days=3),
        in_transit_until=TODAY + timedelta(days=1),
        notices={Step.BUREAU_NOTICE: Notice(LONG_AGO, TODAY)},
    )

    assert [obstacle.code for obstacle in decision.obstacles] == ["promise_open", "announced_too_recently"]
    assert decision.earliest_on == TODAY + timedelta(days=10)
    assert _decide(Step.BUREAU_LISTING, promised_until=TODAY, is_disputed=True).earliest_on is None


@pytest.mark.parametrize(
    ("facts", "events", "expected"),
    [
        ({}, {"paid_on": date(2026, 11, 27)}, Removal("paid", date(2026, 12, 4))),
        ({}, {"agreement_paid_on": date(2026, 11, 27)}, Removal("agreement_paid", date(2026, 12, 4))),
        (
            {},
            {"paid_on": date(2026, 11, 27), "dispute_upheld_on": date(2026, 11, 30)},
            Removal("dispute_upheld", date(2026, 11, 30)),
        ),
        ({"oldest_due_on": date(2022, 1, 10)}, {}, Removal("five_years", date(2027, 1, 10))),
        (
            {"oldest_due_on": date(2022, 1, 10), "prescribed_from": date(2025, 1, 11)},
            {},
            Removal("prescribed", date(2025, 1, 10)),
        ),
        ({"oldest_due_on": None}, {}, None),
    ],
)
def test_a_listing_goes_for_the_reason_that_comes_first(facts, events, expected):
    assert escalation.removal(facts=replace(READY, **facts), **events) == expected


@given(
    step=st.sampled_from(Step),
    changes=st.fixed_dictionaries(
        {},
        optional={
            "owed_cents": st.integers(-10, 500_000),
            "is_disputed": st.booleans(),
            "has_agreement": st.booleans(),
            "has_proof": st.booleans(),
            "is_ladder_exhausted": st.booleans(),
            "oldest_due_on": st.none() | st.dates(date(2019, 1, 1), date(2027, 1, 1)),
            "promised_until": st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
            "prescribed_from": st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
        },
    ),
)
def test_a_disputed_or_unapproved_step_is_never_allowed_whatever_else_is_true(step, changes):
    assert not _decide(step, **changes | {"is_disputed": True}).is_allowed
    assert not _decide(step, **changes | {"approvals": {}}).is_allowed


def _decide(step: Step, **changes: object) -> Decision:
    return escalation.decide(step, facts=replace(READY, **changes), terms=DEFAULT_TERMS[step], on=TODAY)
