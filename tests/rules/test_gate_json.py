"""The gate's JSON format: defaults, nulls, what is malformed and how it is said, hash and replay."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contacts.rules import gate
from contacts.rules.case_json import Case, case_from_json, case_to_json, facts_hash
from contacts.rules.facts import Cap, ContactFacts, Facts, HoldFacts, PointFacts, PolicyTerms, Window
from contacts.rules.facts_json import facts_from_json, facts_to_json, to_text
from contacts.rules.policy_json import WEEKDAYS, policy_from_json, policy_to_json, unknown_policy_keys
from contacts.rules.reading import PROBLEMS, MalformedError
from tests.factories.gate import WEDNESDAY, make_facts, make_terms

POLICY = {"channels": ["sms"]}
POINT = {"id": "p1", "kind": "own", "status": "valid", "channels": ["sms"]}
HASH_OF_THE_PLAIN_LINE = "c0507bfda17baaed73f42eeefa76eac12ece439fb47b419c1a989f715ecbc209"
LINE = {
    "id": "7:42",
    "instant": "2026-11-18T15:00:00Z",
    "channel": "sms",
    "policy": POLICY,
    "debtor": {},
    "point": POINT,
}


def changed(path: str, value: object) -> dict:
    """Return the plain line with the value at a dotted path put in; `...` takes the key away."""
    line = json.loads(json.dumps(LINE))
    *outer, key = path.split(".")
    place = line
    for name in outer:
        place = place.setdefault(name, {})
    if value is ...:
        del place[key]
    else:
        place[key] = value
    return line


def test_what_a_policy_does_not_say_is_as_the_format_says():
    terms = policy_from_json(POLICY)

    assert terms == PolicyTerms(channels=frozenset({"sms"}))
    assert terms.windows == ((),) * 7
    assert terms.minor_age == 18
    assert terms.consent_required == {"whatsapp"}
    assert terms.holds_blocking == {"dispute", "bankruptcy", "deceased", "legal", "complaint"}
    assert len(terms.counted_outcomes) == 7
    assert (terms.feb29, terms.week_mode, terms.promise_grace_days) == ("both", "rolling", 0)


def test_null_is_the_same_as_absent_but_for_what_it_says_is_not_judged():
    nulls = dict.fromkeys(policy_to_json(policy_from_json(POLICY)))

    assert policy_from_json(nulls | POLICY) == replace(policy_from_json(POLICY), minor_age=None)


def test_an_empty_list_is_an_empty_list():
    terms = policy_from_json(
        POLICY | {"consent_required": [], "holds_blocking": [], "counted_outcomes": [], "channels": []}
    )

    assert [terms.consent_required, terms.holds_blocking, terms.counted_outcomes, terms.channels] == [
        frozenset()
    ] * 4


def test_caps_may_be_null_at_each_depth():
    assert policy_from_json(POLICY | {"caps": {"total": None, "channels": None}}) == policy_from_json(POLICY)
    caps = {
        "total": {"per_day": None},
        "channels": {"sms": None, "voice": {"gap_minutes": 1.5, "per_day": 2}},
    }

    terms = policy_from_json(POLICY | {"caps": caps})

    assert terms.total_cap == Cap()
    assert terms.channel_caps == {"voice": Cap(per_day=2, gap_minutes=1.5)}
    assert terms.point_cap is None
    assert policy_from_json(POLICY | {"caps": {"point": {"per_7_days": 4}}}).point_cap == Cap(per_7_days=4)


@pytest.mark.parametrize(
    ("written", "window"),
    [
        (["08:30", "21:00"], Window(510, 1260)),
        (["8:30", "21:0"], Window(510, 1260)),
        (["0:0", "24:00"], Window(0, 1440)),
        (["23:59", "24:0"], Window(1439, 1440)),
    ],
)
def test_times_of_day_need_no_leading_zero_and_a_day_ends_at_24(written, window):
    terms = policy_from_json(POLICY | {"windows": {"tue": [written], "wed": None}})

    assert terms.windows == ((), (window,), (), (), (), (), ())


def test_a_line_with_nothing_but_the_required_keys_has_the_formats_facts():
    case = case_from_json(LINE)

    assert case == Case(
        facts=Facts(
            channel="sms",
            point=PointFacts(id="p1", kind="own", status="valid", channels=frozenset({"sms"})),
        ),
        terms=PolicyTerms(channels=frozenset({"sms"})),
        now=datetime(2026, 11, 18, 15, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "key", ["holds", "opt_outs", "consents", "promises", "contacts", "time_zones", "holidays"]
)
def test_null_lists_of_the_debtor_are_empty(key):
    assert facts_from_json(changed(f"debtor.{key}", None)) == facts_from_json(LINE)


@pytest.mark.parametrize(
    "path", ["action", "purpose", "answered_by", "debtor.birth_date", "point.time_zones"]
)
def test_null_words_are_absent(path):
    assert facts_from_json(changed(path, None)) == facts_from_json(LINE)


@pytest.mark.parametrize(
    ("path", "value", "field", "read"),
    [
        ("action", "speak", "action", "speak"),
        ("action", "Speak", "action", "start"),
        ("action", "sing", "action", "start"),
        ("answered_by", "machine", "answered_by", "machine"),
        ("answered_by", "human", "answered_by", "human"),
        ("answered_by", "fax", "answered_by", "unknown"),
        ("purpose", "singing", "purpose", "singing"),
    ],
)
def test_unknown_words_are_no_errors(path, value, field, read):
    assert getattr(facts_from_json(changed(path, value)), field) == read


@pytest.mark.parametrize("path", ["point.kind", "point.status"])
def test_unknown_kinds_and_states_of_a_point_match_no_rule(path):
    case = case_from_json(changed(path, "odd"))

    assert gate.decide(facts=case.facts, terms=case.terms, now=case.now).reasons == ("TZ_UNKNOWN",)


def test_promises_that_are_not_open_need_no_instant_and_are_left_out():
    promises = [{"date": "2026-11-20", "status": "kept"}, {"status": "odd"}, {"date": "2026-11-20"}]

    assert facts_from_json(changed("debtor.promises", promises)).promises == ()


def test_unknown_keys_are_ignored_and_can_be_listed():
    assert policy_from_json(POLICY | {"pausd": True}) == policy_from_json(POLICY)
    assert unknown_policy_keys(POLICY | {"pausd": True, "caps": {}}) == ["pausd"]
    assert case_from_json(LINE | {"expect": 5, "weather": "fine"}) == case_from_json(LINE)


@pytest.mark.parametrize(
    ("instant", "utc"),
    [
        ("2026-11-18T15:00:00Z", "2026-11-18T15:00:00Z"),
        ("2026-11-18T12:00:00-03:00", "2026-11-18T15:00:00Z"),
        ("2026-11-18T15:00:00.000001Z", "2026-11-18T15:00:00.000001Z"),
        ("2026-11-18T15:00:00.5+00:00", "2026-11-18T15:00:00.500000Z"),
        ("0002-01-01T00:00:00Z", "0002-01-01T00:00:00Z"),
    ],
)
def test_instants_are_read_with_their_zone_and_written_in_utc(instant, utc):
    assert to_text(case_from_json(changed("instant", instant)).now) == utc


MALFORMED = [
    ("instant", ..., "instant is missing"),
    ("instant", None, "instant is missing"),
    ("channel", ..., "channel is missing"),
    ("policy", ..., "policy is missing"),
    ("policy.channels", ..., "policy.channels is missing"),
    ("policy.channels", None, "policy.channels is missing"),
    ("debtor", ..., "debtor is missing"),
    ("point", ..., "point is missing"),
    ("point.id", ..., "point.id is missing"),
    ("point.kind", ..., "point.kind is missing"),
    ("point.status", ..., "point.status is missing"),
    ("point.channels", ..., "point.channels is missing"),
    ("instant", "2026-11-18T15:00:00", "instant is an instant without zone ('2026-11-18T15:00:00')"),
    ("instant", "2026-11-18", "instant is an instant without zone ('2026-11-18')"),
    ("instant", "noon", "instant is not an instant such as 2026-11-21T13:00:00Z ('noon')"),
    ("instant", 1, "instant is not an instant such as 2026-11-21T13:00:00Z ('1')"),
    ("instant", "0001-01-01T00:00:00Z", "instant is not an instant such as"),
    ("instant", "9999-12-31T00:00:00Z", "instant is not an instant such as"),
    ("instant", "0001-01-01T00:00:00+01:00", "instant is an instant without zone"),
    ("channel", 5, "channel is not a text ('5')"),
    ("purpose", 5, "purpose is not a text ('5')"),
    ("policy", [], "policy is not an object ('[]')"),
    ("policy.channels", "sms", "policy.channels is not a list ('sms')"),
    ("policy.channels", [1], "policy.channels is not a text ('1')"),
    ("policy.paused", 1, "policy.paused is neither true nor false ('1')"),
    ("policy.feb29", "feb30", "policy.feb29 is not one of the words allowed here ('feb30')"),
    ("policy.week_mode", "weekly", "policy.week_mode is not one of the words allowed here ('weekly')"),
    ("policy.minor_age", 17.5, "policy.minor_age is not a whole number ('17.5')"),
    ("policy.minor_age", True, "policy.minor_age is not a whole number ('True')"),
    ("policy.promise_grace_days", "1", "policy.promise_grace_days is not a whole number ('1')"),
    (
        "policy.conversation_cooldown_hours",
        "48",
        "policy.conversation_cooldown_hours is not a number, or too",
    ),
    (
        "policy.conversation_cooldown_hours",
        1e300,
        "policy.conversation_cooldown_hours is not a number, or too",
    ),
    (
        "policy.conversation_cooldown_hours",
        True,
        "policy.conversation_cooldown_hours is not a number, or too",
    ),
    ("policy.holidays", ["2026-13-01"], "policy.holidays[0] is not a date such as 2026-12-25 ('2026-13-01')"),
    ("policy.holidays", ["2026-12-25", 5], "policy.holidays[1] is not a date such as 2026-12-25 ('5')"),
    ("policy.yearly_holidays", ["12-25", "02-30"], "policy.yearly_holidays[1] is not a month and day"),
    ("policy.yearly_holidays", ["1225"], "policy.yearly_holidays[0] is not a month and day such as 12-25"),
    ("policy.yearly_holidays", [[]], "policy.yearly_holidays[0] is not a month and day such as 12-25"),
    ("policy.windows", [], "policy.windows is not an object"),
    ("policy.windows", {"Mon": []}, "policy.windows.Mon is not a weekday"),
    ("policy.windows", {"mon": "all day"}, "policy.windows.mon is not a list"),
    ("policy.windows", {"mon": ["08:30"]}, "policy.windows.mon[0] is not a window such as"),
    ("policy.windows", {"mon": [["08:30"]]}, "policy.windows.mon[0] is not a window such as"),
    ("policy.windows", {"mon": [[[], "08:30"]]}, "policy.windows.mon[0] is not a window such as"),
    (
        "policy.windows",
        {"sun": [["08:30", "12:00"], ["21:00", "21:00"]]},
        "policy.windows.sun[1] does not end",
    ),
    (
        "policy.windows",
        {"mon": [["21:00", "08:30"]]},
        "policy.windows.mon[0] does not end later than it starts",
    ),
    ("policy.windows", {"mon": [["08:60", "21:00"]]}, "policy.windows.mon[0] is not a time of day"),
    ("policy.windows", {"mon": [["08:30", "24:01"]]}, "policy.windows.mon[0] is not a time of day"),
    ("policy.windows", {"mon": [["08:30", "25:00"]]}, "policy.windows.mon[0] is not a time of day"),
    ("policy.windows", {"mon": [["24:00", "24:00"]]}, "policy.windows.mon[0] does not end later"),
    ("policy.windows", {"mon": [["-1:30", "21:00"]]}, "policy.windows.mon[0] is not a time of day"),
    ("policy.windows", {"mon": [["08:30:00", "21:00"]]}, "policy.windows.mon[0] is not a time of day"),
    ("policy.windows", {"mon": [[8, 21]]}, "policy.windows.mon[0] is not a time of day"),
    ("policy.caps", [], "policy.caps is not an object"),
    ("policy.caps", {"total": 3}, "policy.caps.total is not an object"),
    (
        "policy.caps",
        {"channels": {"sms": {"per_day": "2"}}},
        "policy.caps.channels.sms.per_day is not a whole",
    ),
    ("policy.caps", {"total": {"gap_minutes": "1"}}, "policy.caps.total.gap_minutes is not a number"),
    ("debtor", None, "debtor is missing"),
    ("debtor.birth_date", "28/02/1990", "debtor.birth_date is not a date such as 2026-12-25 ('28/02/1990')"),
    ("debtor.time_zones", "America/Sao_Paulo", "debtor.time_zones is not a list"),
    ("debtor.time_zones", [None], "debtor.time_zones is not a text"),
    ("debtor.holds", [5], "debtor.holds[0] is not an object"),
    ("debtor.holds", [{}], "debtor.holds[0].kind is missing"),
    (
        "debtor.holds",
        [{"kind": "legal", "until": "2026-11-18T15:00"}],
        "debtor.holds[0].until is an instant w",
    ),
    ("debtor.opt_outs", [{"scope": "all"}], "debtor.opt_outs[0].scope is not one of the words allowed here"),
    ("debtor.opt_outs", [{"scope": "global"}, {}], "debtor.opt_outs[1].scope is missing"),
    ("debtor.opt_outs", [{"scope": "global", "from": "x"}], "debtor.opt_outs[0].from is not an instant"),
    ("debtor.opt_outs", [{"scope": "point", "point_id": []}], "debtor.opt_outs[0].point_id is not a text"),
    ("debtor.consents", [{}], "debtor.consents[0].channel is missing"),
    ("debtor.consents", [{"channel": "*", "from": 5}], "debtor.consents[0].from is not an instant"),
    ("debtor.promises", [{"status": "open", "date": "2026-11-18"}], "debtor.promises[0].made_at is missing"),
    (
        "debtor.promises",
        [{"status": "open", "made_at": "2026-11-18T15:00:00Z"}],
        "debtor.promises[0].date is m",
    ),
    ("debtor.promises", ["open"], "debtor.promises[0] is not an object"),
    ("debtor.contacts", [{"channel": "sms", "outcome": "sent"}], "debtor.contacts[0].at is missing"),
    (
        "debtor.contacts",
        [{"at": "x", "channel": "sms", "outcome": "sent"}],
        "debtor.contacts[0].at is not an i",
    ),
    (
        "debtor.contacts",
        [{"at": "2026-11-18T15:00:00Z", "channel": "sms"}],
        "debtor.contacts[0].outcome is mis",
    ),
    ("debtor.contacts", ["sms"], "debtor.contacts[0] is not an object"),
    ("point", "p1", "point is not an object"),
    ("point.id", 1.5, "point.id is not a text"),
    ("point.kind", 5, "point.kind is not a text"),
    ("point.channels", {}, "point.channels is not a list"),
    ("point.contacts", {}, "point.contacts is not a list"),
    (
        "point.contacts",
        [{"at": "2026-11-18T15:00:00Z", "outcome": "sent"}],
        "point.contacts[0].channel is missing",
    ),
    ("policy.caps", {"point": 3}, "policy.caps.point is not an object"),
]


@pytest.mark.parametrize(("path", "value", "message"), MALFORMED)
def test_what_is_malformed_is_refused_with_where_and_why(path, value, message):
    with pytest.raises(MalformedError) as refused:
        case_from_json(changed(path, value))

    assert str(refused.value).startswith(message)
    assert refused.value.problem in PROBLEMS
    is_nothing = refused.value.problem == "missing" or (isinstance(value, list) and None in value)
    assert (refused.value.value is None) == is_nothing  # what it was is shown


def test_a_long_value_is_shown_by_its_beginning_and_a_missing_one_not_at_all():
    with pytest.raises(MalformedError) as long:
        case_from_json(changed("point.kind", ["x" * 80]))
    with pytest.raises(MalformedError) as missing:
        case_from_json(changed("point.kind", None))

    assert str(long.value) == "point.kind is not a text (" + repr("['" + "x" * 58) + ")"
    assert str(missing.value) == "point.kind is missing"


def test_a_line_that_is_no_object_is_malformed():
    with pytest.raises(MalformedError, match=r"^the line is not an object \('\[\]'\)$"):
        case_from_json([])


def test_a_points_number_is_as_good_as_its_text():
    line = changed("point.id", 5)
    line["debtor"]["opt_outs"] = [{"scope": "point", "point_id": "5"}]
    case = case_from_json(line)

    assert "OPT_OUT_POINT" in gate.decide(facts=case.facts, terms=case.terms, now=case.now).reasons


words = st.frozensets(st.sampled_from(["sms", "voice", "odd", "é"]), max_size=3)
windows = (
    st.tuples(st.integers(0, 1439), st.integers(1, 1440))
    .filter(lambda w: w[0] < w[1])
    .map(lambda w: Window(*w))
)
numbers = st.none() | st.integers(0, 10_000) | st.floats(0, 10_000)
caps = st.builds(Cap, st.none() | st.integers(-1, 9), st.none() | st.integers(-1, 9), numbers)
policies = st.builds(
    PolicyTerms,
    channels=words,
    paused=st.booleans(),
    windows=st.tuples(*[st.lists(windows, max_size=2).map(tuple) for _ in WEEKDAYS]),
    window_end_inclusive=st.booleans(),
    hours_exempt_channels=words,
    dates_exempt_channels=words,
    fallback_time_zones=st.sampled_from([(), ("America/Manaus", "America/Sao_Paulo")]),
    block_birthday=st.booleans(),
    feb29=st.sampled_from(["both", "feb28", "mar1"]),
    holidays=st.frozensets(st.dates(), max_size=3),
    yearly_holidays=st.frozensets(st.dates().map(lambda day: (day.month, day.day)), max_size=3),
    minor_age=st.none() | st.integers(0, 99),
    require_birth_date=st.booleans(),
    block_workplace=st.booleans(),
    block_third_party=st.booleans(),
    block_unverified=st.booleans(),
    consent_required=words,
    holds_blocking=words,
    promise_grace=st.booleans(),
    promise_grace_days=st.integers(-1, 9),
    promise_exempt_purposes=words,
    conversation_cooldown_hours=numbers,
    counted_outcomes=words,
    total_cap=st.none() | caps,
    channel_caps=st.dictionaries(st.sampled_from(["sms", "voice"]), caps),
    point_cap=st.none() | caps,
    week_mode=st.sampled_from(["rolling", "local_dates", "both"]),
    never_leave_voicemail=st.booleans(),
    unknown_answer_is_machine=st.booleans(),
    message_first=st.booleans(),
)


@given(policies)
def test_a_policy_written_and_read_again_is_the_same(terms):
    assert policy_from_json(json.loads(json.dumps(policy_to_json(terms)))) == terms


def test_every_key_of_a_policy_is_written():
    written = policy_to_json(PolicyTerms(channels=frozenset()))
    resolved = {"total_cap", "channel_caps", "point_cap", "is_unreadable"}
    fields = set(PolicyTerms.__struct_fields__) - resolved

    assert written.keys() == fields | {"caps"}


RICH = make_facts(
    birth_date=date(1990, 2, 28),
    holidays=frozenset({date(2026, 7, 9)}),
    holds=(HoldFacts("legal", active_until=WEDNESDAY), HoldFacts("dispute", active_from=WEDNESDAY)),
    contacts=(ContactFacts(WEDNESDAY, "sms", "sent"), ContactFacts(WEDNESDAY, "voice", "conversation")),
    answered_by="human",
    purpose="reminder",
)


def test_a_case_written_for_replay_is_read_as_the_same_case():
    case = Case(facts=RICH, terms=make_terms(total_cap=Cap(1, 2, 3.5)), now=WEDNESDAY)

    assert case_from_json(json.loads(json.dumps(case_to_json(case, case_id="7:42")))) == case
    assert facts_from_json(LINE | facts_to_json(RICH)) == RICH
    shared = replace(RICH, point=replace(RICH.point, contacts=RICH.contacts))
    assert facts_from_json(LINE | facts_to_json(shared)) == shared


def test_the_hash_is_the_same_whatever_the_order_in_which_facts_were_gathered():
    at_the_number = replace(RICH, point=replace(RICH.point, contacts=RICH.contacts))
    other_number = replace(RICH, point=replace(RICH.point, contacts=RICH.contacts[::-1]))
    other_order = replace(RICH, holds=RICH.holds[::-1], contacts=RICH.contacts[::-1])

    assert facts_hash(RICH, make_terms()) == facts_hash(other_order, make_terms())
    assert facts_hash(at_the_number, make_terms()) == facts_hash(other_number, make_terms())
    assert len(facts_hash(RICH, make_terms())) == 64


@pytest.mark.parametrize(
    ("facts", "terms"),
    [
        (replace(RICH, purpose="collection"), make_terms()),
        (replace(RICH, contacts=RICH.contacts[:1]), make_terms()),
        (replace(RICH, something_is_owed=False), make_terms()),
        (replace(RICH, is_ledger_in_doubt=True), make_terms()),
        (replace(RICH, point=replace(RICH.point, status="invalid")), make_terms()),
        (replace(RICH, point=replace(RICH.point, contacts=RICH.contacts)), make_terms()),
        (RICH, make_terms(point_cap=Cap(per_day=2))),
        (replace(RICH, point=replace(RICH.point, is_block_listed=True)), make_terms()),
        (replace(RICH, is_statute_barred=True), make_terms()),
        (replace(RICH, money_in_transit_until=WEDNESDAY.date()), make_terms()),
        (replace(RICH, was_messaged=False), make_terms()),
        (replace(RICH, is_free_text=True), make_terms()),
        (replace(RICH, is_free_text=True, wrote_at=WEDNESDAY), make_terms()),
        (RICH, make_terms(message_first=True)),
        (RICH, make_terms(paused=True)),
        (RICH, None),
    ],
)
def test_another_fact_or_term_is_another_hash(facts, terms):
    assert facts_hash(facts, terms) != facts_hash(RICH, make_terms())


def test_the_hash_of_known_facts_stays_what_it_is():
    """It is kept on attempts for years: a change of the format must be a decision, not an accident."""
    assert facts_hash(facts_from_json(LINE), policy_from_json(POLICY)) == HASH_OF_THE_PLAIN_LINE
