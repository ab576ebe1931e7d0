"""The policy as JSON: what a manager edits, what the database keeps and what auditors replay."""

import re
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from contacts.rules.facts import BLOCKING_HOLDS, COUNTED_OUTCOMES, EVERY_DAY_CLOSED, Cap, PolicyTerms, Window
from contacts.rules.reading import MalformedError, Record, read_date, read_month_day

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_SET = frozenset(WEEKDAYS)
CONSENT_REQUIRED = frozenset({"whatsapp"})
DEFAULT_MINOR_AGE = 18
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DAY_MINUTES = 24 * 60
TIME_OF_DAY = re.compile(r"(\d{1,2}):(\d{1,2})", re.ASCII)


def policy_from_json(raw: object) -> PolicyTerms:
    """Return the terms that the "policy" object of the gate's JSON describes; unknown keys are ignored.

    Raises MalformedError, whose text names the key and the reason ("windows.mon[0] starts no earlier
    than it ends").
    """
    record = Record(raw)
    total_cap, channel_caps, point_cap = _read_caps(record)
    return PolicyTerms(
        channels=record.required_words("channels"),
        paused=record.flag("paused", default=False),
        windows=_read_windows(record),
        window_end_inclusive=record.flag("window_end_inclusive", default=False),
        hours_exempt_channels=frozenset(record.words("hours_exempt_channels")),
        dates_exempt_channels=frozenset(record.words("dates_exempt_channels")),
        fallback_time_zones=tuple(record.words("fallback_time_zones")),
        block_birthday=record.flag("block_birthday", default=True),
        feb29=record.choice("feb29", words=("both", "feb28", "mar1")),
        holidays=frozenset(record.each("holidays", read_date)),
        yearly_holidays=frozenset(record.each("yearly_holidays", read_month_day)),
        minor_age=record.whole("minor_age") if "minor_age" in record.raw else DEFAULT_MINOR_AGE,
        require_birth_date=record.flag("require_birth_date", default=False),
        block_workplace=record.flag("block_workplace", default=True),
        block_third_party=record.flag("block_third_party", default=True),
        block_unverified=record.flag("block_unverified", default=False),
        consent_required=record.words_or("consent_required", CONSENT_REQUIRED),
        holds_blocking=record.words_or("holds_blocking", BLOCKING_HOLDS),
        promise_grace=record.flag("promise_grace", default=True),
        promise_grace_days=record.whole("promise_grace_days") or 0,
        promise_exempt_purposes=frozenset(record.words("promise_exempt_purposes")),
        conversation_cooldown_hours=record.duration("conversation_cooldown_hours", unit=HOUR),
        counted_outcomes=record.words_or("counted_outcomes", COUNTED_OUTCOMES),
        total_cap=total_cap,
        channel_caps=channel_caps,
        point_cap=point_cap,
        week_mode=record.choice("week_mode", words=("rolling", "local_dates", "both")),
        never_leave_voicemail=record.flag("never_leave_voicemail", default=True),
        unknown_answer_is_machine=record.flag("unknown_answer_is_machine", default=True),
        message_first=record.flag("message_first", default=False),
    )


def policy_to_json(terms: PolicyTerms) -> dict[str, Any]:
    """Return the "policy" object with every key written out; reading it gives the same terms back."""
    return {
        "paused": terms.paused,
        "channels": sorted(terms.channels),
        "windows": _windows_to_json(terms),
        "window_end_inclusive": terms.window_end_inclusive,
        "hours_exempt_channels": sorted(terms.hours_exempt_channels),
        "dates_exempt_channels": sorted(terms.dates_exempt_channels),
        "fallback_time_zones": sorted(terms.fallback_time_zones),
        "block_birthday": terms.block_birthday,
        "feb29": terms.feb29,
        "holidays": [day.isoformat() for day in sorted(terms.holidays)],
        "yearly_holidays": [f"{month:02}-{day:02}" for month, day in sorted(terms.yearly_holidays)],
        "minor_age": terms.minor_age,
        "require_birth_date": terms.require_birth_date,
        "block_workplace": terms.block_workplace,
        "block_third_party": terms.block_third_party,
        "block_unverified": terms.block_unverified,
        "consent_required": sorted(terms.consent_required),
        "holds_blocking": sorted(terms.holds_blocking),
        "promise_grace": terms.promise_grace,
        "promise_grace_days": terms.promise_grace_days,
        "promise_exempt_purposes": sorted(terms.promise_exempt_purposes),
        "conversation_cooldown_hours": terms.conversation_cooldown_hours,
        "counted_outcomes": sorted(terms.counted_outcomes),
        "caps": _caps_to_json(terms),
        "week_mode": terms.week_mode,
        "never_leave_voicemail": terms.never_leave_voicemail,
        "unknown_answer_is_machine": terms.unknown_answer_is_machine,
        "message_first": terms.message_first,
    }


