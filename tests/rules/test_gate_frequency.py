"""The gate's counts: caps a day and a week, gaps, rest after a conversation."""

from datetime import UTC, datetime, timedelta

import pytest

from contacts.rules.facts import COUNTED_OUTCOMES, Cap, ContactFacts
from tests.factories.gate import (
    NORONHA,
    RIO_BRANCO,
    SAO_PAULO,
    WEDNESDAY,
    at,
    make_facts,
    make_terms,
    reasons,
)

TICK = timedelta(microseconds=1)
MINUTE, HOUR, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=168)


def contacts(*moments: datetime, channel: str = "sms", outcome: str = "sent") -> tuple[ContactFacts, ...]:
    return tuple(ContactFacts(moment, channel, outcome) for moment in moments)


def total(**cap):
    return make_terms(total_cap=Cap(**cap))


@pytest.mark.parametrize(
    ("ago", "is_resting"),
    [
        (timedelta(0), True),
        (48 * HOUR - TICK, True),
        (48 * HOUR, False),
        (-TICK, False),  # dated later: it has not happened
    ],
)
@pytest.mark.parametrize("channel", ["sms", "voice", "letter"])
def test_after_a_conversation_by_any_channel_there_is_rest(channel, ago, is_resting):
    talk = contacts(WEDNESDAY - ago, channel=channel, outcome="conversation")

    found = reasons(make_facts(contacts=talk), make_terms(conversation_cooldown_hours=48))

    assert found == (("CONVERSATION_COOLDOWN",) if is_resting else ())


def test_rest_may_be_a_fraction_of_an_hour_and_needs_a_conversation_not_a_counted_one():
    terms = make_terms(conversation_cooldown_hours=0.5, counted_outcomes=frozenset())
    talk = contacts(WEDNESDAY - 30 * MINUTE + TICK, outcome="conversation")

    assert reasons(make_facts(contacts=talk), terms) == ("CONVERSATION_COOLDOWN",)
    assert reasons(make_facts(contacts=contacts(WEDNESDAY)), terms) == ()
    assert reasons(make_facts(contacts=talk), make_terms()) == ()


@pytest.mark.parametrize(("made", "found"), [(1, ()), (2, ("CAP_DAY_TOTAL",)), (3, ("CAP_DAY_TOTAL",))])
def test_the_day_is_full_once_the_cap_is_reached(made, found):
    facts = make_facts(contacts=contacts(*[WEDNESDAY - n * HOUR for n in range(made)]))

    assert reasons(facts, total(per_day=2)) == found


@pytest.mark.parametrize(
    ("moment", "is_today"),
    [
        ("2026-11-18 02:59:59.999999", False),  # the 17th in São Paulo
        ("2026-11-18 03:00:00", True),
        ("2026-11-18 15:00:00", True),  # this very instant
        ("2026-11-18 15:00:00.000001", False),  # later today: it has not happened
        ("2026-11-19 02:59:59", False),
    ],
)
def test_today_is_the_local_date(moment, is_today):
    found = reasons(make_facts(contacts=contacts(at(moment))), total(per_day=1))

    assert found == (("CAP_DAY_TOTAL",) if is_today else ())


def test_a_day_that_is_full_in_one_possible_zone_is_full():
    facts = make_facts(contacts=contacts(at("2026-11-18 04:30")), time_zones=(RIO_BRANCO, NORONHA))

    # 23:30 of the 17th in Rio Branco, 02:30 of the 18th in Noronha
    assert reasons(facts, total(per_day=1), now=at("2026-11-18 15:00")) == ("CAP_DAY_TOTAL",)
    # the 19th in Noronha, the 18th in Rio Branco: full in neither
    assert reasons(facts, total(per_day=1), now=at("2026-11-19 03:00")) == ()


def test_contacts_are_counted_zone_by_zone_and_never_added_up_over_zones():
    made = contacts(
        at("2026-11-18 03:30"), at("2026-11-18 15:00")
    )  # one today in Rio Branco, two in São Paulo

    assert reasons(make_facts(contacts=made, time_zones=(RIO_BRANCO,)), total(per_day=2)) == ()
    assert reasons(make_facts(contacts=made, time_zones=(SAO_PAULO,)), total(per_day=2)) == ("CAP_DAY_TOTAL",)
    assert reasons(make_facts(contacts=made, time_zones=(RIO_BRANCO, SAO_PAULO)), total(per_day=3)) == ()


@pytest.mark.parametrize(
    ("ago", "is_full"), [(WEEK - TICK, True), (WEEK, False), (timedelta(0), True), (-TICK, False)]
)
def test_seven_days_roll_by_168_hours(ago, is_full):
    found = reasons(make_facts(contacts=contacts(WEDNESDAY - ago)), total(per_7_days=1))

    assert found == (("CAP_7D_TOTAL",) if is_full else ())


@pytest.mark.parametrize(
    ("moment", "is_within"),
    [
        ("2026-11-12 02:59:59.999999", False),  # the 11th in São Paulo, seven dates ago
        ("2026-11-12 03:00:00", True),
        ("2026-11-18 15:00:00", True),
        ("2026-11-18 15:00:00.000001", False),
    ],
)
def test_seven_days_may_be_seven_local_dates(moment, is_within):
    terms = make_terms(total_cap=Cap(per_7_days=1), week_mode="local_dates")

    found = reasons(make_facts(contacts=contacts(at(moment))), terms)

    assert found == (("CAP_7D_TOTAL",) if is_within else ())


