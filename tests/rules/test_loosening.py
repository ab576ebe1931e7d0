"""What a draft of the policy allows that its base forbids: each field both ways, and nothing unseen."""

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields

from contacts.rules import gate
from contacts.rules.case_json import case_from_json
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.rules.facts import Cap, PolicyTerms, Window
from contacts.rules.loosening import JUDGES, compare, loosened, merged
from contacts.rules.reading import MalformedError
from tests.oracle.cases import random_case

BASE: dict[str, Any] = {"channels": ["sms", "email"], "caps": {"total": {}}}
CASES_OF_A_SEED = 30


def test_a_field_that_nobody_judges_yet_loosens_whenever_it_differs(monkeypatch):
    monkeypatch.delitem(JUDGES, "paused")

    (change,) = compare(base=BASE, draft=BASE | {"paused": True})

    assert change.loosens
    assert compare(base=BASE, draft=BASE) == ()


def day(*windows: tuple[str, str]) -> dict[str, Any]:
    return {"windows": {"mon": [list(window) for window in windows]}}


def cap(whose: str, **parts: Any) -> dict[str, Any]:
    return {"caps": {whose: parts} if whose in ("total", "point") else {"channels": {whose: parts}}}


#: path, what is stricter, what is looser: the keys of the policy that differ.
PAIRS: list[tuple[str, Mapping[str, Any], Mapping[str, Any]]] = [
    ("paused", {"paused": True}, {"paused": False}),
    ("channels", {"channels": ["sms"]}, {"channels": ["sms", "email"]}),
    ("channels", {"channels": []}, {"channels": ["sms"]}),
    ("windows.mon", day(), day(("08:30", "08:31"))),
    ("windows.mon", day(("08:31", "21:00")), day(("08:30", "21:00"))),
    ("windows.mon", day(("08:30", "20:59")), day(("08:30", "21:00"))),
    ("windows.mon", day(("08:30", "12:00"), ("12:01", "21:00")), day(("08:30", "21:00"))),
    ("windows.mon", day(("09:00", "10:00")), day(("08:00", "12:00"), ("11:00", "14:00"))),
    ("window_end_inclusive", {"window_end_inclusive": False}, {"window_end_inclusive": True}),
    ("hours_exempt_channels", {}, {"hours_exempt_channels": ["email"]}),
    (
        "dates_exempt_channels",
        {"dates_exempt_channels": ["sms"]},
        {"dates_exempt_channels": ["sms", "email"]},
    ),
    ("fallback_time_zones", {"fallback_time_zones": []}, {"fallback_time_zones": ["America/Manaus"]}),
    (
        "fallback_time_zones",
        {"fallback_time_zones": ["America/Manaus", "America/Recife"]},
        {"fallback_time_zones": ["America/Recife"]},
    ),
    ("close_public_holidays", {"close_public_holidays": True}, {}),
    ("close_feasts", {"close_feasts": ["carnival", "easter"]}, {"close_feasts": ["easter"]}),
    ("yearly_holidays", {"yearly_holidays": ["12-25", "01-25"]}, {"yearly_holidays": ["12-25"]}),
    ("holidays", {"holidays": ["2026-12-25"]}, {}),
    ("block_birthday", {"block_birthday": True}, {"block_birthday": False}),
    ("feb29", {"feb29": "both"}, {"feb29": "mar1"}),
    ("caps.total.per_day", cap("total", per_day=1), cap("total", per_day=2)),
    ("caps.total.per_7_days", cap("total", per_7_days=4), cap("total")),
    ("caps.total.gap_minutes", cap("total", gap_minutes=61), cap("total", gap_minutes=60)),
    ("caps.point.per_day", cap("point", per_day=0), cap("point")),
    ("caps.channels.sms.per_day", cap("sms", per_day=0), {}),
    ("caps.channels.sms.per_7_days", cap("sms", per_7_days=2), cap("sms", per_7_days=3)),
    ("caps.channels.sms.gap_minutes", cap("sms", gap_minutes=0.5), cap("sms")),
    ("week_mode", {"week_mode": "both"}, {"week_mode": "rolling"}),
    ("counted_outcomes", {"counted_outcomes": ["sent", "unknown"]}, {"counted_outcomes": ["sent"]}),
    (
        "conversation_cooldown_hours",
        {"conversation_cooldown_hours": 48},
        {"conversation_cooldown_hours": 47.9},
    ),
    ("conversation_cooldown_hours", {"conversation_cooldown_hours": 1}, {}),
    ("consent_required", {"consent_required": ["sms", "email"]}, {"consent_required": ["sms"]}),
    ("block_workplace", {}, {"block_workplace": False}),
    ("block_third_party", {}, {"block_third_party": False}),
    ("block_unverified", {"block_unverified": True}, {}),
    ("never_leave_voicemail", {}, {"never_leave_voicemail": False}),
    ("unknown_answer_is_machine", {}, {"unknown_answer_is_machine": False}),
    ("minor_age", {"minor_age": 19}, {"minor_age": 18}),
    ("minor_age", {"minor_age": 0}, {"minor_age": None}),
    ("require_birth_date", {"require_birth_date": True}, {}),
    ("holds_blocking", {"holds_blocking": ["legal", "other"]}, {"holds_blocking": ["legal"]}),
    ("promise_grace", {}, {"promise_grace": False}),
    ("promise_grace_days", {"promise_grace_days": 1}, {"promise_grace_days": 0}),
    ("promise_exempt_purposes", {}, {"promise_exempt_purposes": ["reply"]}),
]


