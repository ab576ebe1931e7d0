"""The gate and where things stand: switches, points, holds, promises, an answered call, what is owed."""

from datetime import date, timedelta

import pytest

from contacts.rules.facts import Cap, ContactFacts, HoldFacts, OptOutFacts, PromiseFacts
from tests.factories.gate import (
    NORONHA,
    RIO_BRANCO,
    WEDNESDAY,
    at,
    every_day,
    make_facts,
    make_point,
    make_terms,
    reasons,
)

TICK = timedelta(microseconds=1)


def test_the_kill_switch_stops_everything():
    assert reasons(terms=make_terms(paused=True)) == ("PAUSED",)
    assert reasons(make_facts(purpose="thank_you"), make_terms(paused=True)) == ("PAUSED",)


def test_a_channel_must_be_switched_on():
    sms_only = make_terms(channels=frozenset({"sms"}))

    assert reasons(make_facts(channel="sms"), sms_only) == ()
    assert reasons(make_facts(channel="email"), sms_only) == ("CHANNEL_DISABLED",)
    assert reasons(make_facts(channel="SMS", point=make_point(channels=frozenset({"SMS"}))), sms_only) == (
        "CHANNEL_DISABLED",
    )


@pytest.mark.parametrize(
    ("point", "policy", "found"),
    [
        ({}, {}, ()),
        ({"status": "invalid"}, {}, ("POINT_INVALID",)),
        ({"status": "unverified"}, {}, ()),
        ({"status": "unverified"}, {"block_unverified": True}, ("POINT_UNVERIFIED",)),
        ({"status": "valid"}, {"block_unverified": True}, ()),
        ({"status": "odd"}, {"block_unverified": True}, ()),
        ({"kind": "workplace"}, {}, ("POINT_WORKPLACE",)),
        ({"kind": "workplace"}, {"block_workplace": False}, ()),
        ({"kind": "third_party"}, {}, ("POINT_THIRD_PARTY",)),
        ({"kind": "third_party"}, {"block_third_party": False}, ()),
        ({"kind": "odd"}, {}, ()),
        ({"channels": frozenset({"voice"})}, {}, ("POINT_WRONG_CHANNEL",)),
        ({"channels": frozenset()}, {}, ("POINT_WRONG_CHANNEL",)),
        (
            {"kind": "workplace", "status": "invalid", "channels": frozenset()},
            {},
            ("POINT_INVALID", "POINT_WORKPLACE", "POINT_WRONG_CHANNEL"),
        ),
    ],
)
def test_a_point_must_be_right_ones_own_and_made_for_the_channel(point, policy, found):
    assert reasons(make_facts(point=make_point(**point)), make_terms(**policy)) == found


@pytest.mark.parametrize("kind", ["dispute", "bankruptcy", "deceased", "legal", "complaint"])
def test_a_hold_of_a_blocking_kind_blocks_and_is_named(kind):
    assert reasons(make_facts(holds=(HoldFacts(kind),))) == (f"HOLD_{kind.upper()}",)


def test_a_hold_of_another_kind_does_not_block_and_kinds_match_exactly():
    rests = (HoldFacts("holiday"), HoldFacts("Dispute"), HoldFacts("dispute "))

    assert reasons(make_facts(holds=rests)) == ()
    assert reasons(make_facts(holds=rests), make_terms(holds_blocking=frozenset({"Dispute"}))) == (
        "HOLD_DISPUTE",
    )


def test_each_kind_of_hold_is_reported_once():
    rests = (HoldFacts("legal"), HoldFacts("dispute"), HoldFacts("legal"))

    assert reasons(make_facts(holds=rests)) == ("HOLD_DISPUTE", "HOLD_LEGAL")


def promised(day: str, *, made_at=WEDNESDAY - timedelta(days=3), status: str = "open") -> PromiseFacts:
    return PromiseFacts(due_on=date.fromisoformat(day), made_at=made_at, status=status)


@pytest.mark.parametrize(
    ("grace_days", "utc", "is_grace"),
    [
        (0, "2026-11-19 02:59:59", True),  # the 18th, the promised day, is not over in São Paulo
        (0, "2026-11-19 03:00:00", False),
        (1, "2026-11-20 02:59:59", True),
        (1, "2026-11-20 03:00:00", False),
        (-1, "2026-11-18 02:59:59", True),
        (-1, "2026-11-18 03:00:00", False),  # contact resumes on the promised day itself
    ],
)
def test_a_promise_is_waited_for_until_its_day_and_the_days_of_grace_are_over(grace_days, utc, is_grace):
    facts = make_facts(promises=(promised("2026-11-18"),))

    found = reasons(facts, make_terms(promise_grace_days=grace_days), now=at(utc))

    assert found == (("PROMISE_GRACE",) if is_grace else ())


def test_the_promised_day_must_be_over_in_each_zone():
    facts = make_facts(promises=(promised("2026-11-18"),), time_zones=(NORONHA, RIO_BRANCO))

    assert reasons(facts, now=at("2026-11-19 04:59:59")) == ("PROMISE_GRACE",)
    assert reasons(facts, now=at("2026-11-19 05:00:00")) == ()


