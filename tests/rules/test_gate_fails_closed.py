"""The gate when something is wrong with it, or with what it is told: nothing leaves."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from contacts.rules import gate
from contacts.rules.calendar import zone
from contacts.rules.facts import Cap, ContactFacts, Decision, HoldFacts, Objection, OptOutFacts, PromiseFacts
from tests.factories.gate import SAO_PAULO, WEDNESDAY, make_facts, make_terms, reasons

NAIVE = datetime(2026, 11, 18, 12)  # broken on purpose


def test_without_a_policy_nothing_may_leave():
    decision = gate.decide(facts=make_facts(), terms=None, now=WEDNESDAY, horizon_days=15)

    assert decision == Decision((Objection("NO_POLICY"),), next_allowed=None)
    assert not decision.is_allowed


@pytest.mark.parametrize(
    ("facts", "policy", "rule"),
    [
        ({}, {"channels": None}, "contacts.rules.standing.channel_off"),
        ({"point": None}, {}, "contacts.rules.standing.point_unfit"),
        ({}, {"windows": None}, "contacts.rules.hours.outside_hours"),
        ({"birth_date": "1990-01-01"}, {}, "contacts.rules.calendar.on_personal_date"),
        ({"birth_date": "1990-01-01"}, {}, "contacts.rules.calendar.under_age"),
        ({"holidays": None}, {}, "contacts.rules.calendar.on_holiday"),
        ({"opt_outs": (OptOutFacts("global", active_from=NAIVE),)}, {}, "contacts.rules.consent.opted_out"),
        ({"consents": None}, {"consent_required": {"sms"}}, "contacts.rules.consent.without_consent"),
        ({"holds": (HoldFacts("legal", active_until=NAIVE),)}, {}, "contacts.rules.standing.held"),
        (
            {"promises": (PromiseFacts(NAIVE.date(), made_at=NAIVE),)},
            {},
            "contacts.rules.standing.promise_pending",
        ),
        (
            {"contacts": (ContactFacts(NAIVE, "sms", "conversation"),)},
            {"conversation_cooldown_hours": 48},
            "contacts.rules.frequency.resting_after_conversation",
        ),
        (
            {"contacts": (ContactFacts(NAIVE, "sms", "sent"),)},
            {"total_cap": Cap(per_day=1)},
            "contacts.rules.frequency.too_often",
        ),
        ({}, {"total_cap": Cap(per_day="2")}, "contacts.rules.frequency.too_often"),
    ],
)
def test_a_rule_that_cannot_judge_blocks_and_is_named_in_the_log(facts, policy, rule, caplog):
    decision = gate.decide(
        facts=replace(make_facts(), **facts), terms=make_terms(**policy), now=WEDNESDAY, horizon_days=15
    )

    assert Objection("RULE_FAILED", detail=rule) in decision.objections
    assert f"gate rule {rule} failed" in {record.getMessage() for record in caplog.records}
    assert not decision.is_allowed
    assert decision.next_allowed is None


def test_a_failing_rule_does_not_silence_the_others():
    facts = make_facts(holds=(HoldFacts("legal", active_until=NAIVE),), opt_outs=(OptOutFacts("global"),))

    assert reasons(facts) == ("OPT_OUT_GLOBAL", "RULE_FAILED")


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="has no zone"):
        gate.decide(facts=make_facts(), terms=make_terms(), now=NAIVE)


def test_a_moment_in_another_zone_is_the_same_instant():
    local = WEDNESDAY.astimezone(zone(SAO_PAULO))
    facts = make_facts(contacts=(ContactFacts(WEDNESDAY - timedelta(minutes=59), "sms", "sent"),))
    terms = make_terms(total_cap=Cap(gap_minutes=60))

    there = gate.decide(facts=facts, terms=terms, now=local, horizon_days=1)

    assert there == gate.decide(facts=facts, terms=terms, now=WEDNESDAY, horizon_days=1)
    assert there.next_allowed == WEDNESDAY + timedelta(minutes=1)