@pytest.mark.parametrize(("path", "strict", "loose"), PAIRS)
def test_to_allow_more_loosens_and_to_allow_less_tightens(path, strict, loose):
    strict, loose = BASE | dict(strict), BASE | dict(loose)

    there, back = compare(base=strict, draft=loose), compare(base=loose, draft=strict)

    assert [(change.field, change.loosens, change.tightens) for change in there] == [(path, True, False)]
    assert [(change.field, change.loosens, change.tightens) for change in back] == [(path, False, True)]
    assert (there[0].before, there[0].after) == (back[0].after, back[0].before)
    assert compare(base=strict, draft=strict) == compare(base=loose, draft=loose) == ()


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("channels", {"channels": ["sms"]}, {"channels": ["email"]}),
        ("windows.mon", day(("08:30", "12:00")), day(("11:00", "14:00"))),
        ("feb29", {"feb29": "feb28"}, {"feb29": "mar1"}),
        ("week_mode", {"week_mode": "rolling"}, {"week_mode": "local_dates"}),
        (
            "fallback_time_zones",
            {"fallback_time_zones": ["America/Manaus"]},
            {"fallback_time_zones": ["America/Recife"]},
        ),
        ("holidays", {"holidays": ["2026-12-25"]}, {"holidays": ["2026-12-26"]}),
    ],
)
def test_to_exchange_one_for_another_does_both(path, one, other):
    (change,) = compare(base=BASE | one, draft=BASE | other)

    assert (change.field, change.loosens, change.tightens) == (path, True, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (day(("08:30", "12:00"), ("12:00", "21:00")), day(("08:30", "21:00"))),
        (
            day(("13:00", "14:00"), ("08:00", "12:00"), ("09:00", "10:00")),
            day(("8:00", "12:0"), ("13:00", "14:00")),
        ),
        ({"channels": ["sms", "email"]}, {"channels": ["email", "sms", "sms"]}),
        (cap("total", gap_minutes=0), {}),
        ({"caps": None}, {"caps": {"total": None, "channels": {"sms": {}}}}),
        ({"conversation_cooldown_hours": 0}, {}),
        (
            {"fallback_time_zones": ["America/Recife", "America/Manaus"]},
            {"fallback_time_zones": ["America/Manaus", "America/Recife"]},
        ),
        ({"close_public_holidays": False, "close_feasts": None}, {}),
        ({"a remark": 1}, {}),
    ],
)
def test_the_same_said_otherwise_is_no_change(one, other):
    assert compare(base=BASE | one, draft=BASE | other) == ()


