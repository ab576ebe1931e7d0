"""Bank slips: barcode and line, there and back, and which digits of a mistyped one are wrong."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import boleto, check_digits
from debtors.rules.boleto import Boleto, BoletoError, WrongGroup

VECTORS = json.loads((Path(__file__).parents[1] / "data/boleto.json").read_text())
TODAY = date(2026, 11, 21)
SLIP = Boleto(
    bank="341", free_field="1090010152712480212460008", amount_cents=12_345, due_on=date(2026, 12, 31)
)


@pytest.mark.parametrize("case", VECTORS["mod10"], ids=lambda case: case["digits"])
def test_modulus_10(case):
    assert check_digits.mod10(case["digits"]) == case["check"]


@pytest.mark.parametrize(
    ("digits", "of_boleto", "of_collection"),
    [
        ("1", "9", "9"),
        ("0", "1", "0"),  # eleven
        ("6", "1", "0"),  # ten
        ("5", "1", "1"),
        ("12", "4", "4"),
        ("0019373700000001000500940144816060680935031", "3", "3"),
    ],
)
def test_modulus_11_differs_where_it_would_be_ten_or_eleven(digits, of_boleto, of_collection):
    assert check_digits.mod11_of_boleto(digits) == of_boleto
    assert check_digits.mod11_of_collection(digits) == of_collection


@pytest.mark.parametrize("case", VECTORS["lines_47"], ids=lambda case: case["line"])
def test_a_line_says_what_its_barcode_says(case):
    first, second = (date.fromisoformat(case[f"due_on_{each}_round"]) for each in ("first", "second"))

    told = boleto.parse(case["line"], on=first)

    assert (told.bank, told.amount_cents, told.due_on) == (case["bank"], case["amount_cents"], first)
    assert boleto.parse(case["barcode"], on=first) == told
    assert boleto.parse(case["line"], on=second) == replace(told, due_on=second)
    assert boleto.barcode_of(case["line"]) == case["barcode"] == boleto.barcode(told)
    assert boleto.format_line(boleto.line(told)) == case["line"]
    assert boleto.wrong_groups(case["line"]) == ()


@pytest.mark.parametrize("case", VECTORS["wrong_47"], ids=lambda case: case["note"])
def test_a_mistyped_line_names_the_group_that_is_wrong(case):
    assert [wrong.group for wrong in boleto.wrong_groups(case["line"])] == [case["group"]]


def test_the_same_factor_is_another_day_for_another_reader():
    same = VECTORS["same_factor"]

    for told in (same["first_round"], same["second_round"]):
        due_on = date.fromisoformat(told["due_on"])
        assert boleto.parse(told["line"], on=due_on).due_on == due_on


def test_every_wrong_field_is_named_and_the_general_digit_only_when_they_are_right():
    line = boleto.line(SLIP)
    all_wrong = _other(line, 0, 12, 25)

    assert [wrong.group for wrong in boleto.wrong_groups(all_wrong)] == ["field_1", "field_2", "field_3"]
    assert boleto.wrong_groups(_other(line, 32)) == (
        WrongGroup("general", found=_other(line, 32)[32], expected=line[32]),
    )
    with pytest.raises(BoletoError) as refused:
        boleto.parse(all_wrong, on=TODAY)
    assert refused.value.code == "bad_check_digit"
    assert refused.value.wrong == boleto.wrong_groups(all_wrong)
    first, second, third = refused.value.wrong
    assert str(refused.value) == "bad_check_digit: " + ", ".join(
        f"{wrong.group} {wrong.found} for {wrong.expected}" for wrong in (first, second, third)
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "bad_length"),
        ("   ", "bad_length"),
        ("34191.09008 01015.271248 80212.460002 4 2548000067578", "bad_length"),
        ("3419109008", "bad_length"),
        ("34191.09008 01015.271248 80212.460002 4 2548000067578X", "not_digits"),
        ("٣" * 47, "not_digits"),
    ],
)
def test_what_is_no_line_is_refused(typed, code):
    assert _refusal(typed) == code


def test_another_currency_and_no_bank_are_refused():
    barcode = boleto.barcode(SLIP)

    assert _refusal(_checked("3418" + barcode[5:])) == "bad_currency"
    assert _refusal(_checked("0009" + barcode[5:])) == "bad_bank"


def test_a_due_date_far_from_today_is_refused():
    far = replace(SLIP, due_on=TODAY + timedelta(days=5_501))

    assert _refusal(boleto.barcode(far)) == "bad_due_date"


def test_a_slip_may_leave_amount_and_due_date_open():
    bare = replace(SLIP, amount_cents=0, due_on=None)

    assert boleto.parse(boleto.line(bare), on=TODAY) == bare


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bank": "000"}, "bad_bank"),
        ({"bank": "34"}, "bad_bank"),
        ({"bank": "34X"}, "bad_bank"),
        ({"free_field": "1" * 24}, "bad_free_field"),
        ({"free_field": "1" * 26}, "bad_free_field"),
        ({"free_field": "A" * 25}, "bad_free_field"),
        ({"amount_cents": -1}, "bad_amount"),
        ({"amount_cents": 10**10}, "bad_amount"),
        ({"due_on": date(1997, 10, 6)}, "bad_due_date"),
    ],
)
def test_what_does_not_fit_into_a_barcode_is_refused(changes, code):
    with pytest.raises(BoletoError) as refused:
        boleto.barcode(replace(SLIP, **changes))

    assert refused.value.code == code


slips = st.builds(
    Boleto,
    bank=st.integers(1, 999).map("{:03d}".format),
    free_field=st.from_regex(r"[0-9]{25}", fullmatch=True),
    amount_cents=st.integers(0, boleto.MAX_AMOUNT_CENTS),
    due_on=st.none() | st.dates(TODAY - timedelta(days=3_000), TODAY + timedelta(days=5_500)),
)


@given(slip=slips)
def test_a_slip_survives_barcode_and_line(slip):
    line, barcode = boleto.line(slip), boleto.barcode(slip)

    assert (len(line), len(barcode)) == (47, 44)
    assert boleto.parse(line, on=TODAY) == boleto.parse(barcode, on=TODAY) == slip
    assert boleto.parse(boleto.format_line(line), on=TODAY) == slip
    assert boleto.line_of(boleto.barcode_of(line)) == line
    assert barcode[4] != "0"


@given(slip=slips, place=st.integers(0, 31), by=st.integers(1, 9))
def test_one_mistyped_digit_of_a_field_is_always_found(slip, place, by):
    line = boleto.line(slip)
    mistyped = line[:place] + str((int(line[place]) + by) % 10) + line[place + 1 :]

    assert [wrong.group for wrong in boleto.wrong_groups(mistyped)] == [
        f"field_{1 + (place > 9) + (place > 20)}"
    ]


@given(st.text())
def test_any_text_is_read_or_refused(text):
    assert _refusal(text)


def _refusal(typed: str) -> str:
    with pytest.raises(BoletoError) as refused:
        boleto.parse(typed, on=TODAY)
    return refused.value.code


def _checked(digits: str) -> str:
    """Put the general check digit into a barcode that lacks it."""
    return digits[:4] + check_digits.mod11_of_boleto(digits) + digits[4:]


def _other(digits: str, *places: int) -> str:
    """Return `digits` with other ones at some places."""
    return "".join(str((int(digit) + 1) % 10) if at in places else digit for at, digit in enumerate(digits))
