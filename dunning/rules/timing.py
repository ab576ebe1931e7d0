"""When a message of the day may leave at the earliest, and when it has become pointless."""

from datetime import date, datetime, time, timedelta, tzinfo

from contacts.vocabulary import Channel

MORNING_BEGINS = time(9, 0)
SPREAD_OVER = timedelta(hours=2)
TOO_LATE_AFTER = timedelta(days=3)
#: Somebody has to print a letter and go to the post.
TOO_LATE_BY_POST = timedelta(days=7)


def earliest(*, now: datetime, zone: tzinfo) -> datetime:
    """Return nine o'clock of the office's present day, or `now` when that has passed."""
    return max(now, datetime.combine(now.astimezone(zone).date(), MORNING_BEGINS, tzinfo=zone))


def too_late(*, not_before: datetime, due_on: date | None, zone: tzinfo, channel: str = "") -> datetime:
    """Return when a message has become pointless: three days on, a letter a week on, a reminder in time.

    `due_on` is given for a reminder only: once the day has passed in the office's zone, the text
    would speak of a day that is over.
    """
    latest = not_before + (TOO_LATE_BY_POST if channel == Channel.LETTER else TOO_LATE_AFTER)
    if due_on is None:
        return latest
    return min(latest, end_of(due_on, zone=zone))


def end_of(day: date, *, zone: tzinfo) -> datetime:
    """Return when a day is over in the office's zone."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone)
