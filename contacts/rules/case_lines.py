"""Reads the gate's lines: quickly where a line is as it should be, patiently where it is not."""

import json
from typing import Any, NoReturn

from contacts.rules.case_json import Case, case_from_json
from contacts.rules.quick_reading import read_quickly
from contacts.rules.reading import MalformedError


class LineError(ValueError):
    """A line that holds no case; `case_id` is its id, None when the line could not be parsed."""

    def __init__(self, message: str, *, case_id: Any = None) -> None:
        self.case_id = case_id
        super().__init__(message)


def read_line(line: bytes) -> tuple[Any, Case]:
    """Return the line's id and its case. Raises LineError."""
    return read_quickly(line) or _read_patiently(line)


def _read_patiently(line: bytes) -> tuple[Any, Case]:
    try:
        raw = _decode(line.decode())
    except (ValueError, RecursionError) as error:
        raise LineError(f"not JSON: {error}") from error
    case_id = raw.get("id") if isinstance(raw, dict) else None
    if not _can_be_echoed(case_id):
        raise LineError("id holds a number that is too large")
    try:
        return case_id, case_from_json(raw)
    except MalformedError as error:
        raise LineError(str(error), case_id=case_id) from error


def _can_be_echoed(case_id: Any) -> bool:
    """Return whether JSON has words for the id: a number such as 1e400 is infinite once read."""
    try:
        json.dumps(case_id, allow_nan=False)
    except ValueError:
        return False
    return True


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


_decode = json.JSONDecoder(parse_constant=_no_number).decode
