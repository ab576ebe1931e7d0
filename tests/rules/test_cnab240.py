"""Return files of 240 columns: a slip and its money in two records, by FEBRABAN's columns or a bank's."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import cnab_files
from debtors.rules.cnab import FileProblem, Movement, ReturnFile
from debtors.rules.cnab240 import SEGMENT_T
from debtors.rules.cnab_files import ERROR_CODES
from debtors.rules.cnab_occurrences import Meaning
from tests.data.return_files import DAY, FACTS, file_240, line, pair_240

OWN = sorted(FACTS["columns_240"].keys() - {"FEBRABAN"})
BANKS = ["001", "237", *OWN]
CREDITED = date(2026, 11, 23)


def test_every_bank_with_columns_of_its_own_is_known():
    assert sorted(SEGMENT_T) == OWN


@pytest.mark.parametrize("bank", BANKS)
def test_a_payment_is_read_from_both_segments(bank):
    read = _read(
        bank,
        occurrence="06",
        our_number="12345678",
        document="BOL-0001",
        company_ref="parcela 7",
        due_on=date(2026, 11, 10),
        title=10_000,
        fee=150,
        reasons="04000000",
        paid=10_233,
        credited=10_083,
        interest=233,
        discount=7,
        rebate=5,
        other_credit=3,
        occurred_on=DAY,
        credited_on=CREDITED,
    )

    assert read.problems == () == read.errors
    assert (read.columns, read.bank, read.created_on, read.sequence) == (240, bank, DAY, "000042")
    assert read.movements == (
        Movement(
            line=3,
            bank=bank,
            our_number="12345678",
            document="BOL-0001",
            company_ref="parcela 7",
            occurrence="06",
            meaning=Meaning.PAID,
            title_cents=10_000,
            paid_cents=10_233,
            credited_cents=10_083,
            fee_cents=150,
            interest_cents=233,
            discount_cents=7,
            rebate_cents=5,
            other_credit_cents=3,
            due_on=date(2026, 11, 10),
            occurred_on=DAY,
            credited_on=CREDITED,
            reasons=("04",),
            external_id=f"{bank}:123456701234500000005678901:12345678:06:20261120:10233",
        ),
    )


@pytest.mark.parametrize(
    ("bank", "code", "meaning"),
    [
        ("001" if bank == "FEBRABAN" else bank, code, meaning)
        for bank, codes in FACTS["meanings_240"].items()
        for code, meaning in codes.items()
    ],
)
def test_a_code_means_what_febraban_or_the_bank_says(bank, code, meaning):
    assert _movement(bank, occurrence=code).meaning == meaning


@pytest.mark.parametrize(
    ("bank", "meaning"),
    [("001", Meaning.PAID_AT_NOTARY), ("033", Meaning.PAID_AT_NOTARY), ("341", Meaning.PAID)],
)
def test_a_reason_tells_of_the_notary_where_no_code_does(bank, meaning):
    assert _movement(bank, reasons="0800".ljust(8, "0")).meaning == meaning


def test_an_entry_is_no_payment_although_banks_write_its_amount():
    movement = _movement("001", occurrence="02", paid=10_000)

    assert (movement.paid_cents, movement.is_payment) == (10_000, False)


def test_what_stands_between_the_two_segments_is_passed_over():
    slip, money = _pair("033")
    other = line(240, segment=((14, 17), "Y 06"))

    read = cnab_files.parse(file_240("033", [slip, other, other, money], lot_count=4))

    assert read.is_whole
    assert (len(read.movements), read.passed_over) == (1, 2)


@pytest.mark.parametrize(
    ("kept", "lines"),
    [
        ("T", [3]),
        ("U", [3]),
        ("UT", [3, 4]),
        ("TT", [3, 4]),
        ("TTU", [3]),
        ("TUU", [5]),
        ("TYT", [3, 5]),
    ],
)
def test_a_segment_without_its_other_half_is_refused(kept, lines):
    slip, money = _pair("001")
    rows = {"T": slip, "U": money, "Y": line(240, segment=((14, 17), "Y 06"))}

    read = cnab_files.parse(file_240("001", [rows[each] for each in kept]))

    assert [(error.line, error.code) for error in read.errors] == [(at, "cnab_segment_alone") for at in lines]


def test_halves_of_different_movements_are_not_put_together():
    slip, _ = _pair("001", occurrence="06")
    _, money = _pair("001", occurrence="09")

    read = cnab_files.parse(file_240("001", [slip, money]))

    assert read.movements == ()
    assert [(error.line, error.code) for error in read.errors] == [
        (3, "cnab_segment_alone"),
        (4, "cnab_segment_alone"),
    ]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"paid": "00000000001023X"}, (4, "78-92", "00000000001023X", "cnab_not_digits")),
        ({"title": "1,00".rjust(15)}, (3, "82-96", "1,00", "cnab_not_digits")),
        ({"paid": 0}, (4, "78-92", "000000000000000", "cnab_paid_nothing")),
        ({"occurred_on": "00000000"}, (4, "138-145", "00000000", "cnab_no_day")),
        ({"occurred_on": "31022026"}, (4, "138-145", "31022026", "cnab_not_a_day")),
        ({"due_on": "00002026"}, (3, "74-81", "00002026", "cnab_not_a_day")),
        ({"occurrence": "88"}, (3, "16-17", "88", "cnab_unknown_occurrence")),
        ({"our_number": "", "document": ""}, (4, "", "", "cnab_no_number")),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_with_line_columns_and_value(changes, error):
    read = _read("001", **_paid() | changes)

    assert read.movements == ()
    assert read.is_whole
    first = read.errors[0]
    assert (first.line, first.column, first.value, first.code) == error


WHOLE = file_240("001", pair_240("001", occurrence="02", our_number="1", title=700))
LINES = WHOLE.decode().split("\r\n")[:-1]
CUT = "\r\n".join(LINES[:-1]).encode()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (WHOLE.replace(b"00100000", b"00100010", 1), FileProblem("no_header", 1, "00100010")),
        (WHOLE.replace(b"220112026", b"120112026", 1), FileProblem("not_a_return", 1, "1", "2")),
        (CUT, FileProblem("no_trailer", 5)),
        ("\r\n".join(LINES[:4]).encode(), FileProblem("no_trailer", 2, "0001")),
        (
            CUT + b"\r\n" + LINES[-1].replace("000006", "000007").encode(),
            FileProblem("wrong_count", 6, "000007", "6"),
        ),
        (
            CUT + b"\r\n" + LINES[-1].replace("000001", "000002").encode(),
            FileProblem("wrong_count", 6, "000002", "1"),
        ),
        (WHOLE.replace(b"000004", b"000006"), FileProblem("wrong_count", 5, "000006", "4")),
        ("\r\n".join(LINES[:2] + LINES[3:]).encode(), FileProblem("sequence_broken", 3, "00002", "00001")),
        ("\r\n".join([*LINES, LINES[2]]).encode(), FileProblem("after_trailer", 7)),
        ("\r\n".join([LINES[0], *LINES[2:]]).encode(), FileProblem("outside_a_lot", 2, "3")),
        (WHOLE.replace(b"00100015", b"23700015"), FileProblem("other_bank", 5, "237", "001")),
        (WHOLE.replace(b"\r\n", b"?\r\n", 1), FileProblem("record_too_long", 1, "241", "240")),
    ],
)
def test_a_file_that_is_cut_or_altered_says_so(content, problem):
    read = cnab_files.parse(content)

    assert problem in read.problems
    assert not read.is_whole


def test_blanks_stripped_from_the_end_of_a_line_are_put_back():
    stripped = "\n".join(each.rstrip() for each in LINES).encode()

    assert len(stripped) < len(WHOLE)
    assert cnab_files.parse(stripped) == cnab_files.parse(WHOLE)


def test_lots_of_other_services_are_counted_and_passed_over():
    other = [each.replace("00011T01", "00021C20").replace("0010001", "0010002") for each in LINES[1:-1]]
    trailer = LINES[-1].replace("000001000006", "000002000010")

    read = cnab_files.parse("\r\n".join([*LINES[:-1], *other, trailer]).encode())

    assert read.problems == ()
    assert (len(read.movements), read.passed_over) == (1, 2)


def test_santander_counts_only_the_details_of_a_lot():
    pair = _pair("033")

    assert cnab_files.parse(file_240("033", pair, lot_count=2)).is_whole
    assert not cnab_files.parse(file_240("033", pair, lot_count=4)).is_whole
    assert cnab_files.parse(file_240("001", _pair("001"), lot_count=4)).is_whole


amounts = st.integers(0, 10**15 - 1)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(bank=st.sampled_from(BANKS), title=amounts, paid=st.integers(1, 10**15 - 1), due=days, on=days)
def test_amounts_and_days_survive_the_columns(bank, title, paid, due, on):
    movement = _movement(bank, title=title, paid=paid, due_on=due, occurred_on=on, credited_on=on)

    assert (movement.title_cents, movement.paid_cents) == (title, paid)
    assert (movement.due_on, movement.occurred_on, movement.credited_on) == (due, on, on)


@given(data=st.data())
def test_a_file_with_some_bytes_changed_never_breaks_the_reader(data):
    content = bytearray(file_240("033", _pair("033") * 3))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    read = cnab_files.parse(bytes(content))

    assert {error.code for error in read.errors} <= set(ERROR_CODES)
    assert all(movement.paid_cents > 0 for movement in read.movements if movement.is_payment)


def _paid() -> dict[str, object]:
    """Return what a plain payment of R$ 102.33 tells."""
    return {"occurrence": "06", "our_number": "12345678", "paid": 10_233, "occurred_on": DAY}


def _pair(bank: str, **changes: object) -> list[str]:
    return pair_240(bank, **_paid() | changes)


def _read(bank: str, **values: object) -> ReturnFile:
    pair = pair_240(bank, **values)
    return cnab_files.parse(file_240(bank, pair, lot_count=2 if bank == "033" else None))


def _movement(bank: str, **changes: object) -> Movement:
    (movement,) = _read(bank, **_paid() | changes).movements
    return movement
