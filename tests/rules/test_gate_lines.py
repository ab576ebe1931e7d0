"""Reading lines: quickly where they are as they should be, and never differently from the patient way."""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.case_json import case_from_json
from contacts.rules.case_lines import LineError, read_line
from contacts.rules.quick_reading import read_quickly
from tests.oracle.comparing import random_lines

POLICIES = [{"channels": ["sms"], "minor_age": age} for age in (16, 17, 18)]
POINT = {"id": "p1", "kind": "own", "status": "valid", "channels": ["sms"]}


def line(policy: object, **more: object) -> dict:
    return {
        "id": "1",
        "instant": "2026-11-18T15:00:00Z",
        "channel": "sms",
        "policy": policy,
        "debtor": {"birth_date": None},
        "point": POINT,
        **more,
    }


LAST = {"policy": POLICIES[0]}
ODD_TEXTS = [
    json.dumps(line(POLICIES[0])),
    json.dumps(line(POLICIES[1])),
    json.dumps(line(POLICIES[0]), separators=(",", ":")),
    json.dumps(line(POLICIES[2]), sort_keys=True),
    json.dumps(line(POLICIES[0])).replace('"policy":', '"policy" :'),
    json.dumps({key: value for key, value in line(0).items() if key != "policy"} | LAST),
    json.dumps({"note": {"policy": POLICIES[1]}} | line(POLICIES[0])),
    json.dumps({"note": {"policy": POLICIES[0]}} | line(POLICIES[1])),
    json.dumps({'a"policy': POLICIES[1]} | line(POLICIES[0])),
    json.dumps(line(POLICIES[0], id='"policy": {"channels": ["sms"], "minor_age": 17}')),
    json.dumps(line(POLICIES[1])).replace('"debtor"', '"policy": {"channels": []}, "debtor"'),
    json.dumps(line({"minor_age": 16})),
    json.dumps(line({"channels": ["sms"], "minor_age": "16"})),
    json.dumps(line(None)),
    json.dumps(line(POLICIES[0]))[:-1],
    json.dumps(line(POLICIES[0])) + "}",
    json.dumps(line(POLICIES[0], point={})),
    json.dumps(line(POLICIES[0], weather=[[["policy"]]])),
    json.dumps(line(POLICIES[0] | {"minor_age": None, "counted_outcomes": None, "caps": None})),
    json.dumps(line(POLICIES[0] | {"minor_age": 17.0, "promise_grace_days": -1.0})),
    json.dumps(line(POLICIES[0] | {"conversation_cooldown_hours": 1e300})),
    json.dumps(line(POLICIES[0] | {"windows": {"mon": [["8:30", "9:5"]], "tue": None, "sun": []}})),
    json.dumps(line(POLICIES[0] | {"windows": {"funday": []}})),
    json.dumps(line(POLICIES[0] | {"windows": {"mon": [["10:00", "10:00"]]}})),
    json.dumps(
        line(POLICIES[0] | {"caps": {"total": {"per_day": 1, "gap_minutes": 0.5}, "channels": {"sms": None}}})
    ),
    json.dumps(line(POLICIES[0], instant="2026-11-18T12:00:00.5-03:00")),
    json.dumps(line(POLICIES[0], instant="2026-11-18T12:00:00")),
    json.dumps(line(POLICIES[0], instant="2026-11-18T11:29:59.999999Z")),
    json.dumps(line(POLICIES[0], instant="2026-11-18T11:29:59.9999999Z")),
    json.dumps(line(POLICIES[0], instant="2026-11-18T12:00:00,5Z")),
    json.dumps(line(POLICIES[0], debtor={"holds": [{"kind": "x", "from": "2026-11-18T12:00:00.0000001Z"}]})),
    json.dumps(line(POLICIES[0] | {"conversation_cooldown_hours": 0.12345678})),
    json.dumps(line(POLICIES[0], instant="0001-01-01T00:00:00Z")),
    json.dumps(line(POLICIES[0], answered_by=["human"], action=7, purpose=None)),
    json.dumps(line(POLICIES[0], purpose=7)),
    json.dumps(line(POLICIES[0], point=POINT | {"id": 7})),
    json.dumps(line(POLICIES[0], debtor={"promises": [{"status": "kept"}, {"status": "open"}]})),
    json.dumps(line(POLICIES[0], debtor={"promises": [{"status": "kept", "date": "soon"}]})),
    json.dumps(line(POLICIES[0], debtor={"opt_outs": [{"scope": "point", "point_id": 7}]})),
    json.dumps(line(POLICIES[0], debtor={"opt_outs": [{"scope": "everywhere"}]})),
    json.dumps(line(POLICIES[0], instant="0001-01-01T00:00:00+05:00")),
    json.dumps(line(POLICIES[0], instant="9999-12-31T23:59:59-05:00")),
    '{"policy":',
    '"policy": {}',
    "[]",
    "{}",
    "null",
    "{",
]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_line_is_read_as_its_parsed_object_is(text):
    assert outcome_of(text.encode()) == patient_outcome_of(text.encode())


