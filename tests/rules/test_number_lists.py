"""A do-not-call register as a file: one number a line, read into E.164, wrong lines named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.number_lists import LineError, NumberList, read_numbers

GOOD = frozenset({"+5511987654321", "+552133334444"})


@pytest.mark.parametrize(
    "content",
    [
        b"11987654321\n2133334444\n",
        b"+55 11 98765-4321\r\n(21) 3333-4444",
        b"\xef\xbb\xbftelefone;desde\n11987654321;2026-01-02\n2133334444;\n",
        b'\n\n  5511987654321  \n\n"2133334444"\n11 98765-4321\n',
        "número\n11987654321\n2133334444".encode("cp1252"),
        b"011987654321,x\n02133334444,y",
    ],
)
def test_numbers_are_read_as_people_and_registers_write_them(content):
    assert read_numbers(content) == NumberList(GOOD, ())


def test_a_mobile_without_its_ninth_digit_is_repaired():
    assert read_numbers(b"1187654321").numbers == {"+5511987654321"}


def test_each_wrong_line_is_named_with_its_reason():
    found = read_numbers(b"telefone\n11987654321\nabc\n\n98765-4321\n2012345678\n12")

    assert found.numbers == {"+5511987654321"}
    assert found.errors == (
        LineError(3, "abc", "not_a_phone"),
        LineError(5, "98765-4321", "no_area_code"),
        LineError(6, "2012345678", "bad_area_code"),
        LineError(7, "12", "bad_number"),
    )


def test_only_the_first_line_may_be_a_title():
    assert read_numbers(b"11987654321\ntelefone").errors == (LineError(2, "telefone", "not_a_phone"),)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"telefone"])
def test_an_empty_file_holds_nothing(content):
    assert read_numbers(content) == NumberList(frozenset(), ())


@given(st.binary(max_size=60))
def test_whatever_the_bytes_are_each_line_is_a_number_or_an_error(content):
    found = read_numbers(content)

    assert all(number.startswith("+") and number[1:].isdigit() for number in found.numbers)
    assert all(error.line >= 1 and error.code for error in found.errors)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_of_two_bytes_a_letter_is_read_by_its_mark(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

    assert read_numbers(mark + "número\n11987654321\n2133334444".encode(encoding)) == NumberList(GOOD, ())


def test_a_workbook_is_named_as_such_and_not_read_line_by_line():
    assert read_numbers(b"PK\x03\x04\n11987654321").errors == (LineError(1, "", "workbook"),)


@pytest.mark.parametrize("cell", ["1,19877E+10", "1.19877E+10", "1.19877e10", '"1,2E+10"', "12E+9"])
def test_a_number_that_a_spreadsheet_made_an_amount_of_is_named_as_such(cell):
    [error] = read_numbers(f"11987654321\n{cell};x".encode()).errors

    assert (error.line, error.text, error.code) == (2, cell.strip('"'), "rewritten")
