"""Reads one JSON case as it stands for the oracle: instants, dates, wall times, intervals and zones."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

Case = dict[str, Any]

WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class MalformedError(Exception):
    """The line is not a case: it gets an error instead of a decision."""


@lru_cache(maxsize=100_000)
def read_instant(text: str) -> datetime:
    """Return the instant as UTC, 'up to microseconds'. 'An instant without zone' is malformed."""
    fraction = text.replace(",", ".").partition(".")[2]
    if sum(sign.isdigit() for sign in fraction.partition("Z")[0].partition("+")[0].partition("-")[0]) > 6:
        raise MalformedError(f"finer than microseconds: {text}")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise MalformedError(f"instant without zone: {text}")
    return moment.astimezone(UTC)


@lru_cache(maxsize=10_000)
def read_date(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(maxsize=10_000)
def read_time_of_day(text: str) -> timedelta:
    """Return the wall time since 00:00. 'Hours and minutes without leading zero are fine', 24:00 too."""
    hours, minutes = (int(part) for part in text.split(":"))
    if not (0 <= hours <= 23 and 0 <= minutes <= 59) and (hours, minutes) != (24, 0):
        raise MalformedError(f"time of day out of range: {text}")
    return timedelta(hours=hours, minutes=minutes)


def listed(holder: Case, key: str, default: list[Any] | None = None) -> list[Any]:
    """Return a list of the case; 'for a list an explicit null is the same as absent'."""
    given = holder.get(key)
    return (default or []) if given is None else given


def active(interval: Case, t: datetime) -> bool:
    """'An interval is active when from <= t < until (null = open).'"""
    begins, ends = interval.get("from"), interval.get("until")
    return (begins is None or read_instant(begins) <= t) and (ends is None or t < read_instant(ends))


def check_well_formed(case: Case) -> None:
    """Raise MalformedError for what the specification calls malformed."""
    read_instant(case["instant"])
    for required in ("channel", "policy", "debtor", "point"):
        case[required]
    for required in ("id", "kind", "status", "channels"):
        case["point"][required]
    policy, debtor = case["policy"], case["debtor"]
    policy["channels"]
    for weekday, windows in (policy.get("windows") or {}).items():
        if weekday not in WEEKDAYS:
            raise MalformedError(f"unknown weekday: {weekday}")
        for start, end in windows or []:
            if not read_time_of_day(start) < read_time_of_day(end):
                raise MalformedError(f"the window {start} to {end} does not start before its end")
    for promise in listed(debtor, "promises"):
        if promise.get("status") == "open" or promise.get("made_at") is not None:
            read_instant(promise["made_at"])
    if debtor.get("birth_date") is not None:
        read_date(debtor["birth_date"])
    for contact in listed(debtor, "contacts"):
        read_instant(contact["at"])
    for interval in listed(debtor, "holds") + listed(debtor, "opt_outs") + listed(debtor, "consents"):
        for bound in ("from", "until"):
            if interval.get(bound) is not None:
                read_instant(interval[bound])


@lru_cache
def load_zone(name: str) -> ZoneInfo | None:
    """Return the zone from the tzdata package, never the system's; None where it cannot be loaded."""
    parts = name.split("/")
    if not all(parts) or ".." in parts or "." in parts:
        return None
    file = resources.files("tzdata").joinpath("zoneinfo", *parts)
    try:
        with file.open("rb") as stream:
            return ZoneInfo.from_file(stream, key=name)
    except (OSError, ValueError):
        return None


def zones(case: Case) -> list[ZoneInfo] | None:
    """'The union of point.time_zones and debtor.time_zones; if that is empty, policy.fallback_time_zones.'

    None when that 'is empty, or a name in it cannot be loaded'.
    """
    names = listed(case["point"], "time_zones") + listed(case["debtor"], "time_zones")
    names = names or listed(case["policy"], "fallback_time_zones")
    loaded = [zone for zone in map(load_zone, names) if zone is not None]
    return loaded if names and len(loaded) == len(names) else None


def local_clocks(case: Case, t: datetime) -> list[datetime]:
    """Return what the clock shows in each zone; nothing where the zones are unknown, so nothing is judged."""
    return [t.astimezone(zone) for zone in zones(case) or []]
