"""How far this machine's clock is ahead of a provider's, by the Date of the last answer it gave us."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from contacts.channels.base import ticks

#: An answer older than this says nothing about now: who stopped for it may try again.
REMEMBERED_SECONDS = 600.0


@dataclass
class _Last:
    """The last answer with a date that this process has seen."""

    ahead: timedelta = timedelta(0)
    seen_at: float | None = None  # of `ticks`


_last = _Last()


def note(date: str | None, *, now: datetime) -> None:
    """Remember what the Date header of an answer just received says; one that is none says nothing."""
    try:
        there = parsedate_to_datetime(date or "")
        _last.ahead, _last.seen_at = now - there.astimezone(UTC), ticks()
    except ValueError:
        return


def ahead() -> timedelta:
    """Return how far this machine was ahead at the last answer, to about a second; zero when long ago."""
    if _last.seen_at is None or ticks() - _last.seen_at > REMEMBERED_SECONDS:
        return timedelta(0)
    return _last.ahead
