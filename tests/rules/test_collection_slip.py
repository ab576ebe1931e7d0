"""Collection slips of utilities and taxes, and the bars that are drawn for any slip."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import boleto, collection_slip, interleaved
from debtors.rules.boleto import Boleto, BoletoError, WrongGroup
from debtors.rules.collection_slip import CollectionSlip

VECTORS = json.loads((Path(__file__).parents[1] / "data/boleto.json").read_text())
TODAY = date(2026, 11, 21)
SLIP = CollectionSlip(segment="4", value_id="6", value=14_359, rest="1" * 29)


@pytest.mark.parametrize("case", VECTORS["lines_48"], ids=lambda case: case["line"])
def test_a_line_says_what_its_barcode_says(case):
    told = collection_slip.parse(case["line"])

    assert (told.value_id, told.amount_cents) == (case["value_id"], case["amount_cents"])
    assert collection_slip.parse(case["barcode"]) == told
    assert collection_slip.barcode_of(case["line"]) == case["barcode"] == collection_slip.barcode(told)
    assert collection_slip.format_line(collection_slip.line_of(case["barcode"])) == case["line"]


@pytest.mark.parametrize("case", VECTORS["wrong_48"], ids=lambda case: case["note"])
def test_a_mistyped_line_names_the_block_that_is_wrong(case):
    (wrong,) = collection_slip.wrong_groups(case["line"])

    assert wrong == WrongGroup(case["group"], found="8", expected="7")
    with pytest.raises(BoletoError) as refused:
        collection_slip.parse(case["line"])
    assert (refused.value.code, refused.value.wrong) == ("bad_check_digit", (wrong,))


@pytest.mark.parametrize(("value_id", "is_money"), [("6", True), ("7", False), ("8", True), ("9", False)])
def test_only_some_values_are_money(value_id, is_money):
    slip = replace(SLIP, value_id=value_id)

    assert collection_slip.parse(collection_slip.barcode(slip)) == slip
    assert slip.amount_cents == (14_359 if is_money else None)


def test_the_general_digit_is_named_when_the_blocks_are_right():
    code = collection_slip.barcode(SLIP)
    other = code[:3] + str((int(code[3]) + 1) % 10) + code[4:]

    wrong = (WrongGroup("general", found=other[3], expected=code[3]),)
    assert collection_slip.wrong_groups(collection_slip.line_of(other)) == wrong
    assert collection_slip.wrong_groups(other) == wrong


@pytest.mark.parametrize(
    ("typed", "code", "found"),
    [
        ("", "bad_length", ""),
        ("8" * 47, "bad_length", "8" * 47),
        ("8" * 49, "bad_length", "8" * 49),
        ("74" + "6" * 46, "bad_product", "7"),
        ("74" + "6" * 42, "bad_product", "7"),
        ("845" + "0" * 45, "bad_value_id", "5"),
        ("84A" + "0" * 45, "not_digits", "84A" + "0" * 45),
    ],
)
def test_what_is_no_collection_slip_is_refused(typed, code, found):
    with pytest.raises(BoletoError) as refused:
        collection_slip.parse(typed)

    assert (refused.value.code, refused.value.found) == (code, found)
    assert str(refused.value) == f"{code}: {found}"


@pytest.mark.parametrize(
    ("changes", "code", "found"),
    [
        ({"value_id": "5"}, "bad_value_id", "5"),
        ({"value": -1}, "bad_amount", "-1"),
        ({"value": 10**11}, "bad_amount", "100000000000"),
        ({"segment": "44"}, "bad_free_field", "44" + "1" * 29),
        ({"rest": "1" * 28}, "bad_free_field", "4" + "1" * 28),
        ({"rest": "١" * 29}, "bad_free_field", "4" + "١" * 29),
    ],
)
def test_what_does_not_fit_into_a_barcode_is_refused(changes, code, found):
    with pytest.raises(BoletoError) as refused:
        collection_slip.barcode(replace(SLIP, **changes))

    assert (refused.value.code, refused.value.found) == (code, found)


@pytest.mark.parametrize("value", [0, 1, 10**10, collection_slip.MAX_AMOUNT_CENTS])
def test_the_smallest_and_the_largest_value_fit(value):
    slip = replace(SLIP, value=value)

    assert collection_slip.parse(collection_slip.barcode(slip)) == slip


def test_either_sort_of_slip_is_told_by_its_digits():
    bank_slip = Boleto(bank="341", free_field="1" * 25, amount_cents=100, due_on=TODAY)

    for typed in (boleto.line(bank_slip), boleto.barcode(bank_slip)):
        assert collection_slip.parse_any(typed, on=TODAY) == bank_slip
    code = collection_slip.barcode(SLIP)
    for typed in (code, collection_slip.format_line(collection_slip.line_of(code))):
        assert collection_slip.parse_any(typed, on=TODAY) == SLIP


def test_a_bank_whose_number_begins_with_eight_has_lines_too():
    slip = Boleto(bank="808", free_field="1" * 25, amount_cents=100, due_on=TODAY)

    assert collection_slip.parse_any(boleto.line(slip), on=TODAY) == slip


slips = st.builds(
    CollectionSlip,
    segment=st.from_regex(r"[0-9]", fullmatch=True),
    value_id=st.sampled_from("6789"),
    value=st.integers(0, collection_slip.MAX_AMOUNT_CENTS),
    rest=st.from_regex(r"[0-9]{29}", fullmatch=True),
)


@given(slip=slips)
def test_a_slip_survives_barcode_and_line(slip):
    code = collection_slip.barcode(slip)
    line = collection_slip.line_of(code)

    assert (len(line), len(code)) == (48, 44)
    assert collection_slip.parse(line) == collection_slip.parse(code) == slip
    assert collection_slip.barcode_of(line) == code


@pytest.mark.parametrize(
    ("digits", "widths"),
    [
        ("01", (1, 1, 1, 1, 1, 3, 1, 1, 3, 1, 3, 1, 1, 3, 3, 1, 1)),
        ("29", (1, 1, 1, 1, 1, 1, 3, 3, 1, 1, 1, 3, 3, 1, 3, 1, 1)),
    ],
)
def test_bars_and_spaces_carry_a_digit_each(digits, widths):
    assert interleaved.widths(digits) == widths


@pytest.mark.parametrize("digits", ["", "1", "1a", "١٢", "1 "])
def test_only_an_even_count_of_digits_can_be_drawn(digits):
    with pytest.raises(ValueError, match="not an even count"):
        interleaved.widths(digits)


@given(st.from_regex(r"([0-9]{2}){1,30}", fullmatch=True))
def test_bars_can_be_read_back(digits):
    assert _read(interleaved.widths(digits)) == digits


def test_a_slips_barcode_is_405_narrow_units_wide():
    assert sum(interleaved.widths(collection_slip.barcode(SLIP))) == 405


def _read(widths: tuple[int, ...]) -> str:
    """Read bars as a scanner does: the weights 1, 2, 4, 7 and a parity of the wide ones."""
    inner, digits = widths[4:-3], []
    for at in range(0, len(inner), 10):
        for elements in (inner[at : at + 10 : 2], inner[at + 1 : at + 10 : 2]):
            total = sum(weight for weight, width in zip((1, 2, 4, 7, 0), elements, strict=True) if width == 3)
            digits.append(str(total % 11))
    return "".join(digits)


def test_a_drawing_covers_the_bars_and_leaves_the_spaces():
    assert interleaved.drawing((1, 2, 3)).endswith('d="M0 0h1v51h-1zM3 0h3v51h-3z"/></svg>')
