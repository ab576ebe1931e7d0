"""Return files of 400 columns: each bank by its own columns, every record whole or refused."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debtors.rules import cnab400, cnab_files
from debtors.rules.cnab import FileProblem, Movement, ReturnFile
from debtors.rules.cnab400_layouts import LAYOUTS
from debtors.rules.cnab_files import ERROR_CODES
from debtors.rules.cnab_occurrences import OWN_400, Meaning
from debtors.rules.import_columns import RowError
from tests.data.return_files import DAY, FACTS, detail_400, file_400

BANKS = sorted(FACTS["columns_400"])
PAID = {bank: "21" if bank == "104" else "06" for bank in BANKS}
CREDITED = date(2026, 11, 23)


def test_every_bank_of_the_table_is_known_by_columns_and_codes():
    assert sorted(LAYOUTS) == sorted(OWN_400) == BANKS


@pytest.mark.parametrize("bank", BANKS)
def test_a_payment_is_read_from_the_banks_own_columns(bank):
    columns = FACTS["columns_400"][bank]["columns"]
    amounts = {"title": 10_000, "paid": 10_233, "interest": 33, "fine": 200, "discount": 7, "rebate": 5}
    amounts |= {"other_credit": 3, "fee": 150, "credited": 10_083}
    told = {name: cents for name, cents in amounts.items() if name in columns}
    texts = {"our_number": "12345678", "document": "BOL-0001", "company_ref": "parcela 7"}
    days = {"due_on": date(2026, 11, 10), "occurred_on": DAY, "credited_on": CREDITED}
    known = {name: value for name, value in (texts | days).items() if name in columns}

    read = _read(bank, occurrence=PAID[bank], **told, **known)

    (movement,) = read.movements
    fee = told.get("fee", 0)
    assert read.problems == () == read.errors
    assert movement == Movement(
        line=2,
        bank=bank,
        our_number="12345678",
        document="BOL-0001",
        company_ref=known.get("company_ref", ""),
        occurrence=PAID[bank],
        meaning=Meaning.PAID,
        title_cents=10_000,
        paid_cents=10_233 + (fee if bank == "341" else 0),
        credited_cents={"341": 10_233, "001": 10_083}.get(bank),
        fee_cents=fee,
        interest_cents=told.get("interest", 0) + told.get("fine", 0),
        discount_cents=told.get("discount", 0),
        rebate_cents=told.get("rebate", 0),
        other_credit_cents=told.get("other_credit", 0),
        due_on=date(2026, 11, 10),
        occurred_on=DAY,
        credited_on=CREDITED,
        reasons=movement.reasons,
        external_id=movement.external_id,
    )
    assert movement.is_payment


@pytest.mark.parametrize("case", FACTS["net_of_fee"], ids=lambda case: case["note"])
def test_what_was_paid_is_told_before_the_fee_or_after_it(case):
    columns = FACTS["columns_400"][case["bank"]]["columns"]
    told = {
        name: case[f"{name}_cents"]
        for name in ("title", "fee", "interest", "discount")
        if f"{name}_cents" in case
    }
    if "credited" in columns:
        told["credited"] = case["credited_cents"]

    (movement,) = _read(case["bank"], **_paid(case["bank"]), **told, paid=case["told_cents"]).movements

    assert movement.paid_cents == case["paid_cents"]
    additions = movement.interest_cents - movement.discount_cents
    assert movement.paid_cents == movement.title_cents + additions


@pytest.mark.parametrize(
    ("bank", "code", "meaning"),
    [
        (bank, code, meaning)
        for bank, codes in FACTS["meanings_400"].items()
        for code, meaning in codes.items()
    ],
)
def test_a_code_means_what_the_bank_says(bank, code, meaning):
    (movement,) = _read(bank, **_paid(bank) | {"occurrence": code}, paid=500).movements

    assert movement.meaning == meaning
    assert movement.is_payment == (
        meaning in {"paid", "paid_in_part", "paid_at_notary", "paid_after_write_off"}
    )
    assert movement.is_doubtful == (
        meaning in {"paid_by_cheque", "cheque_returned", "written_off_as_paid", "reversed"}
    )


def test_codes_of_reasons_are_told_apart():
    assert _movement("237", reasons="0408000000").reasons == ("04", "08")
    assert _movement("341", reasons="18420000").reasons == ("18", "42")
    assert _movement("033", reasons="001051000").reasons == ("001", "051")
    assert _movement("077", reasons="Valor do titulo invalido").reasons == ("Valor do titulo invalido",)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"paid": "00000001023X3"}, ("254-266", "00000001023X3", "cnab_not_digits")),
        ({"paid": "0000000-10233"}, ("254-266", "0000000-10233", "cnab_not_digits")),
        ({"fee": "1.50".rjust(13)}, ("176-188", "1.50", "cnab_not_digits")),
        ({"paid": 0}, ("254-266", "0000000000000", "cnab_paid_nothing")),
        ({"occurred_on": "000000"}, ("111-116", "000000", "cnab_no_day")),
        ({"occurred_on": "310226"}, ("111-116", "310226", "cnab_not_a_day")),
        ({"due_on": "31/12 "}, ("147-152", "31/12", "cnab_not_a_day")),
        ({"occurrence": "99"}, ("109-110", "99", "cnab_unknown_occurrence")),
        ({"occurrence": "  "}, ("109-110", "", "cnab_unknown_occurrence")),
    ],
)
def test_a_record_that_cannot_be_read_is_refused_with_line_columns_and_value(changes, error):
    read = _read("237", **_paid("237") | changes)

    assert read.movements == ()
    first = read.errors[0]
    assert (first.line, first.column, first.value, first.code) == (2, *error)
    assert read.is_whole


def test_a_payment_of_no_slip_is_refused():
    read = _read("237", **_paid("237") | {"our_number": "", "document": ""})

    assert read.errors == (RowError(2, "", "", "cnab_no_number"),)


def test_one_wrong_record_does_not_cost_the_others():
    good, bad = _detail("237"), _detail("237", paid="00000001023X3")

    read = cnab_files.parse(file_400("237", [good, bad, good], trailer=_bradesco(entered=0, paid=3)))

    assert [movement.line for movement in read.movements] == [2, 4]
    assert [error.line for error in read.errors] == [3]
    assert read.is_whole


def test_a_record_of_an_unknown_kind_is_an_error_and_a_known_one_is_passed_over():
    strange, pix = "X" + _detail("237")[1:], "4" + _detail("237")[1:]

    read = cnab_files.parse(file_400("237", [strange, pix, pix], trailer=_bradesco(entered=0, paid=0)))

    assert read.errors == (RowError(2, "1-1", "X", "cnab_unknown_record"),)
    assert read.passed_over == 2


def test_an_unknown_occurrence_names_the_bank_that_was_asked():
    (error,) = _read("237", **_paid("237") | {"occurrence": "99"}).errors

    assert error.params == {"bank": "237"}


def test_two_payments_that_are_alike_stay_two_and_keep_their_names():
    alike = _detail("341")
    other = _detail("341", paid=999)
    read = cnab_files.parse(file_400("341", [alike, alike, other], trailer=_itau(3, 30_000)))
    again = cnab_files.parse(file_400("341", [other, alike], trailer=_itau(2, 20_000)))

    names = [movement.external_id for movement in read.movements]
    assert len(set(names)) == 3
    assert names[0] == "341:12340056789:12345678:06:20261120:10233"
    assert names[1] == names[0] + ":2"
    assert {movement.external_id for movement in again.movements} == {names[0], names[2]}


@pytest.mark.parametrize(
    ("bank", "sequence"),
    [("748", "0420007"), ("001", "0160000"), ("237", "00042"), ("341", "00042"), ("033", "")],
)
def test_the_header_tells_account_day_and_number(bank, sequence):
    read = _read(bank, **_paid(bank))

    assert (read.columns, read.bank, read.account) == (400, bank, "12340056789")
    assert (read.created_on, read.sequence) == (DAY, sequence)


def test_the_reader_of_400_columns_judges_a_header_by_itself():
    lines = WHOLE.decode().split("\r\n")

    def problems(first: str) -> tuple[FileProblem, ...]:
        read = cnab400.parse([first, *lines[1:]])
        assert (read.columns, read.movements) == (400, ())
        return read.problems

    assert cnab400.parse([]).problems == (FileProblem("empty", 1),)
    assert problems("1" + lines[0][1:]) == (FileProblem("no_header", 1, "1", "0"),)
    assert problems("01" + lines[0][2:]) == (FileProblem("not_a_return", 1, "1RETORNO", "2RETORNO"),)
    assert problems("02REMESSA" + lines[0][9:]) == (FileProblem("not_a_return", 1, "2REMESSA", "2RETORNO"),)


WHOLE = file_400("341", [detail_400("341", occurrence="02", our_number="1", title=700)], trailer={
    (213, 220): "00000001", (221, 234): "00000000000700",
})  # fmt: skip


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FileProblem("empty", 1)),
        (b"\r\n \r\n\x1a", FileProblem("empty", 1)),
        (b"contrato;valor\r\n1;2\r\n", FileProblem("no_header", 1, "contrato;valor")),
        (
            WHOLE.replace(b"02RETORNO", b"01REMESSA", 1),
            FileProblem("not_a_return", 1, "1REMESSA", "2RETORNO"),
        ),
        (WHOLE.replace(b"341", b"422", 1), FileProblem("unknown_bank", 1, "422")),
        (WHOLE[:804], FileProblem("no_trailer", 2)),
        (WHOLE[:402] + WHOLE[804:], FileProblem("sequence_broken", 2, "000003", "000002")),
        (WHOLE + WHOLE[402:804], FileProblem("sequence_broken", 4, "000002", "000004")),
        (WHOLE[:400] + b"!" + WHOLE[400:], FileProblem("record_too_long", 1, "401", "400")),
        (
            WHOLE.replace(b"00000000000700", b"00000000000701"),
            FileProblem("wrong_total", 3, "00000000000701", "700"),
        ),
        (
            WHOLE.replace(b"0000000100000000000700", b"0000000200000000000700"),
            FileProblem("wrong_count", 3, "00000002", "1"),
        ),
    ],
)
def test_a_file_that_is_cut_or_altered_says_so(content, problem):
    read = cnab_files.parse(content)

    assert problem in read.problems
    assert not read.is_whole


def test_a_line_after_the_trailer_says_that_files_were_put_together():
    read = cnab_files.parse(WHOLE + WHOLE[402:804].replace(b"000002\r\n", b"000004\r\n"))

    assert read.problems[0] == FileProblem("after_trailer", 4)


@pytest.mark.parametrize(
    ("entered", "paid", "problems"),
    [
        (0, 2, ()),
        (0, 1, (FileProblem("wrong_count", 4, "00001", "2"),)),
        (1, 2, (FileProblem("wrong_count", 4, "00001", "0"),)),
    ],
)
def test_the_trailers_counts_are_compared(entered, paid, problems):
    trailer = _bradesco(entered=entered, paid=paid)

    read = cnab_files.parse(file_400("237", [_detail("237")] * 2, trailer=trailer))

    assert read.problems == problems
    assert read.is_whole is (not problems)


def test_line_ends_blanks_and_letters_may_be_as_any_program_leaves_them():
    whole = cnab_files.parse(WHOLE)

    assert whole.is_whole
    assert len(whole.movements) == 1
    for other in (
        WHOLE.replace(b"\r\n", b"\n"),
        WHOLE.replace(b"\r\n", b"\r"),
        WHOLE + b"\x1a",
        b"\xef\xbb\xbf" + WHOLE,
        WHOLE.replace(b"\r\n", b"\r\n\r\n"),
    ):
        assert _without_lines(cnab_files.parse(other)) == _without_lines(whole)


def test_accents_do_not_shift_columns_in_either_encoding():
    accented = WHOLE.decode().replace(" " * 30 + "341", "IRMÃOS CONCEIÇÃO".ljust(30) + "341", 1)

    for encoding in ("latin-1", "utf-8"):
        read = cnab_files.parse(accented.encode(encoding))
        assert read.is_whole
        assert read.bank == "341"


def test_a_header_that_lost_its_number_is_no_header():
    cut = WHOLE.decode().split("\r\n")

    read = cnab_files.parse("\n".join([cut[0][:394].rstrip(), *cut[1:]]).encode())

    assert read.problems == (FileProblem("no_header", 1, "02RETORNO01COBRANCA"),)


amounts = st.integers(0, 10**13 - 1)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@given(bank=st.sampled_from(BANKS), title=amounts, paid=st.integers(1, 10**13 - 1), due=days, on=days)
def test_amounts_and_days_survive_the_columns(bank, title, paid, due, on):
    (movement,) = _read(
        bank,
        occurrence=PAID[bank],
        our_number="7",
        title=title,
        paid=paid,
        due_on=due,
        occurred_on=on,
        credited_on=on,
    ).movements

    assert (movement.title_cents, movement.paid_cents) == (title, paid)
    assert (movement.due_on, movement.occurred_on, movement.credited_on) == (due, on, on)


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(content):
    read = cnab_files.parse(content)

    assert read.problems


@given(data=st.data())
def test_a_file_with_some_bytes_changed_never_breaks_the_reader(data):
    content = bytearray(file_400("237", [_detail("237")] * 3, trailer=_bradesco(entered=0, paid=3)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    read = cnab_files.parse(bytes(content))

    assert {error.code for error in read.errors} <= set(ERROR_CODES)
    assert all(movement.paid_cents > 0 for movement in read.movements if movement.is_payment)


def _paid(bank: str) -> dict[str, object]:
    """Return what a plain payment of R$ 102.33 tells."""
    return {"occurrence": PAID[bank], "our_number": "12345678", "occurred_on": DAY}


def _detail(bank: str, **changes: object) -> str:
    return detail_400(bank, **_paid(bank) | {"title": 10_000, "paid": 10_233} | changes)


def _read(bank: str, **values: object) -> ReturnFile:
    values = {"title": 10_000, "paid": 10_233} | values
    title = values["title"]
    trailers = {"237": _bradesco(entered=values["occurrence"] == "02", paid=values["occurrence"] == "06")}
    trailers["341"] = _itau(1, title if isinstance(title, int) else 0)
    return cnab_files.parse(file_400(bank, [detail_400(bank, **values)], trailer=trailers.get(bank)))


def _movement(bank: str, **values: object) -> Movement:
    (movement,) = _read(bank, **_paid(bank) | values).movements
    return movement


def _bradesco(*, entered: int, paid: int) -> dict[tuple[int, int], str]:
    return {(58, 62): f"{entered:05d}", (87, 91): f"{paid:05d}"}


def _itau(count: int, total: int) -> dict[tuple[int, int], str]:
    return {(213, 220): f"{count:08d}", (221, 234): f"{total:014d}"}


def _without_lines(read: ReturnFile) -> ReturnFile:
    return replace(read, movements=tuple(replace(each, line=0) for each in read.movements))
