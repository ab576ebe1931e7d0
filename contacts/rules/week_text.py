"""The windows of a day as a manager types them, `08:30-12:00, 13:30-21:00`, and how far they reach."""

import re
from collections.abc import Iterable, Sequence

from contacts.rules.reading import MalformedError

#: Outer envelope of the practice guides: beyond it a window is a loosening.
EARLIEST_MINUTE, LATEST_MINUTE = 8 * 60 + 30, 21 * 60
CLOSED_WORDS = frozenset({"", "-", "–", "closed", "fechado", "fechada"})
_TIME = r"([0-9]{1,2})(?:[:h]([0-9]{2})?)?"
_WINDOW = re.compile(_TIME + r"\s*(?:-|–|—|às|as|a|até|ate|to)\s*" + _TIME)


def read_day(text: str) -> list[list[str]]:
    """Return the windows of one day as the policy keeps them; a closed day is an empty list.

    Raises MalformedError for a part that is not a window; whether it starts before it ends is the
    policy's own question.
    """
    if text.strip().lower() in CLOSED_WORDS:
        return []
    return [_read_window(part.strip()) for part in re.split(r"[,;]", text) if part.strip()]


def write_day(windows: Iterable[Sequence[str]]) -> str:
    """Return the windows of one day as they are typed."""
    return ", ".join(f"{start}-{end}" for start, end in windows)


def is_outside_envelope(windows: Iterable[Sequence[str]]) -> bool:
    """Return whether some window begins before 08:30 or ends after 21:00."""
    return any(minute_of(start) < EARLIEST_MINUTE or minute_of(end) > LATEST_MINUTE for start, end in windows)


def minute_of(text: str) -> int:
    """Return the minute of the day of `08:30`."""
    hour, _colon, minute = text.partition(":")
    return int(hour) * 60 + int(minute)


def _read_window(part: str) -> list[str]:
    match = _WINDOW.fullmatch(part.lower())
    if match is None:
        raise MalformedError("", problem="not_window", value=part)
    start_hour, start_minute, end_hour, end_minute = match.groups()
    return [f"{int(start_hour):02}:{start_minute or '00'}", f"{int(end_hour):02}:{end_minute or '00'}"]
