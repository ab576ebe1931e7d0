"""The minutes at which an answer may change: what the oracle looks at where every minute would cost too much.

Read off the sentences of the specification, not off the product: every instant that a rule compares
with, and every local midnight, window's edge and turn of a clock. A coarse walk over all the other
minutes, begun anywhere, and the walk over every minute of some of the cases, watch that none is missing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from .reading import Case, listed, read_instant, read_time_of_day, zones

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: How far apart the walk over all the other minutes steps. A prime: it meets no rhythm of days or hours.
STRIDE = 47


def minutes_worth_a_look(case: Case, t: datetime, horizon_days: int, rng: Random) -> list[datetime]:
    """Return, sorted, whole minutes after t: on both sides of every edge, and others at a stride."""
    floor = t.replace(second=0, microsecond=0)
    last = floor + timedelta(days=horizon_days)
    looked_at = {floor + k * MINUTE for k in range(rng.randint(1, STRIDE), horizon_days * 1440 + 1, STRIDE)}
    for edge in (*instants(case), *turns_of_the_clocks(case, floor, last)):
        if floor - MINUTE <= edge <= last + MINUTE:
            below = edge.replace(second=0, microsecond=0)
            looked_at |= {below + k * MINUTE for k in (-1, 0, 1, 2)}
    return sorted(minute for minute in looked_at if floor < minute <= last)


def instants(case: Case) -> Iterator[datetime]:
    """Yield every instant of the case, and those as long after a contact as a rule looks back."""
    debtor, policy = case["debtor"], case["policy"]
    for interval in listed(debtor, "holds") + listed(debtor, "opt_outs") + listed(debtor, "consents"):
        yield from (read_instant(interval[bound]) for bound in ("from", "until") if interval.get(bound))
    yield from (read_instant(each["made_at"]) for each in listed(debtor, "promises") if each.get("made_at"))
    caps = policy.get("caps") or {}
    all_caps = (caps.get("total"), caps.get("point"), *(caps.get("channels") or {}).values())
    lengths = [timedelta(minutes=cap["gap_minutes"]) for cap in all_caps if cap and cap.get("gap_minutes")]
    lengths += [timedelta(0), timedelta(hours=168)]
    lengths += [timedelta(hours=policy.get("conversation_cooldown_hours") or 0)]
    for contact in listed(debtor, "contacts") + listed(case["point"], "contacts"):
        yield from (read_instant(contact["at"]) + length for length in lengths)


def turns_of_the_clocks(case: Case, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield when some local clock shows midnight or a window's edge, or is turned, by looking at it."""
    windows = [pair for day in (case["policy"].get("windows") or {}).values() for pair in day or []]
    shown = {read_time_of_day(edge) for pair in windows for edge in pair} | {timedelta(0)}
    for zone in zones(case) or []:
        hour = start.replace(minute=0)
        offset = hour.astimezone(zone).utcoffset() or timedelta(0)
        while hour <= end:
            later = (hour + HOUR).astimezone(zone).utcoffset() or timedelta(0)
            wall = timedelta(hours=hour.hour) + offset
            if offset == later:
                yield from [hour + ahead for edge in shown if (ahead := (edge - wall) % DAY) < HOUR]
            else:  # turned within the hour: each of its minutes is worth a look
                yield from [hour + k * MINUTE for k in range(61)]
            hour, offset = hour + HOUR, later