def test_seven_local_dates_are_asked_in_each_zone():
    terms = make_terms(total_cap=Cap(per_7_days=1), week_mode="local_dates")
    made = contacts(at("2026-11-12 04:00"))  # the 12th in São Paulo, the 11th in Rio Branco

    assert reasons(make_facts(contacts=made, time_zones=(RIO_BRANCO,)), terms) == ()
    assert reasons(make_facts(contacts=made, time_zones=(RIO_BRANCO, SAO_PAULO)), terms) == ("CAP_7D_TOTAL",)


@pytest.mark.parametrize(
    ("moment", "modes"),
    [
        ("2026-11-11 16:00", {"rolling", "both"}),  # within 168 hours, though eight dates ago
        ("2026-11-12 04:00", {"rolling", "local_dates", "both"}),
        ("2026-11-11 14:00", set()),
    ],
)
def test_where_overlays_differ_on_the_week_the_contact_must_pass_both(moment, modes):
    facts = make_facts(contacts=contacts(at(moment)))

    full = {
        mode
        for mode in ("rolling", "local_dates", "both")
        if reasons(facts, make_terms(total_cap=Cap(per_7_days=1), week_mode=mode)) == ("CAP_7D_TOTAL",)
    }

    assert full == modes


@pytest.mark.parametrize(
    ("gap_minutes", "ago", "is_running"),
    [
        (60, 60 * MINUTE - TICK, True),
        (60, 60 * MINUTE, False),
        (60, timedelta(0), True),
        (60, -TICK, False),
        (0, timedelta(0), False),
        (0.5, timedelta(seconds=30) - TICK, True),
        (0.5, timedelta(seconds=30), False),
        (1e-8, timedelta(0), True),  # 0.6 microseconds, rounded to one
        (1e-8, TICK, False),
    ],
)
def test_a_gap_runs_to_the_microsecond(gap_minutes, ago, is_running):
    found = reasons(make_facts(contacts=contacts(WEDNESDAY - ago)), total(gap_minutes=gap_minutes))

    assert found == (("GAP_TOTAL",) if is_running else ())


def test_the_total_looks_at_all_channels_and_a_channels_own_cap_at_its_own():
    cap = Cap(per_day=1, per_7_days=1, gap_minutes=60)
    terms = make_terms(total_cap=cap, channel_caps={"sms": cap, "voice": Cap(per_day=9)})
    everything = ("CAP_7D_TOTAL", "CAP_DAY_TOTAL", "GAP_TOTAL")

    by_mail = make_facts(contacts=contacts(WEDNESDAY - MINUTE, channel="email"))
    by_sms = make_facts(contacts=contacts(WEDNESDAY - MINUTE, channel="sms"))

    assert reasons(by_mail, terms) == everything
    assert set(reasons(by_sms, terms)) == {*everything, "CAP_7D_CHANNEL", "CAP_DAY_CHANNEL", "GAP_CHANNEL"}
    own_only = make_terms(channel_caps={"sms": cap})
    assert reasons(by_mail, own_only) == ()
    assert reasons(by_sms, own_only) == ("CAP_7D_CHANNEL", "CAP_DAY_CHANNEL", "GAP_CHANNEL")


@pytest.mark.parametrize("outcome", sorted(COUNTED_OUTCOMES))
def test_what_left_or_may_have_left_counts(outcome):
    facts = make_facts(contacts=contacts(WEDNESDAY, outcome=outcome))

    assert reasons(facts, total(per_day=1)) == ("CAP_DAY_TOTAL",)


@pytest.mark.parametrize("outcome", ["failed", "blocked", "inbound", "odd", "Sent"])
def test_what_did_not_leave_does_not_count(outcome):
    facts = make_facts(contacts=contacts(WEDNESDAY, outcome=outcome))

    assert reasons(facts, total(per_day=1, per_7_days=1, gap_minutes=60)) == ()


def test_a_cap_of_none_a_day_always_blocks_where_the_day_is_known():
    assert reasons(terms=total(per_day=0)) == ("CAP_DAY_TOTAL",)
    assert reasons(make_facts(time_zones=()), total(per_day=0)) == ("TZ_UNKNOWN",)
    assert reasons(terms=total(per_7_days=0)) == ("CAP_7D_TOTAL",)
    assert reasons(make_facts(time_zones=()), total(per_7_days=0)) == ("CAP_7D_TOTAL", "TZ_UNKNOWN")


def test_where_the_zone_is_unknown_only_what_needs_no_clock_is_counted():
    facts = make_facts(contacts=contacts(WEDNESDAY), time_zones=())
    cap = Cap(per_day=1, per_7_days=1, gap_minutes=60)

    assert reasons(facts, make_terms(total_cap=cap)) == ("CAP_7D_TOTAL", "GAP_TOTAL", "TZ_UNKNOWN")
    assert reasons(facts, make_terms(total_cap=cap, week_mode="local_dates")) == ("GAP_TOTAL", "TZ_UNKNOWN")


@pytest.mark.parametrize("ago", [timedelta(hours=hours) for hours in range(0, 100, 7)])
def test_a_date_line_that_moves_does_not_hide_a_contact_of_the_same_date(ago):
    """Samoa went from 29 to 31 December 2011 over night: dates are compared, hours are not."""
    now = datetime(2011, 12, 31, 9, 30, tzinfo=UTC)  # 23:30 of the 31st
    facts = make_facts(contacts=contacts(now - ago), time_zones=("Pacific/Apia",))
    is_same_date = ago < timedelta(hours=23.5)

    found = reasons(facts, total(per_day=1), now=now)

    assert found == (("CAP_DAY_TOTAL",) if is_same_date else ())
