"""Reading many lines: a policy met before is known by its text, and no line is read differently for it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.case_json import case_from_json
from contacts.rules.case_lines import KNOWN_AT_MOST, STAND_IN, LineError, LineReader

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


def read(reader: LineReader, text: str) -> object:
    try:
        return reader.read(text.encode())
    except LineError as error:
        return error.case_id, str(error)


def read_alone(text: str) -> object:
    return read(LineReader(), text)


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
    json.dumps(line(STAND_IN)),
    json.dumps({'a"policy': POLICIES[1]} | line(STAND_IN)),
    json.dumps(line(POLICIES[1])).replace('"debtor"', '"policy": {"channels": []}, "debtor"'),
    json.dumps(line(POLICIES[1])).replace('"debtor"', f'"policy": "{STAND_IN}", "debtor"'),
    json.dumps(line({"minor_age": 16})),
    json.dumps(line({"channels": ["sms"], "minor_age": "16"})),
    json.dumps(line(None)),
    json.dumps(line(POLICIES[0]))[:-1],
    json.dumps(line(POLICIES[0])) + "}",
    json.dumps(line(POLICIES[0], point={})),
    json.dumps(line(POLICIES[0], weather=[[["policy"]]])),
    '{"policy":',
    '"policy": {}',
    "[]",
    "{}",
    "null",
    "{",
]


@given(st.lists(st.sampled_from(ODD_TEXTS), min_size=2, max_size=12))
def test_a_line_is_read_the_same_whatever_was_read_before(texts):
    reader = LineReader()

    assert [read(reader, text) for text in texts] == [read_alone(text) for text in texts]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_line_is_read_as_its_parsed_object_is(text):
    reader = LineReader()
    read(reader, json.dumps(line(POLICIES[0])))
    try:
        raw = json.loads(text)
        expected = raw.get("id") if isinstance(raw, dict) else None, case_from_json(raw)
    except ValueError:
        with pytest.raises(LineError):
            reader.read(text.encode())
    else:
        assert reader.read(text.encode()) == expected


def test_the_case_of_a_later_line_has_its_own_policy():
    reader = LineReader()
    ages = [reader.read(json.dumps(line(policy)).encode())[1].terms.minor_age for policy in POLICIES * 2]

    assert ages == [16, 17, 18, 16, 17, 18]


def test_a_policy_met_before_is_the_very_same_value():
    reader = LineReader()
    text = json.dumps(line(POLICIES[0])).encode()

    assert reader.read(text)[1].terms is reader.read(text)[1].terms


def test_memory_does_not_grow_with_the_number_of_policies():
    reader = LineReader()
    for age in range(KNOWN_AT_MOST + 10):
        _, case = reader.read(json.dumps(line({"channels": [], "minor_age": age})).encode())
        assert case.terms.minor_age == age

    assert len(reader._known) <= KNOWN_AT_MOST


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
    ],
)
def test_what_is_not_json_has_no_id(text):
    with pytest.raises(LineError, match=r"^not JSON: ") as refused:
        LineReader().read(text)

    assert refused.value.case_id is None


def test_a_malformed_line_keeps_its_id():
    with pytest.raises(LineError, match=r"^point\.kind is missing$") as refused:
        LineReader().read(json.dumps(line(POLICIES[0], id=["odd", 1], point={"id": "p"})).encode())

    assert refused.value.case_id == ["odd", 1]
