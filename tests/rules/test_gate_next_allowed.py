"""When the gate will allow it: the first whole minute, the same that minute by minute asking would find."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.rules import gate
from contacts.rules.facts import (
    Cap,
    ConsentFacts,
    ContactFacts,
    Decision,
    HoldFacts,
    OptOutFacts,
    PromiseFacts,
    Window,
)
from tests.factories.gate import (
    NORONHA,
    RIO_BRANCO,
    SAO_PAULO,
    WEDNESDAY,
    at,
    every_day,
    make_facts,
    make_point,
    make_terms,
)

MINUTE = timedelta(minutes=1)
BUSINESS = make_terms(windows=every_day(("08:30", "21:00")))


def next_allowed(facts=None, terms=None, *, now=WEDNESDAY, horizon_days=15):
    decision = gate.decide(
        facts=facts or make_facts(), terms=terms or make_terms(), now=now, horizon_days=horizon_days
    )
    return decision.next_allowed


def found_by_stepping(facts, terms, now, *, horizon_days):
    """Ask minute by minute, as the definition has it."""
    if gate.decide(facts=facts, terms=terms, now=now).is_allowed:
        return now
    floor = now.replace(second=0, microsecond=0)
    for number in range(1, horizon_days * 1440 + 1):
        minute = floor + number * MINUTE
        if gate.decide(facts=facts, terms=terms, now=minute).is_allowed:
            return minute
    return None


def test_what_is_allowed_now_is_allowed_now_to_the_microsecond():
    now = at("2026-11-18 15:00:30.000001")

    decision = gate.decide(facts=make_facts(), terms=make_terms(), now=now, horizon_days=15)

    assert decision == Decision((), next_allowed=now)
    assert decision.reasons == ()


def test_a_rule_that_cannot_judge_a_later_moment_lets_none_be_promised(monkeypatch, caplog):
    def knows_today_only(facts, terms, now):
        if now >= at("2026-11-19 03:00"):
            raise ValueError("no table for tomorrow")
        return ()

    monkeypatch.setattr(gate, "RULES", (*gate.RULES, knows_today_only))
    late = at("2026-11-19 01:00")

    assert next_allowed(terms=BUSINESS, now=late) is None
    assert gate.decide(facts=make_facts(), terms=BUSINESS, now=late).reasons == ("OUTSIDE_HOURS",)
    assert {record.getMessage() for record in caplog.records} == {
        f"gate rule {__name__}.knows_today_only failed"
    }


def test_it_is_not_looked_for_unless_asked():
    late = at("2026-11-19 01:00")

    assert gate.decide(facts=make_facts(), terms=BUSINESS, now=late).next_allowed is None
    assert next_allowed(terms=BUSINESS, now=late) == at("2026-11-19 11:30")


@pytest.mark.parametrize(
    ("zones", "utc", "expected"),
    [
        ((SAO_PAULO,), "2026-11-19 00:00:00", "2026-11-19 11:30"),  # 21:00 -> 08:30
        ((SAO_PAULO,), "2026-11-19 11:29:59.999999", "2026-11-19 11:30"),
        ((RIO_BRANCO,), "2026-11-19 12:00", "2026-11-19 13:30"),
        ((NORONHA, RIO_BRANCO), "2026-11-18 23:00", "2026-11-19 13:30"),
        (("Africa/Abidjan",), "2026-11-18 23:00", "2026-11-19 08:30"),
    ],
)
def test_outside_hours_the_next_window_of_the_last_zone_to_open(zones, utc, expected):
    assert next_allowed(make_facts(time_zones=zones), BUSINESS, now=at(utc)) == at(expected)


def test_a_window_of_the_evening_opens_though_the_day_has_turned_in_greenwich():
    evening = make_terms(windows=every_day(("21:30", "22:00")))

    assert next_allowed(terms=evening, now=at("2026-11-19 00:10")) == at("2026-11-19 00:30")


def test_where_clocks_show_the_time_of_greenwich_a_window_opens_on_its_own_weekday():
    thursdays = make_terms(windows=((),) * 3 + ((Window(510, 1260),),) + ((),) * 3)

    found = next_allowed(make_facts(time_zones=("Africa/Abidjan",)), thursdays)

    assert found == at("2026-11-19 08:30")


def test_closed_days_holidays_and_personal_dates_are_passed_over():
    day = (Window(8 * 60 + 30, 21 * 60),)
    terms = make_terms(windows=(day,) * 6 + ((),), holidays=frozenset({date(2026, 11, 20)}))
    facts = make_facts(birth_date=date(1980, 11, 21), holidays=frozenset({date(2026, 11, 23)}))

    # Thursday night; Friday closed, Saturday the birthday, Sunday closed, Monday her city's holiday
    assert next_allowed(facts, terms, now=at("2026-11-20 01:00")) == at("2026-11-24 11:30")


@pytest.mark.parametrize(
    ("facts", "policy"),
    [
        ({}, {"paused": True}),
        ({}, {"channels": frozenset()}),
        ({"time_zones": ()}, {}),
        ({}, {"require_birth_date": True}),
        ({"point": make_point(status="invalid")}, {}),
        ({"point": make_point(status="unverified")}, {"block_unverified": True}),
        ({"point": make_point(kind="workplace")}, {}),
        ({"point": make_point(kind="third_party")}, {}),
        ({"point": make_point(channels=frozenset())}, {}),
        ({"channel": "voice", "action": "speak"}, {}),
        ({"something_is_owed": False}, {}),
        ({"is_ledger_in_doubt": True}, {}),
        ({"opt_outs": (OptOutFacts("global"),)}, {}),
        ({"holds": (HoldFacts("deceased"),)}, {}),
        ({}, {"consent_required": frozenset({"sms"})}),
        ({}, {"total_cap": Cap(per_day=0)}),
        ({}, {"windows": every_day()}),
    ],
)
def test_what_waiting_does_not_lift_has_no_next_moment(facts, policy):
    assert next_allowed(make_facts(**facts), make_terms(**policy)) is None


END = at("2026-11-25 10:20:30")
AFTER_END = at("2026-11-25 10:21")


@pytest.mark.parametrize(
    ("facts", "policy"),
    [
        ({"opt_outs": (OptOutFacts("global", active_until=END),)}, {}),
        ({"holds": (HoldFacts("legal", active_until=END),)}, {}),
        ({"consents": (ConsentFacts("sms", active_from=END),)}, {"consent_required": frozenset({"sms"})}),
        (
            {"contacts": (ContactFacts(END - timedelta(hours=200), "voice", "conversation"),)},
            {"conversation_cooldown_hours": 200},
        ),
        (
            {"contacts": (ContactFacts(END - timedelta(hours=168), "voice", "sent"),)},
            {"total_cap": Cap(per_7_days=1)},
        ),
        (
            {"contacts": (ContactFacts(END - timedelta(minutes=14_000.5), "sms", "sent"),)},
            {"channel_caps": {"sms": Cap(gap_minutes=14_000.5)}},
        ),
        (  # made later, due long ago: it ends the grace of the promise that is waited for
            {
                "promises": (
                    PromiseFacts(date(2027, 1, 1), made_at=at("2026-11-01 12:00")),
                    PromiseFacts(date(2026, 11, 1), made_at=END),
                )
            },
            {},
        ),
    ],
)
def test_what_ends_within_a_minute_is_allowed_from_the_next_whole_minute_on(facts, policy):
    assert next_allowed(make_facts(**facts), make_terms(**policy)) == AFTER_END


@pytest.mark.parametrize(
    ("facts", "policy", "expected"),
    [
        (
            {"promises": (PromiseFacts(date(2026, 11, 20), made_at=WEDNESDAY),)},
            {"promise_grace_days": 1},
            "2026-11-22 03:00",
        ),
        ({"contacts": (ContactFacts(WEDNESDAY, "sms", "sent"),)}, {"total_cap": Cap(1)}, "2026-11-19 03:00"),
        (
            {"contacts": (ContactFacts(WEDNESDAY, "sms", "sent"),)},
            {"total_cap": Cap(per_7_days=1), "week_mode": "local_dates"},
            "2026-11-25 03:00",
        ),
        ({"birth_date": date(2008, 11, 20)}, {"block_birthday": False}, "2026-11-20 03:00"),
        (
            {"holidays": frozenset({date(2026, 11, 18)}), "time_zones": (RIO_BRANCO,)},
            {"windows": every_day(("08:30", "21:00")), "hours_exempt_channels": frozenset({"sms"})},
            "2026-11-19 05:00",
        ),
    ],
)
def test_what_ends_with_the_local_day_ends_at_the_debtors_midnight(facts, policy, expected):
    assert next_allowed(make_facts(**facts), make_terms(**policy)) == at(expected)


def test_late_in_the_day_midnight_is_still_the_debtors():
    evening = at("2026-11-19 01:00")  # of the day before, eight o'clock in Rio Branco
    facts = make_facts(time_zones=(RIO_BRANCO,), contacts=(ContactFacts(evening, "sms", "sent"),))
    terms = make_terms(total_cap=Cap(1), hours_exempt_channels=frozenset({"sms"}))

    assert next_allowed(facts, terms, now=evening) == at("2026-11-19 05:00")


@pytest.mark.parametrize("fraction", [0, 1, 999_999])
def test_what_ends_within_the_first_second_of_a_minute_is_over_in_the_next(fraction):
    end = at("2026-11-18 16:00") + timedelta(microseconds=fraction)
    expected = "2026-11-18 16:01" if fraction else "2026-11-18 16:00"

    assert next_allowed(make_facts(holds=(HoldFacts("legal", active_until=end),))) == at(expected)


def test_what_begins_later_counts_from_its_own_moment_on():
    late = at("2026-11-19 01:00")
    hold = HoldFacts("legal", active_from=at("2026-11-19 11:00"), active_until=at("2026-11-19 18:00"))
    talk = ContactFacts(at("2026-11-19 17:30"), "voice", "conversation")
    terms = make_terms(windows=BUSINESS.windows, conversation_cooldown_hours=2)

    assert next_allowed(make_facts(holds=(hold,), contacts=(talk,)), terms, now=late) == at(
        "2026-11-19 19:30"
    )


@pytest.mark.parametrize(
    ("horizon_days", "end", "is_found"),
    [
        (1, WEDNESDAY + timedelta(days=1), True),  # the last whole minute of the horizon
        (1, WEDNESDAY + timedelta(days=1, microseconds=1), False),
        (0, WEDNESDAY + MINUTE, False),
        (-1, WEDNESDAY + MINUTE, False),
        (20, WEDNESDAY + timedelta(days=16), True),
        (15, WEDNESDAY + timedelta(days=16), False),
    ],
)
def test_the_horizon_is_so_many_days_of_whole_minutes(horizon_days, end, is_found):
    facts = make_facts(holds=(HoldFacts("legal", active_until=end),))

    assert next_allowed(facts, horizon_days=horizon_days) == (end if is_found else None)


def test_the_horizon_is_counted_from_the_minute_begun():
    now = at("2026-11-18 15:00:30")
    last, too_late = at("2026-11-19 15:00"), at("2026-11-19 15:00:01")
    assert _after_a_hold(until=last, now=now) == last
    assert _after_a_hold(until=too_late, now=now) is None
    split = timedelta(microseconds=1)
    assert _after_a_hold(until=last + split, now=at("2026-11-18 15:00") + 2 * split) is None


def _after_a_hold(*, until, now):
    return next_allowed(make_facts(holds=(HoldFacts("legal", None, until),)), now=now, horizon_days=1)


def test_a_gap_that_ends_with_the_horizon_ends_in_it():
    facts = make_facts(contacts=(ContactFacts(WEDNESDAY, "sms", "sent"),))
    a_day = make_terms(total_cap=Cap(gap_minutes=1440))

    assert next_allowed(facts, a_day, horizon_days=1) == WEDNESDAY + timedelta(days=1)


def test_an_inclusive_last_instant_is_an_answer_though_the_minute_before_was_full():
    terms = make_terms(
        windows=every_day(("08:30", "21:00")), window_end_inclusive=True, total_cap=Cap(gap_minutes=60)
    )
    facts = make_facts(contacts=(ContactFacts(at("2026-11-18 23:00"), "sms", "sent"),))

    assert next_allowed(facts, terms, now=at("2026-11-18 23:10")) == at("2026-11-19 00:00")


def test_an_answered_call_waits_for_the_end_of_a_hold_and_asks_no_clock():
    answered = make_facts(
        channel="voice",
        action="speak",
        answered_by="human",
        time_zones=(),
        holds=(HoldFacts("legal", active_until=END),),
    )

    assert next_allowed(answered, BUSINESS) == AFTER_END


def test_a_gap_longer_than_the_calendar_has_no_end():
    facts = make_facts(contacts=(ContactFacts(WEDNESDAY, "sms", "sent"),))

    assert next_allowed(facts, make_terms(total_cap=Cap(gap_minutes=1_000_000_000_000))) is None


SHIFTS = {  # (zone, an instant not long before its clock shifts)
    "midnight does not exist": (SAO_PAULO, at("2018-11-03 20:00")),
    "23 o'clock comes twice": (SAO_PAULO, at("2018-02-17 20:00")),
    "four hours after midnight in Greenwich": ("America/Santiago", at("2026-09-05 23:00")),
    "half an hour": ("Australia/Lord_Howe", at("2026-10-03 12:00")),
    "a whole day is left out": ("Pacific/Apia", at("2011-12-29 20:00")),
    "a day comes twice": ("Pacific/Kwajalein", at("1993-08-20 20:00")),
    "seconds": ("America/Sao_Paulo", at("1913-12-31 20:00")),
}


@pytest.mark.parametrize(("zone", "now"), SHIFTS.values(), ids=SHIFTS.keys())
@pytest.mark.parametrize(
    "windows",
    [("00:30", "01:10"), ("23:30", "24:00"), ("23:10", "23:20"), ("02:10", "02:20"), ("00:00", "00:01")],
)
def test_when_the_clock_shifts_the_answer_is_that_of_asking_minute_by_minute(zone, now, windows):
    facts = make_facts(time_zones=(zone,), contacts=(ContactFacts(now, "sms", "sent"),))
    terms = make_terms(windows=every_day(windows), total_cap=Cap(per_day=1))

    assert next_allowed(facts, terms, now=now, horizon_days=2) == found_by_stepping(
        facts, terms, now, horizon_days=2
    )


def test_an_opening_that_a_clock_leaves_out_is_made_up_for_at_the_shift_itself():
    early = make_terms(windows=every_day(("02:30", "03:10")))
    in_new_york = make_facts(time_zones=("America/New_York",))

    assert next_allowed(in_new_york, early, now=at("2026-03-08 05:00")) == at("2026-03-08 07:00")


moments = st.builds(
    lambda minutes, seconds: WEDNESDAY + timedelta(minutes=minutes, seconds=seconds),
    st.integers(-3000, 3000),
    st.sampled_from([0, 0, 30, 59.999999]),
)
maybe = st.none() | moments
days = st.dates(date(2026, 11, 16), date(2026, 11, 21))
zones = st.lists(st.sampled_from([SAO_PAULO, RIO_BRANCO, NORONHA, "Asia/Kathmandu"]), min_size=1, max_size=2)
day_windows = st.sampled_from(
    [(), (Window(510, 1260),), (Window(0, 60), Window(720, 780)), (Window(600, 601),), (Window(0, 1440),)]
)
caps = st.none() | st.builds(
    Cap, st.none() | st.integers(1, 3), st.none() | st.integers(1, 3), st.sampled_from([None, 60, 90.5])
)
some_facts = st.builds(
    make_facts,
    action=st.sampled_from(["start", "start", "start", "speak"]),
    time_zones=zones.map(tuple),
    birth_date=st.none() | st.sampled_from([date(1990, 11, 19), date(2008, 11, 19)]),
    holidays=st.frozensets(days, max_size=2),
    holds=st.lists(st.builds(HoldFacts, st.just("legal"), maybe, maybe), max_size=2).map(tuple),
    opt_outs=st.lists(
        st.builds(OptOutFacts, st.just("global"), st.none(), st.none(), maybe, maybe), max_size=1
    ).map(tuple),
    consents=st.lists(st.builds(ConsentFacts, st.just("sms"), maybe, maybe), max_size=2).map(tuple),
    promises=st.lists(st.builds(PromiseFacts, days, moments), max_size=2).map(tuple),
    contacts=st.lists(
        st.builds(
            ContactFacts,
            moments,
            st.sampled_from(["sms", "voice"]),
            st.sampled_from(["sent", "conversation"]),
        ),
        max_size=4,
    ).map(tuple),
)
some_terms = st.builds(
    make_terms,
    windows=st.lists(day_windows, min_size=7, max_size=7).map(tuple),
    window_end_inclusive=st.booleans(),
    consent_required=st.sampled_from([frozenset(), frozenset(), frozenset({"sms"})]),
    conversation_cooldown_hours=st.sampled_from([None, 5, 1.25]),
    promise_grace_days=st.integers(-1, 1),
    total_cap=caps,
    channel_caps=caps.map(lambda cap: {"sms": cap} if cap else {}),
    week_mode=st.sampled_from(["rolling", "local_dates", "both"]),
)


@settings(max_examples=60, deadline=None)
@given(some_facts, some_terms, moments)
def test_the_answer_is_that_of_asking_minute_by_minute(facts, terms, now: datetime):
    assert next_allowed(facts, terms, now=now, horizon_days=1) == found_by_stepping(
        facts, terms, now, horizon_days=1
    )