def test_an_overdue_open_promise_ends_the_grace_though_later_ones_are_open():
    later, overdue = promised("2026-11-25"), promised("2026-11-10")

    assert reasons(make_facts(promises=(later,))) == ("PROMISE_GRACE",)
    assert reasons(make_facts(promises=(later, overdue))) == ()


@pytest.mark.parametrize("status", ["kept", "broken", "cancelled", "odd", "OPEN"])
def test_only_open_promises_count(status):
    assert reasons(make_facts(promises=(promised("2026-11-25", status=status),))) == ()
    overdue = promised("2026-11-10", status=status)
    assert reasons(make_facts(promises=(promised("2026-11-25"), overdue))) == ("PROMISE_GRACE",)


def test_a_promise_counts_from_the_instant_it_was_made():
    assert reasons(make_facts(promises=(promised("2026-11-25", made_at=WEDNESDAY),))) == ("PROMISE_GRACE",)
    assert reasons(make_facts(promises=(promised("2026-11-25", made_at=WEDNESDAY + TICK),))) == ()


def test_grace_can_be_switched_off_or_lifted_for_a_purpose():
    promises = (promised("2026-11-25"),)

    assert reasons(make_facts(promises=promises), make_terms(promise_grace=False)) == ()
    exempt = make_terms(promise_exempt_purposes=frozenset({"service"}))
    assert reasons(make_facts(promises=promises, purpose="service"), exempt) == ()
    assert reasons(make_facts(promises=promises, purpose="collection"), exempt) == ("PROMISE_GRACE",)


def test_grace_is_not_judged_where_the_zone_is_unknown():
    assert reasons(make_facts(promises=(promised("2026-11-25"),), time_zones=())) == ("TZ_UNKNOWN",)


@pytest.mark.parametrize(
    ("answered_by", "policy", "found"),
    [
        ("human", {}, ()),
        ("machine", {}, ("VOICEMAIL",)),
        ("unknown", {}, ("VOICEMAIL",)),
        (None, {}, ("VOICEMAIL",)),
        ("machine", {"unknown_answer_is_machine": False}, ("VOICEMAIL",)),
        ("unknown", {"unknown_answer_is_machine": False}, ()),
        (None, {"unknown_answer_is_machine": False}, ()),
        ("machine", {"never_leave_voicemail": False}, ()),
    ],
)
def test_nothing_is_said_to_a_machine(answered_by, policy, found):
    answered = make_facts(channel="voice", action="speak", answered_by=answered_by)

    assert reasons(answered, make_terms(**policy)) == found


def test_voicemail_concerns_answered_voice_calls_only():
    assert reasons(make_facts(channel="voice", action="start", answered_by="machine")) == ()
    assert reasons(make_facts(channel="sms", action="speak", answered_by="machine")) == ()


def test_once_a_call_is_answered_only_what_may_have_changed_is_asked_again():
    everything = make_facts(
        channel="voice",
        action="speak",
        answered_by="human",
        birth_date=date(2015, 11, 18),
        time_zones=("Nowhere/Land",),
        holidays=frozenset({date(2026, 11, 18)}),
        point=make_point(status="invalid", kind="workplace", channels=frozenset()),
        promises=(promised("2026-11-25"),),
        contacts=(ContactFacts(WEDNESDAY, "voice", "conversation"),),
        holds=(HoldFacts("deceased"),),
        opt_outs=(OptOutFacts("global"),),
    )
    terms = make_terms(
        paused=True,
        channels=frozenset(),
        windows=every_day(),
        require_birth_date=True,
        consent_required=frozenset({"voice"}),
        conversation_cooldown_hours=48,
        total_cap=Cap(0, 0, 60),
        channel_caps={"voice": Cap(0, 0, 60)},
    )

    assert reasons(everything, terms) == ("HOLD_DECEASED", "OPT_OUT_GLOBAL", "PAUSED")


@pytest.mark.parametrize(
    ("purpose", "is_stopped"),
    [
        ("collection", True),
        ("reminder", True),
        ("agreed", True),
        ("thank_you", False),
        ("reply", False),
        ("service", False),
        ("test", False),
    ],
)
def test_where_nothing_is_owed_nothing_is_asked_for_and_thanks_still_go(purpose, is_stopped):
    facts = make_facts(purpose=purpose, something_is_owed=False)

    assert reasons(facts) == (("NOTHING_OWED",) if is_stopped else ())


def test_a_payment_made_while_the_phone_rang_stops_the_message():
    paid = make_facts(channel="voice", action="speak", answered_by="human", something_is_owed=False)

    assert reasons(paid) == ("NOTHING_OWED",)


def test_a_ledger_in_doubt_stops_whatever_the_purpose():
    assert reasons(make_facts(is_ledger_in_doubt=True, purpose="thank_you")) == ("LEDGER_IN_DOUBT",)
