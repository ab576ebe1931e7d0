"""The moments at which an objection may fall away: the only ones worth asking the gate about again."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from heapq import merge

from contacts.rules.calendar import in_utc, local_clocks
from contacts.rules.facts import Cap, Facts, PolicyTerms, Window
from contacts.rules.frequency import WEEK

Week = tuple[tuple[Window, ...], ...]

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
# No zone has ever changed its offset and changed it back within so short a time.
PROBE = timedelta(hours=6)


def minutes_to_try(
    facts: Facts, terms: PolicyTerms, *, after: datetime, horizon_days: int
) -> Iterator[datetime]:
    """Yield in order the whole minutes after `after` at which an objection may have just ended.

    Between two of them nothing that blocks can fall away, so the first allowed one is the first
    allowed whole minute of all. The last minute tried is the horizon's.
    """
    floor = after.replace(second=0, microsecond=0)
    last = floor + timedelta(days=horizon_days)
    endings = [end for end in _endings(facts, terms, last) if after < end <= last]
    several: list[Sequence[datetime]] = [sorted([_next_whole_minute(in_utc(end)) for end in endings])]
    if facts.action != "speak":  # once a call is answered no rule looks at a clock
        for zone in {clock.tzinfo for clock in local_clocks(facts, terms, after) or ()}:
            edges = _edges(zone, terms.windows, _start_of_day(floor), horizon_days)
            several.append(edges[bisect_right(edges, after) : bisect_right(edges, last)])
    before = None
    for minute in merge(*several):
        if minute != before:
            yield minute
        before = minute


@lru_cache(maxsize=512)
def _edges(zone: tzinfo | None, windows: Week, day: datetime, horizon_days: int) -> tuple[datetime, ...]:
    """Return, sorted, the whole minutes at a zone's edges from a day on: the same for all judged that day."""
    end = day + timedelta(days=horizon_days + 1) + MINUTE
    edges = _local_edges(zone, windows, start=day, end=end)
    return tuple(sorted({_next_whole_minute(in_utc(edge)) for edge in edges}))


def _start_of_day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0)


def _endings(facts: Facts, terms: PolicyTerms, last: datetime) -> Iterator[datetime]:
    """Yield the instants at which a wish, a hold, a rest or a count ends, or a permission begins.

    A promise may end the grace of a later one by becoming the earliest when it is made.
    """
    yield from [hold.active_until for hold in facts.holds if hold.active_until is not None]
    yield from [wish.active_until for wish in facts.opt_outs if wish.active_until is not None]
    yield from [consent.active_from for consent in facts.consents if consent.active_from is not None]
    yield from [promise.made_at for promise in facts.promises]
    caps = (terms.total_cap, terms.channel_caps.get(facts.channel))
    of_the_person = _spans(caps, rest_hours=terms.conversation_cooldown_hours)
    of_the_point = _spans((terms.point_cap,))
    for contacts, spans in ((facts.contacts, of_the_person), (facts.point.contacts, of_the_point)):
        for contact in contacts:
            # compared before it is added: a span may be longer than the calendar
            yield from [contact.at + span for span in spans if span <= last - contact.at]


@lru_cache(maxsize=512)
def _spans(caps: tuple[Cap | None, ...], *, rest_hours: float | None = None) -> frozenset[timedelta]:
    """Return how long a contact may stand in the way of the next: by a rest, by caps that measure time."""
    spans = set() if rest_hours is None else {timedelta(hours=rest_hours)}
    for cap in caps:
        if cap is not None and cap.per_7_days is not None:
            spans.add(WEEK)
        if cap is not None and cap.gap_minutes is not None:
            spans.add(timedelta(minutes=cap.gap_minutes))
    return frozenset(span for span in spans if span > timedelta(0))


def _local_edges(zone: tzinfo | None, windows: Week, *, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the zone's local midnights, the opening of each window, and every shift of its clock.

    Walking from shift to shift keeps the arithmetic plain: between two shifts local time is UTC plus
    a constant, so a midnight that does not exist, or comes twice, needs no care.
    """
    for opening, closing, offset in _stretches(zone, start, end):
        yield opening
        day = (opening + offset).date()
        while day <= (closing + offset).date():
            for minute in _edge_minutes(day, windows):
                moment = _wall(day, minute) - offset
                if opening <= moment < closing:
                    yield moment
            day += timedelta(days=1)


def _edge_minutes(day: date, windows: Week) -> set[int]:
    return {0, *[window.start_minute for window in windows[day.weekday()]]}


def _wall(day: date, minute: int) -> datetime:
    """Return the wall time, marked as UTC so that subtracting the offset gives the instant."""
    return datetime.combine(day, time.min, tzinfo=UTC) + timedelta(minutes=minute)


def _stretches(
    zone: tzinfo | None, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Yield (from, to, offset) for each stretch from `start` to `end` in which the offset stands still."""
    opening, offset, probe = start, _offset(zone, start), start
    while probe < end:
        following = min(probe + PROBE, end)
        if _offset(zone, following) != offset:
            shift = _shift_between(zone, probe, following)
            yield opening, shift, offset
            opening, offset, following = shift, _offset(zone, shift), shift
        probe = following
    yield opening, end, offset


def _shift_between(zone: tzinfo | None, before: datetime, after: datetime) -> datetime:
    """Return the first second after `before` that has another offset than it; `after` has."""
    old = _offset(zone, before)
    seconds = int((after - before) / SECOND)
    low, high = 0, seconds
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, before + middle * SECOND) == old:
            low = middle
        else:
            high = middle
    return before + high * SECOND


def _offset(zone: tzinfo | None, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def _next_whole_minute(moment: datetime) -> datetime:
    """Return the first whole minute at or after the moment."""
    floor = moment.replace(second=0, microsecond=0)
    return floor if floor == moment else floor + MINUTE
