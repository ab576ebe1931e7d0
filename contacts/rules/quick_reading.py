"""Reads the well-formed lines of the gate's JSON at the speed of C; any other is left to the patient readers.

The shapes below say what an ordinary line looks like, and `msgspec` fills them in one pass. They are
stricter than `case_json`: whatever they refuse (a date in another notation, a number for an id, a malformed
value) is read again there, which knows every exception and says what is wrong. What both can read, they
read alike.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from contacts.rules.calendar import in_utc
from contacts.rules.case_json import FIRST_YEAR, LAST_YEAR, Case
from contacts.rules.facts import (
    BLOCKING_HOLDS,
    COUNTED_OUTCOMES,
    EVERY_DAY_CLOSED,
    Cap,
    ConsentFacts,
    ContactFacts,
    Facts,
    HoldFacts,
    OptOutFacts,
    PointFacts,
    PolicyTerms,
    PromiseFacts,
    Window,
)
from contacts.rules.policy_json import CONSENT_REQUIRED, DEFAULT_MINOR_AGE, read_window
from contacts.rules.reading import MalformedError, read_month_day

Day = date  # a field of a promise has the same name
Instant = Annotated[datetime, Meta(tz=True)]
Words = frozenset[str]
Windows = tuple[tuple[str, str], ...]
#: Longer durations overflow; the patient readers say so.
Duration = Annotated[float, Meta(ge=-1e6, le=1e6)]
NO_WORDS: Words = frozenset()
NO_DAYS: frozenset[date] = frozenset()


class Interval(Struct, rename={"active_from": "from", "active_until": "until"}):
    """From when until when a fact holds."""

    active_from: Instant | None = None
    active_until: Instant | None = None


class Hold(Interval, kw_only=True):
    """One of the debtor's holds."""

    kind: str


class OptOut(Interval, kw_only=True):
    """One of the debtor's wishes not to be contacted."""

    scope: Literal["global", "channel", "point"]
    channel: str | None = None
    point_id: str | None = None


class Consent(Interval, kw_only=True):
    """One of the debtor's permissions."""

    channel: str


class Promise(Struct):
    """A promise to pay; only of an open one all must be known."""

    status: str | None = None
    date: Day | None = None
    made_at: Instant | None = None


class PastContact(Struct):
    """A contact that was made."""

    at: Instant
    channel: str
    outcome: str


class Debtor(Struct):
    """What is known of the debtor."""

    birth_date: date | None = None
    time_zones: tuple[str, ...] | None = None
    holidays: frozenset[date] | None = None
    holds: tuple[Hold, ...] | None = None
    opt_outs: tuple[OptOut, ...] | None = None
    consents: tuple[Consent, ...] | None = None
    promises: tuple[Promise, ...] | None = None
    contacts: tuple[PastContact, ...] | None = None


class Point(Struct):
    """The number or address."""

    id: str
    kind: str
    status: str
    channels: Words
    time_zones: tuple[str, ...] | None = None
    contacts: tuple[PastContact, ...] | None = None


class Week(Struct, forbid_unknown_fields=True):
    """The windows of each weekday."""

    mon: Windows | None = None
    tue: Windows | None = None
    wed: Windows | None = None
    thu: Windows | None = None
    fri: Windows | None = None
    sat: Windows | None = None
    sun: Windows | None = None


class Frequency(Struct):
    """One cap."""

    per_day: int | None = None
    per_7_days: int | None = None
    gap_minutes: Duration | None = None


class Caps(Struct):
    """The caps on everything, on each channel, and on each number."""

    total: Frequency | None = None
    channels: dict[str, Frequency | None] | None = None
    point: Frequency | None = None


class Policy(Struct):
    """The policy; null is as good as absent, but for the age of majority."""

    channels: Words
    paused: bool = False
    windows: Week | None = None
    window_end_inclusive: bool = False
    hours_exempt_channels: Words | None = None
    dates_exempt_channels: Words | None = None
    fallback_time_zones: tuple[str, ...] | None = None
    block_birthday: bool = True
    feb29: Literal["both", "feb28", "mar1"] = "both"
    holidays: frozenset[date] | None = None
    yearly_holidays: tuple[str, ...] | None = None
    minor_age: int | UnsetType | None = UNSET
    require_birth_date: bool = False
    block_workplace: bool = True
    block_third_party: bool = True
    block_unverified: bool = False
    consent_required: Words | None = None
    holds_blocking: Words | None = None
    promise_grace: bool = True
    promise_grace_days: int = 0
    promise_exempt_purposes: Words | None = None
    conversation_cooldown_hours: Duration | None = None
    counted_outcomes: Words | None = None
    caps: Caps | None = None
    week_mode: Literal["rolling", "local_dates", "both"] = "rolling"
    never_leave_voicemail: bool = True
    unknown_answer_is_machine: bool = True
    message_first: bool = False


class Line(Struct):
    """One line; `policy` is read apart, for many lines share one."""

    instant: Instant
    channel: str
    policy: msgspec.Raw
    debtor: Debtor
    point: Point
    id: Any = None
    action: Any = None
    answered_by: Any = None
    purpose: str | None = None


