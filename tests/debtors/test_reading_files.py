"""Files as they come: any usual encoding and separator, and nothing that hurts."""

import io
import random
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from debtors.import_reasons import REASONS, sentence
from debtors.services import reading_files, reading_xlsx
from debtors.services.reading_files import UnreadableFileError

DATA = Path(__file__).parents[1] / "data"
XLSX = (DATA / "sample_debts.xlsx").read_bytes()


def lines(content):
    return list(reading_files.read_lines(content))


def refusal(content):
    """Return the code with which a file is refused; it must have a sentence."""
    with pytest.raises(UnreadableFileError) as refused:
        lines(content)
    assert sentence(refused.value.code, refused.value.params)
    return refused.value.code


def workbook(fill):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        fill(book.add_worksheet())
    return content.getvalue()


def archive(members, *, compression=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return content.getvalue()


def repacked(changes):
    """Return the sample workbook with some members replaced or added."""
    with zipfile.ZipFile(io.BytesIO(XLSX)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    return archive(members | changes)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_usual_encodings_and_separators_are_recognised(encoding, separator, end):
    text = f"nome{separator}cidade{end}José{separator}Belém{end}"

    assert lines(text.encode(encoding)) == [(1, ["nome", "cidade"]), (2, ["José", "Belém"])]


def test_lines_are_numbered_as_an_editor_shows_them():
    content = b'\nnome;rua\n\n"Ana";"Rua A\nfundos"\nBia;Rua B\n;\n'

    assert lines(content) == [(2, ["nome", "rua"]), (4, ["Ana", "Rua A\nfundos"]), (6, ["Bia", "Rua B"])]


def test_a_decimal_comma_does_not_make_the_separator():
    assert lines(b"a;b;c\n1,0;2,0;3,0\n")[1] == (2, ["1,0", "2,0", "3,0"])


def test_cells_of_a_workbook_come_as_a_person_sees_them():
    def fill(sheet):
        sheet.write_row(2, 1, ["text", 1234.5, 0.1 + 0.2, 39053344705, 1e15, True])
        sheet.write_datetime(4, 1, datetime(2026, 11, 21), None)
        sheet.write_formula(5, 1, "=1+1", None, 2)

    assert lines(workbook(fill)) == [
        (3, ["text", "1234.5", "0.3", "39053344705", "1000000000000000", "true"]),
        (5, ["46347", "", "", "", "", ""]),  # a date without a date format is a number, and no date
        (6, ["2", "", "", "", "", ""]),
    ]


def test_dates_of_a_workbook_are_days():
    titles, first = lines(XLSX)[:2]

    assert dict(zip(titles[1], first[1], strict=True))["vencimento"].startswith("2026-")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\t ", "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "file_is_old_excel"),
        (b"%PDF-1.7 ...", "file_is_no_table"),
        (b"\x89PNG\r\n", "file_is_no_table"),
        (b"  <html>", "file_is_no_table"),
        (b"a;b\n\x00;1\n", "file_is_no_table"),
        (b"a;b\n\x81;\x8d\n", "unknown_encoding"),
        (b"nome\nAna\n", "no_separator"),
        (b'a;b\n"1;2\n3;4\n', "broken_quotes"),
        (b'a;b\n"x"y;2\n', "broken_quotes"),
        (b"PK\x03\x04 and no more", "broken_workbook"),
        (XLSX[: len(XLSX) // 2], "broken_workbook"),
        (archive({"a.txt": b"hello"}), "not_a_workbook"),
        (archive({"mimetype": b"x", "content.xml": b"x", "xl/workbook.xml": b"x"}), "not_a_workbook"),
        (archive({"xl/workbook.xml": b"<x"}), "broken_workbook"),
        (b"x" * (20 * 2**20 + 1), "file_too_large"),
    ],
)
def test_what_is_no_table_is_named(content, code):
    assert refusal(content) == code


def test_a_row_more_than_the_most_is_refused_and_the_most_is_not():
    most = b"a;b\n" + b"1;2\n" * reading_files.MAX_ROWS

    assert sum(1 for _ in reading_files.read_lines(most)) == reading_files.MAX_ROWS + 1
    assert refusal(most + b"1;2\n") == "too_many_rows"


def test_a_column_more_than_the_most_is_refused_and_the_most_is_not():
    most = ";".join("x" * reading_files.MAX_COLUMNS).encode()

    assert len(lines(most)[0][1]) == reading_files.MAX_COLUMNS
    assert refusal(most + b";x") == "too_many_columns"


def test_a_bomb_is_not_inflated():
    bomb = repacked({"xl/media/big.bin": b"0" * (101 * 2**20)})

    assert len(bomb) < 2**20
    assert refusal(bomb) == "suspicious_archive"


def test_a_large_archive_is_not_inflated_even_at_a_modest_ratio():
    noise = random.Random(1).randbytes(2 * 2**20)
    content = repacked({"noise.bin": noise, "xl/media/big.bin": b"0" * (101 * 2**20)})

    assert reading_xlsx.MAX_RATIO * len(content) > reading_xlsx.MAX_INFLATED_BYTES
    assert refusal(content) == "suspicious_archive"


def test_an_archive_of_many_members_is_refused():
    assert refusal(repacked({f"x/{n}.xml": b"" for n in range(201)})) == "suspicious_archive"


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        (b"XFD1", "too_many_columns"),
        (b"BI1", "too_many_columns"),
        (b"xfd1", "too_many_columns"),
        (b"A1048576", "too_many_rows"),
        (b"A4000000000", "too_many_rows"),
    ],
)
def test_a_cell_far_away_does_not_make_the_reader_lay_out_the_whole_sheet(reference, code):
    sheet = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row><c r="A1"><v>1</v></c><c r="%s"><v>1</v></c></row></sheetData></worksheet>'
        % reference
    )
    padded = sheet.replace(b"<sheetData>", b"<!--" + b" " * 65_300 + b"--><sheetData>")  # over two pieces

    assert refusal(repacked({"xl/worksheets/sheet1.xml": sheet})) == code
    assert refusal(repacked({"xl/worksheets/sheet1.xml": padded})) == code


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(seed):
    dice = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(XLSX)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    refused = set()
    for _ in range(40):
        damaged = {}
        for name, data in members.items():
            changed = bytearray(data)
            for _ in range(dice.choice([0, 0, 1, 5])):
                changed[dice.randrange(len(changed))] = dice.randrange(256)
            damaged[name] = bytes(changed[: dice.choice([len(changed), dice.randrange(len(changed))])])
        try:
            lines(archive(damaged, compression=zipfile.ZIP_STORED))
        except UnreadableFileError as error:
            refused.add(error.code)

    assert refused
    assert refused <= REASONS.keys()
