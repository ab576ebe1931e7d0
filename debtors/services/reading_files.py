"""Turn the bytes of a CSV or XLSX file into lines of text cells, within limits, or say why not."""

import csv
import io
from collections.abc import Iterator

from debtors.services import reading_xlsx
from debtors.services.reading_xlsx import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, UnreadableFileError

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "UnreadableFileError", "read_lines"]

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NOT_TABLES = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"<",
)
_SEPARATORS = ";,\t|"


def read_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number in the file, cells as text) for every line that is not blank.

    What the file is follows from its first bytes, never from its name. CSV may be separated by
    semicolon, comma, tab or bar and written in UTF-8, UTF-16 with a mark, or Windows-1252. Of an
    XLSX file the first sheet is read; its dates come as `2026-11-21`, its numbers as `1234.5`.

    Raises UnreadableFileError, while reading too, when the file is no table or passes a limit.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableFileError("file_too_large", most=str(MAX_BYTES // 2**20))
    if not content.strip():
        raise UnreadableFileError("file_empty")
    if content.startswith(_OLD_EXCEL):
        raise UnreadableFileError("file_is_old_excel")
    if content.lstrip().startswith(_NOT_TABLES):
        raise UnreadableFileError("file_is_no_table")
    if content.startswith(b"PK\x03\x04"):
        return _limited(reading_xlsx.read_lines(content))
    return _limited(_read_csv(_decode(content)))


def _limited(lines: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Pass lines on and stop at the first that is one too many or too wide."""
    for count, (line, cells) in enumerate(pair for pair in lines if any(map(str.strip, pair[1]))):
        if count > MAX_ROWS:  # the titles are the line more
            raise UnreadableFileError("too_many_rows", most=str(MAX_ROWS))
        if len(cells) > MAX_COLUMNS:
            raise UnreadableFileError("too_many_columns", line=str(line), most=str(MAX_COLUMNS))
        yield line, cells


def _decode(content: bytes) -> str:
    """Return the text of a CSV file; what is not UTF-8 is Windows-1252, as Brazilian Excel writes it."""
    try:
        if content.startswith(_UTF16):
            return content.decode("utf-16")
        if b"\x00" in content:
            raise UnreadableFileError("file_is_no_table")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise UnreadableFileError("unknown_encoding") from None


def _read_csv(text: str) -> Iterator[tuple[int, list[str]]]:
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        raise UnreadableFileError("broken_quotes", line=str(line)) from None


def _separator(text: str) -> str:
    """Return the separator that cuts the line of titles into most cells."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    found = max(_SEPARATORS, key=first.count)
    if not first.count(found):
        raise UnreadableFileError("no_separator")
    return found
