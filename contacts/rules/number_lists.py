"""Reads a list of telephone numbers, one a line, as do-not-call registers are handed out."""

import re
from dataclasses import dataclass

from collections_crm.lib import phones

#: Behind the number a line may hold more, in columns of its own.
_COLUMNS = re.compile(r"[;,\t|]")
_ENCODINGS = ("utf-8-sig", "cp1252")
_MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
#: How a workbook begins, and how one rewrites a number that it takes for an amount.
_WORKBOOK, _REWRITTEN = b"PK\x03\x04", re.compile(r"\d+([.,]\d+)?E\+?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LineError:
    """A line that holds no number: which, what stands there, and why.

    `code` is one of `phones.PhoneError`, "rewritten" where a spreadsheet made an amount of it, or
    "workbook" where the whole file is none of lines.
    """

    line: int
    text: str
    code: str


@dataclass(frozen=True, slots=True)
class NumberList:
    """The numbers of a file in E.164, each once, and the lines that could not be read."""

    numbers: frozenset[str]
    errors: tuple[LineError, ...]


def read_numbers(content: bytes) -> NumberList:
    """Return the numbers of a CSV or text file; the first line may be a title, blank lines mean nothing."""
    if content.startswith(_WORKBOOK):
        return NumberList(frozenset(), (LineError(1, "", "workbook"),))
    numbers: set[str] = set()
    errors: list[LineError] = []
    lines = enumerate(_decode(content).splitlines(), start=1)
    filled = [(number, cell, line) for number, line in lines if (cell := _first_cell(line))]
    if filled and not any(map(str.isdigit, filled[0][1])):  # a title
        filled = filled[1:]
    for number, cell, line in filled:
        try:
            numbers.add(phones.parse(cell).e164)
        except phones.PhoneError as error:
            found = _REWRITTEN.match(line.strip(" \"'"))
            errors.append(
                LineError(number, found[0], "rewritten")
                if found
                else LineError(number, cell[:60], error.code)
            )
    return NumberList(frozenset(numbers), tuple(errors))


def _first_cell(line: str) -> str:
    return _COLUMNS.split(line, maxsplit=1)[0].strip().strip("\"'").strip()


def _decode(content: bytes) -> str:
    """Return the text; what is not UTF-8 is read as Windows-1252, what is neither leaves lines in error."""
    if content.startswith(_MARKS_OF_UTF_16):
        return content.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("ascii", errors="replace")
