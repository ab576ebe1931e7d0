"""The number's own caps: one telephone, however many debtors share it."""

from datetime import timedelta

import pytest

from contacts.rules import gate
from contacts.rules.facts import Cap, ContactFacts
from tests.factories.gate import (
    RIO_BRANCO,
    SAO_PAULO,
    WEDNESDAY,
    at,
    make_facts,
    make_point,
    make_terms,
    reasons,
)

TICK = timedelta(microseconds=1)
MINUTE, HOUR, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=168)


def used(*moments, channel="voice", outcome="no_answer"):
    """A number that was used at these moments, with somebody else who shares it."""
    return make_point(contacts=tuple(ContactFacts(moment, channel, outcome) for moment in moments))


def number(**cap):
    return make_terms(point_cap=Cap(**cap))


@pytest.mark.parametrize(
    ("cap", "ago", "found"),
    [
        ({"per_day": 1}, HOUR, ("CAP_DAY_POINT",)),
        ({"per_day": 2}, HOUR, ()),
        ({"per_day": 0}, 30 * 24 * HOUR, ("CAP_DAY_POINT",)),
        ({"per_7_days": 1}, WEEK - TICK, ("CAP_7D_POINT",)),
        ({"per_7_days": 1}, WEEK, ()),
        ({"gap_minutes": 60}, HOUR - TICK, ("GAP_POINT",)),
        ({"gap_minutes": 60}, HOUR, ()),
        ({"gap_minutes": 60}, -TICK, ()),  # dated later: it has not happened
    ],
)
def test_contacts_with_others_at_the_number_fill_its_caps(cap, ago, found):
    assert reasons(make_facts(point=used(WEDNESDAY - ago)), number(**cap)) == found


def test_a_policy_without_a_cap_for_the_number_does_not_count_there():
    full = used(*[WEDNESDAY - n * MINUTE for n in range(50)])

    assert reasons(make_facts(point=full), make_terms(total_cap=Cap(per_day=1))) == ()


def test_the_number_is_counted_over_all_channels_and_only_what_left_counts():
    terms = number(per_day=1)

    assert reasons(make_facts(channel="sms", point=used(WEDNESDAY, channel="email")), terms) != ()
    assert reasons(make_facts(point=used(WEDNESDAY, outcome="failed")), terms) == ()
    assert reasons(make_facts(point=used(WEDNESDAY, outcome="inbound")), terms) == ()


def test_the_person_and_the_number_are_two_counts():
    elsewhere = (ContactFacts(WEDNESDAY - HOUR, "sms", "sent"),)
    cap = Cap(per_day=1)

    of_the_person = make_facts(contacts=elsewhere)
    of_the_number = make_facts(point=used(WEDNESDAY - HOUR))
    both = make_terms(total_cap=cap, point_cap=cap)

    assert reasons(of_the_person, both) == ("CAP_DAY_TOTAL",)
    assert reasons(of_the_number, both) == ("CAP_DAY_POINT",)


def test_the_day_of_the_number_is_the_day_where_the_debtor_asked_about_may_be():
    late = used(at("2026-11-18 04:30"))  # 23:30 of the 17th in Rio Branco, 01:30 of the 18th in São Paulo

    assert reasons(make_facts(point=late, time_zones=(RIO_BRANCO,)), number(per_day=1)) == ()
    assert reasons(make_facts(point=late, time_zones=(RIO_BRANCO, SAO_PAULO)), number(per_day=1)) != ()
    assert reasons(make_facts(point=late, time_zones=()), number(per_day=1)) == ("TZ_UNKNOWN",)


@pytest.mark.parametrize(
    ("cap", "freed_after"),
    [
        (Cap(gap_minutes=90), 30 * MINUTE),
        (Cap(per_7_days=1), WEEK - HOUR),
        (Cap(per_day=1), 12 * HOUR),  # midnight in São Paulo
    ],
)
def test_the_number_is_free_again_when_its_own_count_ends(cap, freed_after):
    facts = make_facts(point=used(WEDNESDAY - HOUR))

    decision = gate.decide(facts=facts, terms=make_terms(point_cap=cap), now=WEDNESDAY, horizon_days=15)

    assert decision.next_allowed == WEDNESDAY + freed_after


def test_a_contact_so_long_ago_that_its_span_leaves_the_calendar_does_no_harm():
    facts = make_facts(point=used(WEDNESDAY - HOUR))
    terms = number(gap_minutes=5_000_000_000)

    decision = gate.decide(facts=facts, terms=terms, now=WEDNESDAY, horizon_days=15)

    assert (decision.reasons, decision.next_allowed) == (("GAP_POINT",), None)


def test_an_answered_call_is_not_counted_against_its_own_number():
    facts = make_facts(channel="voice", action="speak", answered_by="human", point=used(WEDNESDAY))

    assert reasons(facts, number(per_day=1)) == ()