@given(seed=st.integers(min_value=0, max_value=2**32))
def test_no_random_line_is_read_differently_for_being_read_quickly(seed):
    for text in random_lines(Random(seed), 20):
        assert outcome_of(text.encode()) == patient_outcome_of(text.encode())


def test_an_ordinary_line_is_read_quickly():
    assert read_quickly(json.dumps(line(POLICIES[0])).encode()) is not None


def test_a_line_with_all_that_may_be_known_of_a_debtor_is_read_quickly():
    since = {"from": "2026-01-01T00:00:00Z", "until": None}
    known = {
        "birth_date": "1990-02-03",
        "time_zones": ["America/Bahia"],
        "holidays": ["2026-11-20"],
        "holds": [{"kind": "dispute", **since}],
        "opt_outs": [{"scope": "channel", "channel": "sms", **since}],
        "consents": [{"channel": "*", **since}],
        "promises": [{"status": "open", "date": "2026-11-20", "made_at": "2026-11-18T11:00:00Z"}],
        "contacts": [{"at": "2026-11-17T12:00:00Z", "channel": "sms", "outcome": "sent"}],
    }
    text = json.dumps(line(POLICIES[0], debtor=known)).encode()

    read = read_quickly(text)

    assert read is not None
    assert read == patient_outcome_of(text)


def test_what_is_no_number_is_named():
    with pytest.raises(LineError, match=r"^not JSON: NaN is no number$"):
        read_line(b'{"id": NaN}')


def test_the_case_of_a_later_line_has_its_own_policy():
    ages = [read_line(json.dumps(line(policy)).encode())[1].terms.minor_age for policy in POLICIES * 2]

    assert ages == [16, 17, 18, 16, 17, 18]


def outcome_of(text):
    try:
        return read_line(text)
    except LineError:
        return "malformed"


def patient_outcome_of(text):
    """Return what the readers of parsed JSON, which know nothing of shapes, make of a line."""
    try:
        raw = json.loads(text)
        return raw.get("id") if isinstance(raw, dict) else None, case_from_json(raw)
    except ValueError:
        return "malformed"


@pytest.mark.parametrize(
    "text",
    [
        b"\xff",
        b"{]",
        b'{"id": 1',
        b"NaN",
        b'{"id": NaN}',
        b'{"id": "a\nb"}',
        b"[" * 100_000,
        b'{"a": ' * 100_000,
        json.dumps(line(POLICIES[0], id="here")).encode().replace(b"here", b"\xff"),
        json.dumps(line(POLICIES[0], weather="here")).encode().replace(b"here", b"\xff"),
    ],
)
def test_what_is_not_json_has_no_id(text):
    with pytest.raises(LineError, match=r"^not JSON: ") as refused:
        read_line(text)

    assert refused.value.case_id is None


@pytest.mark.parametrize("separator", [".", ","])
@pytest.mark.parametrize("zone", ["Z", "-03:00", "+00:00"])
def test_an_instant_finer_than_microseconds_is_refused_and_not_rounded_into_a_window(separator, zone):
    text = json.dumps(line(POLICIES[0], instant=f"2026-11-18T08:29:59{separator}9999999{zone}")).encode()

    with pytest.raises(LineError, match=r"^instant is not an instant such as "):
        read_line(text)


@pytest.mark.parametrize("number", ["1e400", "-1E999", "[1e400]", '{"of": 1e400}'])
def test_an_id_that_no_json_can_say_again_is_refused(number):
    text = json.dumps(line(POLICIES[0], id="here")).replace('"here"', number).encode()

    with pytest.raises(LineError, match=r"^id holds a number that is too large$") as refused:
        read_line(text)

    assert refused.value.case_id is None


@pytest.mark.parametrize("number", [7, 1.5, 10**30, True, None, ["odd", 1], {"a": 2}])
def test_any_other_id_comes_back_as_it_came(number):
    assert read_line(json.dumps(line(POLICIES[0], id=number)).encode())[0] == number


def test_a_malformed_line_keeps_its_id():
    with pytest.raises(LineError, match=r"^point\.kind is missing$") as refused:
        read_line(json.dumps(line(POLICIES[0], id=["odd", 1], point={"id": "p"})).encode())

    assert refused.value.case_id == ["odd", 1]