def unknown_policy_keys(raw: Mapping[str, Any]) -> list[str]:
    """Return the keys that no rule reads, sorted: the reader ignores them, an editor should be told."""
    return sorted(raw.keys() - policy_to_json(PolicyTerms(channels=frozenset())).keys())


def _read_windows(record: Record) -> tuple[tuple[Window, ...], ...]:
    if record.raw.get("windows") is None:
        return EVERY_DAY_CLOSED
    return record.nested("windows", _read_week)


def _read_week(raw: object) -> tuple[tuple[Window, ...], ...]:
    week = Record(raw)
    if not week.raw.keys() <= WEEKDAY_SET:
        unknown = sorted(week.raw.keys() - WEEKDAY_SET)[0]
        raise MalformedError(unknown, problem="not_weekday", value=unknown)
    return tuple([week.each(day, _read_window) for day in WEEKDAYS])


def _read_window(raw: Any) -> Window:
    if not isinstance(raw, list) or len(raw) != 2:
        raise MalformedError("", problem="not_window", value=raw)
    try:
        return read_window(raw[0], raw[1])
    except TypeError as error:  # a list or an object instead of a text
        raise MalformedError("", problem="not_window", value=raw) from error


@lru_cache(maxsize=4096)
def read_window(start_text: object, end_text: object) -> Window:
    """Return the window between two times of day; one value for each pair, however many policies."""
    start, end = _read_minute(start_text), _read_minute(end_text)
    if start >= end:
        raise MalformedError("", problem="window_order", value=f"{start_text} - {end_text}")
    return Window(start, end)


def _read_minute(raw: object) -> int:
    """Return the minute of the day of "8:30" or "08:30"; "24:00" is the end of the day."""
    match = TIME_OF_DAY.fullmatch(raw) if isinstance(raw, str) else None
    if match is None:
        raise MalformedError("", problem="not_time", value=raw)
    hour, minute = int(match[1]), int(match[2])
    if minute > 59 or hour * 60 + minute > DAY_MINUTES:
        raise MalformedError("", problem="not_time", value=raw)
    return hour * 60 + minute


def _read_caps(record: Record) -> tuple[Cap | None, dict[str, Cap], Cap | None]:
    if record.raw.get("caps") is None:
        return None, {}, None
    return record.nested("caps", _read_each_cap)


def _read_each_cap(raw: object) -> tuple[Cap | None, dict[str, Cap], Cap | None]:
    """Return the cap on everything, on each channel, and on each number or address."""
    caps = Record(raw)
    total = None if caps.raw.get("total") is None else caps.nested("total", _read_cap)
    channels = {} if caps.raw.get("channels") is None else caps.nested("channels", _read_channel_caps)
    point = None if caps.raw.get("point") is None else caps.nested("point", _read_cap)
    return total, channels, point


def _read_channel_caps(raw: object) -> dict[str, Cap]:
    channels = Record(raw)
    return {name: channels.nested(name, _read_cap) for name, cap in channels.raw.items() if cap is not None}


def _read_cap(raw: object) -> Cap:
    cap = Record(raw)
    gap_minutes = cap.duration("gap_minutes", unit=MINUTE)
    return Cap(per_day=cap.whole("per_day"), per_7_days=cap.whole("per_7_days"), gap_minutes=gap_minutes)


def _caps_to_json(terms: PolicyTerms) -> dict[str, Any]:
    """Return the caps; the number's own only where there is one, so that older hashes stay as they are."""
    caps: dict[str, Any] = {
        "total": _cap_to_json(terms.total_cap),
        "channels": {name: _cap_to_json(cap) for name, cap in sorted(terms.channel_caps.items())},
    }
    return caps if terms.point_cap is None else caps | {"point": _cap_to_json(terms.point_cap)}


def _cap_to_json(cap: Cap | None) -> dict[str, Any] | None:
    if cap is None:
        return None
    return {"per_day": cap.per_day, "per_7_days": cap.per_7_days, "gap_minutes": cap.gap_minutes}


def _windows_to_json(terms: PolicyTerms) -> dict[str, list[list[str]]]:
    return {
        day: [[_clock_text(window.start_minute), _clock_text(window.end_minute)] for window in windows]
        for day, windows in zip(WEEKDAYS, terms.windows, strict=True)
    }


def _clock_text(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
