"""Read the first sheet of an XLSX file without letting a hostile one take the machine down.

An XLSX file is a ZIP archive of XML. Before the parser sees it the archive is inflated once and
counted, and every cell reference is looked at: a few bytes may claim a cell in the last row and
column there is, and a parser that lays out the whole rectangle would ask for terabytes.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

MAX_BYTES = 20 * 2**20
MAX_ROWS = 200_000
MAX_COLUMNS = 60
MAX_MEMBERS = 200
MAX_INFLATED_BYTES = 100 * 2**20
MAX_RATIO = 100
CHUNK = 2**16

_SLACK_ROWS = 1_000  # blank or title lines that a sheet may have beside its rows
_LONGEST_TAG = 2**20
#: Members of other office documents: a parser that guesses must find none of them.
OTHER_DOCUMENTS = {"mimetype", "content.xml", "xl/workbook.bin", "word/document.xml"}
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")

type Cell = int | float | str | bool | time | date | datetime | timedelta


class UnreadableFileError(Exception):
    """The file cannot be read as a table; `code` and `params` make the sentence a person reads."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells as text) of the first sheet; raises UnreadableFileError."""
    sheet = _first_sheet(_inspected(content))
    first = sheet.start[0] if sheet.start else 0
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), start=first + 1):
        yield number, [_text(cell) for cell in row]


def _first_sheet(content: bytes) -> CalamineSheet:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, IndexError, ValueError, OSError):
        raise UnreadableFileError("broken_workbook") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a panic of the parser is no Exception in Python
            raise
        raise UnreadableFileError("broken_workbook") from None


def _inspected(content: bytes) -> bytes:
    """Return the archive written anew from exactly what was counted and looked at.

    So the parser cannot find in it, by another reading of the ZIP format, what was not seen here.
    """
    clean = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(clean, "w") as copy:
            _refuse_strange_members(archive)
            inflated = 0
            for member in archive.infolist():
                budget = min(MAX_INFLATED_BYTES, MAX_RATIO * len(content)) - inflated
                inflated += _copy_member(archive, member, copy, budget=budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError, OSError):
        raise UnreadableFileError("broken_workbook") from None
    return clean.getvalue()


def _refuse_strange_members(archive: zipfile.ZipFile) -> None:
    """Refuse too many members, the same twice, and archives that hold another kind of document."""
    members = archive.namelist()
    if len(members) > MAX_MEMBERS or len(set(members)) < len(members):
        raise UnreadableFileError("suspicious_archive")
    if "xl/workbook.xml" not in members or OTHER_DOCUMENTS & set(members):
        raise UnreadableFileError("not_a_workbook")


def _copy_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, copy: zipfile.ZipFile, *, budget: int
) -> int:
    """Inflate one member in pieces, within `budget` bytes, into the copy; return its size."""
    size, rest = 0, b""
    with archive.open(member) as source, copy.open(member.filename, "w") as target:
        while piece := source.read(CHUNK):
            size += len(piece)
            if size > budget:
                raise UnreadableFileError("suspicious_archive")
            target.write(piece)
            rest = _look_at_tags(rest + piece)
    return size


def _look_at_tags(xml: bytes) -> bytes:
    """Refuse a cell beyond the rows and columns a file may have; return the tag not yet complete."""
    for column, row in _REFERENCE.findall(xml):
        if int(row) > MAX_ROWS + _SLACK_ROWS:
            raise UnreadableFileError("too_many_rows", most=str(MAX_ROWS))
        if _column_number(column.upper()) > MAX_COLUMNS:
            raise UnreadableFileError("too_many_columns", line=row.decode(), most=str(MAX_COLUMNS))
    rest = xml[xml.rfind(b"<") :] if b"<" in xml else b""
    return rest if len(rest) < _LONGEST_TAG else b""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: Cell) -> str:
    """Return a cell as it would stand in a CSV file; a float with the 15 digits that Excel keeps."""
    match cell:
        case str():
            return cell
        case bool():
            return str(cell).lower()
        case int():
            return str(cell)
        case float():
            return format(Decimal(f"{cell:.15g}"), "f")
        case datetime():
            return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ")
        case _:
            return str(cell)
