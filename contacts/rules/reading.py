"""Reads typed values out of parsed JSON, and says exactly where and why one is not what it should be."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from contacts.rules.calendar import in_utc

# Problem -> sentence, for the log, the command and the tests; screens use the translated twins in
# contacts/reasons.py.
PROBLEMS: Final = {
    "missing": "is missing",
    "not_object": "is not an object",
    "not_list": "is not a list",
    "not_text": "is not a text",
    "not_flag": "is neither true nor false",
    "not_whole": "is not a whole number",
    "not_number": "is not a number, or too large",
    "not_instant": "is not an instant such as 2026-11-21T13:00:00Z",
    "no_zone": "is an instant without zone",
    "not_date": "is not a date such as 2026-12-25",
    "not_month_day": "is not a month and day such as 12-25",
    "not_weekday": "is not a weekday (mon, tue, wed, thu, fri, sat, sun)",
    "not_window": 'is not a window such as ["08:30", "21:00"]',
    "not_time": "is not a time of day such as 08:30",
    "window_order": "does not end later than it starts",
    "not_choice": "is not one of the words allowed here",
    "not_known": "is a word that no rule knows",
    "too_long": "reaches further back, in days, than contacts are looked for",
}
# What reading a value of the wrong shape may raise. The readers below read first and ask questions
# only when that failed: most lines are well formed, and there are hundreds of thousands of them.
READING_ERRORS: Final = (KeyError, TypeError, ValueError, AttributeError, OverflowError)

ONE_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)
# Python cuts finer fractions off, others round them, perhaps over the edge of a window: we read neither.
FINER_THAN_MICROSECONDS = re.compile(r"[.,]\d{7}", re.ASCII)
EMPTY: Final[list[Any]] = []


class MalformedError(ValueError):
    """A value that cannot be read: `path` says where, `problem` (a key of PROBLEMS) why, `value` what."""

    def __init__(self, path: str, *, problem: str, value: object = None) -> None:
        self.path = path
        self.problem = problem
        self.value = value

    def __str__(self) -> str:
        shown = "" if self.problem == "missing" else f" ({str(self.value)[:60]!r})"
        return f"{self.path or 'the line'} {PROBLEMS[self.problem]}{shown}"

    def inside(self, outer: str) -> "MalformedError":
        """Return the same complaint with its path as seen from one level further out."""
        inner = f".{self.path}" if self.path else ""
        return MalformedError(f"{outer}{inner}", problem=self.problem, value=self.value)


class Record:
    """One JSON object. Each method reads a key; None (null) counts as absent unless it says otherwise."""

    __slots__ = ("raw",)

    def __init__(self, raw: object) -> None:
        if not isinstance(raw, dict):
            raise MalformedError("", problem="not_object", value=raw)
        self.raw: dict[str, Any] = raw

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.raw.get(key)
        if value is True or value is False:
            return bool(value)
        if value is None:
            return default
        raise MalformedError(key, problem="not_flag", value=value)

    def required(self, key: str) -> Any:
        """Return the value of a key that must be there."""
        value = self.raw.get(key)
        if value is None:
            raise MalformedError(key, problem="missing")
        return value

    def text(self, key: str) -> str:
        """Return a text that must be there."""
        value = self.raw.get(key)
        if isinstance(value, str):
            return value
        raise MalformedError(key, problem="missing" if value is None else "not_text", value=value)

    def text_or_none(self, key: str) -> str | None:
        """Return a text, or None."""
        return None if self.raw.get(key) is None else self.text(key)

    def choice(self, key: str, *, words: tuple[str, ...]) -> str:
        """Return one of `words`, the first when absent."""
        value = self.raw.get(key)
        if value is None:
            return words[0]
        if value not in words:
            raise MalformedError(key, problem="not_choice", value=value)
        return str(value)

    def whole(self, key: str) -> int | None:
        """Return a whole number, or None."""
        value = self.raw.get(key)
        if value is None or type(value) is int:
            return value
        if isinstance(value, float) and value.is_integer():
            return int(value)
        raise MalformedError(key, problem="not_whole", value=value)

    def duration(self, key: str, *, unit: timedelta) -> float | None:
        """Return a number of `unit`, perhaps a fraction, or None."""
        value = self.raw.get(key)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise MalformedError(key, problem="not_number", value=value)
        try:
            unit * value
        except (OverflowError, ValueError) as error:
            raise MalformedError(key, problem="not_number", value=value) from error
        return value

    def instant(self, key: str) -> datetime:
        """Return an instant in UTC that must be there."""
        value = self.required(key)
        try:
            moment = _moment(value)
        except (TypeError, ValueError) as error:
            raise MalformedError(key, problem="not_instant", value=value) from error
        try:
            return in_utc(moment)
        except (ValueError, OverflowError) as error:
            raise MalformedError(key, problem="no_zone", value=value) from error

    def instant_or_none(self, key: str) -> datetime | None:
        """Return an instant in UTC, or None."""
        return None if self.raw.get(key) is None else self.instant(key)

    def day(self, key: str) -> date:
        """Return a date that must be there."""
        value = self.required(key)
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise MalformedError(key, problem="not_date", value=value) from error

    def day_or_none(self, key: str) -> date | None:
        """Return a date, or None."""
        return None if self.raw.get(key) is None else self.day(key)

    def items(self, key: str) -> list[Any]:
        """Return a list, empty when absent."""
        value = self.raw.get(key)
        if value is None:
            return EMPTY
        if not isinstance(value, list):
            raise MalformedError(key, problem="not_list", value=value)
        return value

    def words(self, key: str) -> list[str]:
        """Return a list of texts, empty when absent."""
        items = self.items(key)
        for item in items:
            if not isinstance(item, str):
                raise MalformedError(key, problem="not_text", value=item)
        return items

    def required_words(self, key: str) -> frozenset[str]:
        """Return a set of texts that must be there, though it may be empty."""
        self.required(key)
        return frozenset(self.words(key))

    def words_or(self, key: str, default: frozenset[str]) -> frozenset[str]:
        """Return a set of texts; an empty list is an empty set, only absence is `default`."""
        return default if self.raw.get(key) is None else frozenset(self.words(key))

    def each[T](self, key: str, read: Callable[[Any], T]) -> tuple[T, ...]:
        """Return what `read` makes of each item of a list."""
        items = self.items(key)
        return read_each(items, path=key, read=read) if items else ()

    def nested[T](self, key: str, read: Callable[[Any], T]) -> T:
        """Return what `read` makes of an object that must be there."""
        value = self.required(key)
        try:
            return read(value)
        except MalformedError as error:
            raise error.inside(key) from None


def read_each[T](items: Iterable[Any], *, path: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    """Return what `read` makes of each item; a complaint names the item by its number, from 0."""
    result: list[T] = []  # its length says where reading stopped
    try:
        for item in items:
            result.append(read(item))
    except MalformedError as error:
        raise error.inside(f"{path}[{len(result)}]") from None
    return tuple(result)


def to_instant(raw: Any) -> datetime:
    """Return the instant in UTC. Raises one of READING_ERRORS."""
    moment = _moment(raw)
    return moment if moment.tzinfo is UTC else in_utc(moment)


def _moment(raw: Any) -> datetime:
    if FINER_THAN_MICROSECONDS.search(raw):
        raise ValueError(raw)
    return datetime.fromisoformat(raw)


def read_date(raw: Any) -> date:
    """Return the date of one item of a list."""
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError) as error:
        raise MalformedError("", problem="not_date", value=raw) from error


def read_month_day(raw: Any) -> tuple[int, int]:
    """Return (month, day) of "12-25"; 29 February is one."""
    try:
        return _month_day(raw)
    except (TypeError, ValueError) as error:
        raise MalformedError("", problem="not_month_day", value=raw) from error


@lru_cache(maxsize=512)
def _month_day(text: str) -> tuple[int, int]:
    match = ONE_MONTH_DAY.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day = date(2000, int(match[1]), int(match[2]))  # a leap year
    return day.month, day.day