_decode_line = msgspec.json.Decoder(Line).decode
_decode_policy = msgspec.json.Decoder(Policy).decode


def read_quickly(line: bytes) -> tuple[Any, Case] | None:
    """Return the line's id and its case; None when it must be read patiently."""
    try:
        if not line.isascii():
            line.decode()  # what is skipped is not looked at by the decoder
        read = _decode_line(line)
        case = Case(facts=_facts(read), terms=_terms(bytes(read.policy)), now=in_utc(read.instant))
    except (ValueError, OverflowError, RecursionError):  # msgspec's own are ValueErrors
        return None
    return (read.id, case) if FIRST_YEAR <= case.now.year <= LAST_YEAR else None


@lru_cache(maxsize=4096)
def _terms(text: bytes) -> PolicyTerms:
    """Return the terms of a policy's JSON; the lines of a day share a few."""
    policy = _decode_policy(text)
    caps = policy.caps or Caps()
    return PolicyTerms(
        channels=policy.channels,
        paused=policy.paused,
        windows=EVERY_DAY_CLOSED if policy.windows is None else _week(policy.windows),
        window_end_inclusive=policy.window_end_inclusive,
        hours_exempt_channels=policy.hours_exempt_channels or NO_WORDS,
        dates_exempt_channels=policy.dates_exempt_channels or NO_WORDS,
        fallback_time_zones=policy.fallback_time_zones or (),
        block_birthday=policy.block_birthday,
        feb29=policy.feb29,
        holidays=policy.holidays or NO_DAYS,
        yearly_holidays=frozenset([read_month_day(day) for day in policy.yearly_holidays or ()]),
        minor_age=DEFAULT_MINOR_AGE if policy.minor_age is UNSET else policy.minor_age,
        require_birth_date=policy.require_birth_date,
        block_workplace=policy.block_workplace,
        block_third_party=policy.block_third_party,
        block_unverified=policy.block_unverified,
        consent_required=_words_or(policy.consent_required, CONSENT_REQUIRED),
        holds_blocking=_words_or(policy.holds_blocking, BLOCKING_HOLDS),
        promise_grace=policy.promise_grace,
        promise_grace_days=policy.promise_grace_days,
        promise_exempt_purposes=policy.promise_exempt_purposes or NO_WORDS,
        conversation_cooldown_hours=policy.conversation_cooldown_hours,
        counted_outcomes=_words_or(policy.counted_outcomes, COUNTED_OUTCOMES),
        total_cap=_cap(caps.total),
        channel_caps={name: cap for name, given in (caps.channels or {}).items() if (cap := _cap(given))},
        point_cap=_cap(caps.point),
        week_mode=policy.week_mode,
        never_leave_voicemail=policy.never_leave_voicemail,
        unknown_answer_is_machine=policy.unknown_answer_is_machine,
        message_first=policy.message_first,
    )


def _words_or(words: Words | None, default: Words) -> Words:
    return default if words is None else words


def _cap(cap: Frequency | None) -> Cap | None:
    return None if cap is None else Cap(cap.per_day, cap.per_7_days, cap.gap_minutes)


def _week(week: Week) -> tuple[tuple[Window, ...], ...]:
    days = (week.mon, week.tue, week.wed, week.thu, week.fri, week.sat, week.sun)
    return tuple([_day(windows) for windows in days])


@lru_cache(maxsize=1024)
def _day(windows: Windows | None) -> tuple[Window, ...]:
    return tuple([read_window(start, end) for start, end in windows or ()])


def _facts(line: Line) -> Facts:
    debtor, answer = line.debtor, line.answered_by
    return Facts(
        channel=line.channel,
        purpose="collection" if line.purpose is None else line.purpose,
        action="speak" if line.action == "speak" else "start",
        answered_by=answer if answer is None or answer in ("human", "machine") else "unknown",
        point=_point(line.point),
        birth_date=debtor.birth_date,
        time_zones=debtor.time_zones or (),
        holidays=debtor.holidays or NO_DAYS,
        holds=tuple([HoldFacts(one.kind, one.active_from, one.active_until) for one in debtor.holds or ()]),
        opt_outs=tuple(
            [
                OptOutFacts(one.scope, one.channel, one.point_id, one.active_from, one.active_until)
                for one in debtor.opt_outs or ()
            ]
        ),
        consents=tuple(
            [ConsentFacts(one.channel, one.active_from, one.active_until) for one in debtor.consents or ()]
        ),
        promises=tuple([_promise(one) for one in debtor.promises or () if one.status == "open"]),
        contacts=_contacts(debtor.contacts),
    )


def _point(point: Point) -> PointFacts:
    return PointFacts(
        id=point.id,
        kind=point.kind,
        status=point.status,
        channels=point.channels,
        time_zones=point.time_zones or (),
        contacts=_contacts(point.contacts),
    )


def _promise(promise: Promise) -> PromiseFacts:
    if promise.date is None or promise.made_at is None:
        raise MalformedError("promises", problem="missing")
    return PromiseFacts(promise.date, promise.made_at)


def _contacts(contacts: tuple[PastContact, ...] | None) -> tuple[ContactFacts, ...]:
    return tuple([ContactFacts(one.at, one.channel, one.outcome) for one in contacts or ()])
