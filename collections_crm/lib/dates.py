"""Dates as Brazilian files and people write them, and the ISO form."""

import re
from datetime import date

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)

_BRAZILIAN = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MIDNIGHT = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?Z?$")


class DateError(ValueError):
    """The text is no date. `code` is `not_a_date`, `no_such_day`, `two_digit_year` or `out_of_range`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code


def parse(text: str) -> date:
    """Return the day written in `text`: `21/11/2026` (day first, always), `21.11.2026` or `2026-11-21`.

    A midnight behind it, which spreadsheets add, is ignored. A year of two digits is refused, for
    a birth in `12/05/26` may be a hundred years away, and so is a day outside 1900 to 2100.

    Raises DateError.
    """
    stripped = _MIDNIGHT.sub("", text.strip())
    if match := _ISO.fullmatch(stripped):
        year, month, day = match.groups()
    elif match := _BRAZILIAN.fullmatch(stripped):
        day, _, month, year = match.groups()
    else:
        is_short = re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}", stripped)
        raise DateError("two_digit_year" if is_short else "not_a_date", text)
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise DateError("no_such_day", text) from None
    if not EARLIEST <= found <= LATEST:
        raise DateError("out_of_range", text)
    return found


def format_br(day: date) -> str:
    """Return `21/11/2026`."""
    return f"{day:%d/%m}/{day.year:04d}"
