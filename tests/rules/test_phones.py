"""Phone numbers as people write them."""

import json
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.lib import phones
from collections_crm.lib.phones import Phone, PhoneKind

VECTORS = json.loads((Path(__file__).parents[1] / "data/phones.json").read_text())


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["input"])
def test_a_number_is_kept_in_e164_or_refused(case):
    if case["e164"] is None:
        with pytest.raises(phones.PhoneError):
            phones.parse(case["input"])
    else:
        kept = Phone(case["e164"], PhoneKind(case["kind"]), is_repaired=case["is_repaired"])
        assert phones.parse(case["input"]) == kept


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("98765-4321", "no_area_code"),
        ("3333-4444", "no_area_code"),
        ("(23) 98765-4321", "bad_area_code"),
        ("(20) 8765-4321", "bad_area_code"),
        ("11 1234-5678", "bad_number"),
        ("+55 23 98765-4321", "bad_number"),
        ("+1 212", "bad_number"),
        ("", "not_a_phone"),
        ("não tem", "not_a_phone"),
        ("11 3333-4444 ramal 12", "not_a_phone"),
        ("1" * 300, "not_a_phone"),
        ("+999 123456789", "not_a_phone"),
    ],
)
def test_a_refusal_names_the_mistake(text, code):
    with pytest.raises(phones.PhoneError) as refused:
        phones.parse(text)
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["11 8765-4321", "+55 11 8765-4321", "011 8765-4321", "551187654321"])
def test_an_old_mobile_gets_its_ninth_digit_and_says_so(text):
    assert phones.parse(text) == Phone("+5511987654321", PhoneKind.MOBILE, is_repaired=True)


def test_a_number_abroad_is_kept_as_it_is():
    assert phones.parse("+351 912 345 678") == Phone("+351912345678", PhoneKind.MOBILE)
    assert phones.parse("+1 212 736 5000") == Phone("+12127365000", PhoneKind.OTHER)


def test_the_area_codes_are_the_67_of_the_numbering_plan():
    assert sorted(phones.AREA_CODES) == VECTORS["area_codes"]


def test_only_a_brazilian_number_has_an_area_code():
    assert phones.area_code("+5592991234567") == "92"
    assert phones.area_code("+551133334444") == "11"
    assert phones.area_code("+558001234567") is None  # toll-free: 80 is no area
    assert phones.area_code("+12127365000") is None


def test_a_number_is_shown_as_it_is_read_aloud():
    assert phones.format_national("+5511987654321") == "(11) 98765-4321"
    assert phones.format_national("+551133334444") == "(11) 3333-4444"
    assert phones.format_national("+12127365000") == "+1 212-736-5000"


def test_a_masked_number_shows_its_area_and_its_end():
    assert phones.mask("+5511987654321") == "(11) *****-4321"
    assert phones.mask("+551133334444") == "(11) ****-4444"
    assert phones.mask("+12127365000") == "********5000"


@given(
    prefix=st.sampled_from(["", "+55", "55", "0"]),
    area=st.sampled_from([*sorted(phones.AREA_CODES), "20", "23", "80"]),
    rest=st.from_regex(r"[2-59][0-9]{7,8}", fullmatch=True),
)
def test_the_fast_way_and_the_library_agree(prefix, area, rest):
    text = prefix + area + rest
    number = phonenumbers.parse(text, "BR")
    expected = (
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(number)
        else None
    )

    try:
        found = phones.parse(text)
    except phones.PhoneError:
        found = None

    if found is None or not found.is_repaired:
        assert (found and found.e164) == expected
