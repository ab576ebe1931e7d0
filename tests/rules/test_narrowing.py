"""Overlays can only narrow: whatever they leave allowed, the policy and every overlay allow as well."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from contacts.rules import gate
from contacts.rules.facts import (
    Cap,
    ConsentFacts,
    ContactFacts,
    Facts,
    HoldFacts,
    PolicyTerms,
    PromiseFacts,
    Window,
)
from contacts.rules.loosening import compare, loosened
from contacts.rules.narrowing import Overlay, closed_by_rule, narrow, narrow_all, overlay_from_json
from contacts.rules.policy_json import WEEKDAYS, policy_from_json, policy_to_json
from contacts.rules.reading import MalformedError
from tests.factories.gate import (
    MANAUS,
    NORONHA,
    SAO_PAULO,
    WEDNESDAY,
    every_day,
    make_facts,
    make_point,
    make_terms,
)

YEAR = 2026
CHANNELS = ("sms", "voice")
EDGES = ("00:00", "08:00", "11:59", "12:00", "12:01", "18:00", "24:00")
DAY_OF_WEDNESDAY = date(2026, 11, 18)


def overlay(**said: Any) -> Overlay:
    return overlay_from_json(said, year=YEAR)


def some(words: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(words), unique=True)


windows = st.lists(
    st.lists(st.sampled_from(EDGES), min_size=2, max_size=2, unique=True).map(sorted), max_size=2
) | st.just([["00:00", "24:00"]])
weeks = st.just({day: [["00:00", "24:00"]] for day in WEEKDAYS}) | st.fixed_dictionaries(
    {}, optional=dict.fromkeys(WEEKDAYS, windows)
)
caps = st.fixed_dictionaries(
    {},
    optional={
        "per_day": st.integers(0, 3),
        "per_7_days": st.integers(1, 5),
        "gap_minutes": st.sampled_from([0, 0.5, 60, 1440]),
    },
)
days = st.sampled_from(["2026-11-17", "2026-11-18", "2026-11-19"])
flags = st.booleans()
SAID = {
    "paused": st.sampled_from([False, False, False, True]),
    "channels": st.just(list(CHANNELS)) | some(CHANNELS),
    "windows": weeks,
    "window_end_inclusive": flags,
    "hours_exempt_channels": some(CHANNELS),
    "dates_exempt_channels": some(CHANNELS),
    "fallback_time_zones": some((SAO_PAULO, MANAUS, NORONHA, "Mars/Olympus_Mons")),
    "block_birthday": flags,
    "feb29": st.sampled_from(["both", "feb28", "mar1"]),
    "holidays": st.lists(days, max_size=1),
    "yearly_holidays": st.lists(days.map(lambda day: day[5:]), max_size=1),
    "minor_age": st.none() | st.sampled_from([0, 18, 21]),
    "require_birth_date": flags,
    "block_workplace": flags,
    "block_third_party": flags,
    "block_unverified": flags,
    "consent_required": some(CHANNELS),
    "holds_blocking": some(("dispute", "legal")),
    "promise_grace": flags,
    "promise_grace_days": st.integers(-1, 2),
    "promise_exempt_purposes": some(("collection", "reply")),
    "conversation_cooldown_hours": st.none() | st.sampled_from([0, 1, 48]),
    "counted_outcomes": some(("sent", "delivered", "no_answer", "conversation")),
    "caps": st.fixed_dictionaries(
        {},
        optional={"total": caps, "point": caps, "channels": st.dictionaries(st.sampled_from(CHANNELS), caps)},
    ),
    "week_mode": st.sampled_from(["rolling", "local_dates", "both"]),
    "never_leave_voicemail": flags,
    "unknown_answer_is_machine": flags,
    "message_first": flags,
}  # fmt: skip

policies = st.fixed_dictionaries(SAID).map(policy_from_json)
partial = st.fixed_dictionaries({}, optional=SAID).map(lambda said: overlay_from_json(said, year=YEAR))
whole = st.fixed_dictionaries(SAID).map(lambda said: overlay_from_json(said, year=YEAR))
overlays = partial | whole

ago = st.sampled_from(
    [timedelta(0), timedelta(seconds=30), timedelta(minutes=60), timedelta(days=1), timedelta(hours=168)]
)
contacts = st.lists(
    st.builds(
        lambda ago, channel, outcome: ContactFacts(WEDNESDAY - ago, channel, outcome),
        ago,
        st.sampled_from(CHANNELS),
        st.sampled_from(["sent", "delivered", "no_answer", "conversation", "blocked"]),
    ),
    max_size=3,
).map(tuple)
points = st.builds(
    make_point,
    kind=st.sampled_from(["own", "own", "workplace", "third_party"]),
    status=st.sampled_from(["valid", "valid", "unverified"]),
    contacts=contacts,
)
facts_ = st.builds(
    make_facts,
    channel=st.sampled_from(CHANNELS),
    purpose=st.sampled_from(["collection", "reply"]),
    action=st.sampled_from(["start", "start", "speak"]),
    answered_by=st.sampled_from([None, "human", "machine"]),
    birth_date=st.none() | st.sampled_from([date(1996, 2, 29), date(1990, 11, 18), date(2007, 1, 1)]),
    time_zones=st.sampled_from([(), (SAO_PAULO,), (SAO_PAULO, MANAUS)]),
    holds=st.lists(st.builds(HoldFacts, st.sampled_from(["dispute", "legal"])), max_size=1).map(tuple),
    consents=st.lists(st.builds(ConsentFacts, st.sampled_from(["sms", "*"])), max_size=1).map(tuple),
    promises=st.lists(
        st.builds(PromiseFacts, st.sampled_from([DAY_OF_WEDNESDAY]), st.just(WEDNESDAY)), max_size=1
    ).map(tuple),
    contacts=contacts,
    was_messaged=flags,
    point=points,
)
instants = st.builds(
    lambda days, minutes, micros: WEDNESDAY + timedelta(days=days, minutes=minutes, microseconds=micros),
    st.integers(0, 3) | st.just(103),  # 103 days on is 1 March of a common year
    st.sampled_from([0, -1, 1, 6 * 60, 12 * 60, -4 * 60, -12 * 60]),
    st.sampled_from([0, 0, -1, 1]),
)


def reasons(facts: Facts, terms: PolicyTerms, now: Any) -> set[str]:
    return set(gate.decide(facts=facts, terms=terms, now=now).reasons)


def is_narrower(narrowed: set[str], than: set[str]) -> bool:
    """Return whether everything that objects there objects here; without a zone, clocks are not judged."""
    return bool(narrowed) if "TZ_UNKNOWN" in narrowed else than <= narrowed


@settings(max_examples=300)
@given(base=policies, given_=st.lists(overlays, max_size=4), facts=facts_, now=instants)
def test_no_overlays_ever_allow_what_the_policy_forbids(base, given_, facts, now):
    assert is_narrower(reasons(facts, narrow_all(base, given_), now), reasons(facts, base, now))


@settings(max_examples=300)
@given(base=policies, given_=st.lists(whole, min_size=1, max_size=3), facts=facts_, now=instants)
def test_nor_what_an_overlay_forbids_as_terms_of_its_own(base, given_, facts, now):
    found = reasons(facts, narrow_all(base, given_), now)

    assert all(is_narrower(found, reasons(facts, each.terms, now)) for each in given_)


@given(base=policies, given_=st.lists(overlays, max_size=3))
def test_what_is_narrowed_is_nowhere_loosened(base, given_):
    narrowed = policy_to_json(narrow_all(base, given_))

    assert loosened(compare(base=policy_to_json(base), draft=narrowed)) == ()


def test_the_random_cases_reach_what_three_different_overlays_allow():
    def is_telling(case: tuple[PolicyTerms, list[Overlay], Facts, Any]) -> bool:
        base, given_, facts, now = case
        narrowed = narrow_all(base, given_)
        return narrowed not in (base, *(each.terms for each in given_)) and not reasons(facts, narrowed, now)

    cases = st.tuples(policies, st.lists(whole, min_size=3, max_size=3), facts_, instants)
    easy = cases.map(lambda case: (case[0], case[1], replace(case[2], point=make_point()), case[3]))

    some_case = settings(max_examples=20_000, database=None, phases=[Phase.generate])
    assert find(easy, is_telling, settings=some_case)


@given(base=policies, given_=st.lists(overlays, min_size=2, max_size=3))
def test_the_order_of_overlays_does_not_matter(base, given_):
    assert len({repr(policy_to_json(narrow_all(base, order))) for order in permutations(given_)}) == 1


@given(base=policies, one=overlays, other=overlays)
def test_an_overlay_given_twice_is_given_once(base, one, other):
    once = narrow(narrow(base, one), other)

    assert narrow(narrow(once, one), other) == once


@given(base=policies)
def test_an_overlay_that_says_nothing_changes_nothing(base):
    assert narrow(base, overlay()) == base
    assert narrow(base, overlay_from_json(dict.fromkeys(SAID), year=YEAR)) == base


@given(one=overlays, other=overlays, third=overlays)
def test_overlays_may_be_joined_before_they_are_laid_on(one, other, third):
    def lay_on(below: Overlay, above: Overlay) -> Overlay:
        both = narrow(below.terms, Overlay(above.terms, below.says & above.says))
        alone = {name: getattr(above.terms, name) for name in above.says - below.says}
        return Overlay(replace(both, **alone), below.says | above.says)

    left, right = lay_on(lay_on(one, other), third), lay_on(one, lay_on(other, third))

    assert left.says == right.says
    assert policy_to_json(narrow(make_terms(), left)) == policy_to_json(narrow(make_terms(), right))


def test_an_overlay_can_speak_of_every_field_but_of_its_own_readability():
    said = overlay_from_json(policy_to_json(make_terms(conversation_cooldown_hours=1)), year=YEAR)

    assert {field.name for field in fields(PolicyTerms)} - said.says == {"is_unreadable"}


def test_what_cannot_be_read_stays_unreadable_whatever_is_laid_over_it():
    unreadable = Overlay(make_terms(is_unreadable=True), frozenset({"is_unreadable"}))

    assert narrow_all(make_terms(), [unreadable, overlay(paused=False)]).is_unreadable


@pytest.mark.parametrize(
    ("field", "ours", "theirs", "left"),
    [
        ("channels", {"sms", "voice"}, {"voice", "email"}, {"voice"}),
        ("hours_exempt_channels", {"email", "letter"}, {"email"}, {"email"}),
        ("dates_exempt_channels", {"email"}, set(), set()),
        ("promise_exempt_purposes", {"reply", "test"}, {"test"}, {"test"}),
        ("holidays", {date(2026, 1, 25)}, {date(2026, 7, 9)}, {date(2026, 1, 25), date(2026, 7, 9)}),
        ("yearly_holidays", {(12, 24)}, {(12, 31)}, {(12, 24), (12, 31)}),
        ("consent_required", {"whatsapp"}, {"sms"}, {"whatsapp", "sms"}),
        ("holds_blocking", {"legal"}, {"other"}, {"legal", "other"}),
        ("counted_outcomes", {"sent"}, {"no_answer"}, {"sent", "no_answer"}),
        ("fallback_time_zones", (SAO_PAULO,), (MANAUS,), (MANAUS, SAO_PAULO)),
        ("fallback_time_zones", (SAO_PAULO,), (), ()),
        ("fallback_time_zones", (), (MANAUS,), ()),
        ("paused", False, True, True),
        ("block_birthday", True, False, True),
        ("promise_grace", False, True, True),
        ("message_first", False, True, True),
        ("window_end_inclusive", True, False, False),
        ("window_end_inclusive", True, True, True),
        ("minor_age", None, 21, 21),
        ("minor_age", 18, 16, 18),
        ("promise_grace_days", -1, 2, 2),
        ("conversation_cooldown_hours", None, 0.5, 0.5),
        ("conversation_cooldown_hours", 48, 24, 48),
        ("feb29", "feb28", "mar1", "both"),
        ("feb29", "mar1", "mar1", "mar1"),
        ("week_mode", "rolling", "local_dates", "both"),
        ("week_mode", "rolling", "both", "both"),
        ("total_cap", None, Cap(per_day=2), Cap(per_day=2)),
        ("total_cap", Cap(1, 9, 30), Cap(2, 3, 60), Cap(1, 3, 60)),
        ("point_cap", Cap(per_day=0), Cap(gap_minutes=5), Cap(per_day=0, gap_minutes=5)),
        ("channel_caps", {"sms": Cap(2)}, {"sms": Cap(1), "voice": Cap(3)}, {"sms": Cap(1), "voice": Cap(3)}),
    ],
)
def test_each_field_keeps_the_narrower_of_the_two(field, ours, theirs, left):
    for mine, yours in [(ours, theirs), (theirs, ours)]:
        narrowed = narrow(
            make_terms(**{field: mine}), Overlay(make_terms(**{field: yours}), frozenset({field}))
        )

        assert getattr(narrowed, field) == left


@pytest.mark.parametrize(
    ("ours", "theirs", "left"),
    [
        ([("08:30", "21:00")], [("08:00", "20:00")], [("08:30", "20:00")]),
        ([("08:00", "12:00")], [("12:00", "18:00")], []),
        ([("08:00", "12:00"), ("12:00", "18:00")], [("11:00", "13:00")], [("11:00", "13:00")]),
        (
            [("13:00", "18:00"), ("8:00", "12:00")],
            [("9:00", "14:00")],
            [("9:00", "12:00"), ("13:00", "14:00")],
        ),
        ([("08:00", "14:00"), ("10:00", "18:00")], [("00:00", "24:00")], [("08:00", "18:00")]),
        ([("08:00", "18:00"), ("10:00", "11:00")], [("09:00", "24:00")], [("09:00", "18:00")]),
        ([("08:00", "24:00")], [("23:59", "24:00")], [("23:59", "24:00")]),
        ([], [("00:00", "24:00")], []),
    ],
)
def test_of_two_weeks_the_minutes_that_both_have_open_are_left(ours, theirs, left):
    for mine, yours in [(ours, theirs), (theirs, ours)]:
        narrowed = narrow(
            make_terms(windows=every_day(*mine)),
            Overlay(make_terms(windows=every_day(*yours)), frozenset({"windows"})),
        )

        assert narrowed.windows == every_day(*left)


def test_a_day_the_overlay_does_not_name_is_closed():
    narrowed = narrow(make_terms(), overlay(windows={"mon": [["08:00", "20:00"]]}))

    assert narrowed.windows == ((Window(480, 1200),), *[()] * 6)


def test_windows_that_only_touch_leave_not_even_the_instant_in_which_both_count_themselves_open():
    base = make_terms(windows=every_day(("08:00", "12:00")), window_end_inclusive=True)
    afternoon = overlay(windows={day: [["12:00", "18:00"]] for day in WEEKDAYS}, window_end_inclusive=True)
    noon = make_facts()

    assert not reasons(noon, base, WEDNESDAY)
    assert not reasons(noon, afternoon.terms, WEDNESDAY) - {"CHANNEL_DISABLED"}
    assert reasons(noon, narrow(base, afternoon), WEDNESDAY) == {"OUTSIDE_HOURS"}


@pytest.mark.parametrize(
    ("said", "is_open_at_the_last_moment"),
    [({"window_end_inclusive": True}, True), ({"window_end_inclusive": False}, False), ({}, False)],
)
def test_the_last_moment_counts_only_where_both_say_so(said, is_open_at_the_last_moment):
    base = make_terms(windows=every_day(("08:00", "12:00")), window_end_inclusive=True)
    same_hours = overlay(windows={day: [["08:00", "12:00"]] for day in WEEKDAYS}, **said)

    assert (not reasons(make_facts(), narrow(base, same_hours), WEDNESDAY)) is is_open_at_the_last_moment


def test_an_overlay_without_windows_leaves_the_last_moment_as_it_is():
    base = make_terms(windows=every_day(("08:00", "12:00")), window_end_inclusive=True)

    assert narrow(base, overlay(minor_age=21)).window_end_inclusive


def test_days_closed_by_rule_become_dates_of_this_year_and_the_years_beside_it():
    closed = overlay_from_json(
        {"close_public_holidays": True, "close_feasts": ["mothers_day"]}, year=2026, state="SP"
    )

    assert closed.says == {"holidays"}
    assert {
        date(2026, 7, 9),
        date(2025, 12, 25),
        date(2027, 1, 1),
        date(2026, 5, 10),
    } <= closed.terms.holidays
    assert {day.year for day in closed.terms.holidays} == {2025, 2026, 2027}
    assert date(2026, 7, 9) not in overlay(close_public_holidays=True).terms.holidays
    assert closed_by_rule({}, year=2026) == frozenset()
    assert overlay(close_public_holidays=False, holidays=["2026-07-09"]).terms.holidays == {date(2026, 7, 9)}


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ([], "the line is not an object"),
        ({"window": {}}, "window is a word that no rule knows ('window')"),
        ({"windows": {"seg": []}}, "windows.seg is not a weekday"),
        ({"windows": {"mon": [["20:00", "08:00"]]}}, "windows.mon[0] does not end later than it starts"),
        ({"caps": {"totl": {}}}, "caps.totl is a word that no rule knows ('totl')"),
        ({"caps": {"total": {"perday": 1}}}, "caps.total.perday is a word that no rule knows"),
        ({"caps": {"channels": {"sms": {"x": 1}}}}, "caps.sms.x is a word that no rule knows"),
        ({"caps": {"point": {"x": 1}}}, "caps.point.x is a word that no rule knows"),
        ({"caps": {"total": [1]}}, "caps.total is not an object"),
        ({"paused": "yes"}, "paused is neither true nor false"),
        ({"close_public_holidays": "yes"}, "close_public_holidays is neither true nor false"),
        ({"close_feasts": ["easter", "xmas"]}, "close_feasts is not one of the words allowed here ('xmas')"),
    ],
)
def test_what_cannot_be_understood_is_refused_unknown_words_included(raw, complaint):
    with pytest.raises(MalformedError) as refused:
        overlay_from_json(raw, year=YEAR)

    assert str(refused.value).startswith(complaint)
    assert refused.value.value is not None  # what it was is shown


def test_empty_and_null_parts_of_the_caps_say_nothing():
    said = overlay(caps={"total": None, "channels": {"sms": None}, "point": {}})

    assert narrow(make_terms(), said).total_cap is None
    assert narrow(make_terms(), said).channel_caps == {}