def test_what_loosens_is_told_apart_from_what_tightens_in_the_order_of_the_page():
    draft = DEFAULT_POLICY | {
        "promise_grace": False,
        "channels": ["sms", "email", "voice", "whatsapp"],
        "windows": DEFAULT_POLICY["windows"] | {"sun": [["10:00", "12:00"]], "sat": []},
    }

    changes = compare(base=DEFAULT_POLICY, draft=draft)

    assert [change.field for change in changes] == ["windows.sat", "windows.sun", "channels", "promise_grace"]
    assert [change.field for change in loosened(changes)] == ["windows.sun", "channels", "promise_grace"]
    assert changes[1].after == (Window(600, 720),)
    assert changes[2].before == frozenset({"sms", "email", "voice"})


def test_a_cap_of_a_channel_that_is_off_is_judged_all_the_same():
    draft = {"channels": ["sms"], "caps": {"channels": {"voice": {"per_day": 9}}}}

    assert loosened(compare(base=draft | cap("voice", per_day=1), draft=draft))


def test_what_the_gate_cannot_read_is_not_compared():
    with pytest.raises(MalformedError):
        compare(base=BASE, draft={"windows": {}})


def test_every_field_of_the_terms_has_a_judge():
    of_one_value = {field.name for field in fields(PolicyTerms) if not field.name.endswith(("_cap", "_caps"))}

    assert of_one_value - JUDGES.keys() == set()
    assert {field.name for field in fields(Cap)} - JUDGES.keys() == set()


def test_caps_stand_where_the_page_has_them():
    draft = BASE | cap("sms", gap_minutes=5) | {"channels": ["sms"], "promise_grace": False}

    fields_changed = [change.field for change in compare(base=BASE, draft=draft)]

    assert fields_changed == ["channels", "caps.channels.sms.gap_minutes", "promise_grace"]


def test_caps_stand_together_by_whose_they_are():
    draft = BASE | {
        "caps": {"total": {"gap_minutes": 5}, "channels": {"total": {"per_day": 1, "gap_minutes": 1}}}
    }

    changes = compare(base=BASE | cap("total", per_day=1), draft=draft)

    assert [change.field for change in changes] == [
        "caps.total.per_day",
        "caps.total.gap_minutes",
        "caps.channels.total.per_day",
        "caps.channels.total.gap_minutes",
    ]


def test_windows_that_touch_or_overlap_are_merged():
    windows = (Window(600, 660), Window(480, 540), Window(540, 570), Window(610, 620))

    assert merged(windows) == (Window(480, 570), Window(600, 660))


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_where_nothing_loosens_the_draft_allows_nothing_that_the_base_forbids(seed):
    rng = Random(seed)

    unseen = [
        (case, draft)
        for case, draft in (case_and_draft(rng) for _ in range(CASES_OF_A_SEED))
        if is_allowed(case | {"policy": draft})
        and not is_allowed(case)
        and not loosened(compare(base=case["policy"], draft=draft))
    ]

    assert unseen == []


def test_the_random_drafts_do_allow_what_their_base_forbids():
    rng = Random(2026)
    pairs = [case_and_draft(rng) for _ in range(3_000)]

    newly = [
        (case, draft)
        for case, draft in pairs
        if is_allowed(case | {"policy": draft}) and not is_allowed(case)
    ]
    found = {
        change.field.split(".")[0]
        for case, draft in newly
        for change in compare(base=case["policy"], draft=draft)
        if change.loosens
    }

    assert len(newly) > 15
    assert len(found) > 10


def case_and_draft(rng: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a random case, and its policy with a few keys as another random policy has them."""
    case, other = random_case(rng), random_case(rng)["policy"]
    draft = dict(case["policy"])
    for key in rng.sample(sorted({*draft, *other} - {"channels"}), rng.choice([1, 1, 2, 3])):
        draft.pop(key, None)
        draft |= {key: other[key]} if key in other else {}
    return case, draft | ({"channels": other["channels"]} if rng.random() < 0.1 else {})


def is_allowed(raw: Mapping[str, Any]) -> bool:
    case = case_from_json(raw)
    return gate.decide(facts=case.facts, terms=case.terms, now=case.now).is_allowed
