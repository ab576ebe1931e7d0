"""What an ordinary line of the gate's JSON looks like, for `msgspec` to fill in one pass.

What is written as the gate wants it is read straight into its facts; here is what is not.
"""

from datetime import date
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from contacts.rules.facts import Cap, ConsentFacts, ContactFacts, Duration, HoldFacts, Instant

Day = date  # a field of a promise has the same name
Words = frozenset[str]
Windows = tuple[tuple[str, str], ...]
NO_WORDS: Words = frozenset()
NO_WINDOWS = msgspec.Raw(b"[]")
NO_DAYS: frozenset[date] = frozenset()


class OptOut(Struct, gc=False, rename={"active_from": "from", "active_until": "until"}):
    """One of the debtor's wishes not to be contacted."""

    scope: Literal["global", "channel", "point"]
    channel: str | None = None
    point_id: str | None = None
    active_from: Instant | None = None
    active_until: Instant | None = None


class Promise(Struct, gc=False):
    """A promise to pay; only of an open one all must be known."""

    status: str | None = None
    date: Day | None = None
    made_at: Instant | None = None


class Debtor(Struct, gc=False):
    """What is known of the debtor."""

    birth_date: date | None = None
    time_zones: tuple[str, ...] | None = None
    holidays: frozenset[date] | None = None
    holds: tuple[HoldFacts, ...] | None = None
    opt_outs: tuple[OptOut, ...] | None = None
    consents: tuple[ConsentFacts, ...] | None = None
    promises: tuple[Promise, ...] | None = None
    contacts: tuple[ContactFacts, ...] | None = None


class Point(Struct, gc=False):
    """The number or address."""

    id: str
    kind: str
    status: str
    channels: Words
    time_zones: tuple[str, ...] | None = None
    contacts: tuple[ContactFacts, ...] | None = None


class Week(Struct, gc=False, forbid_unknown_fields=True):
    """The windows of each weekday, read apart: most days are like others."""

    mon: msgspec.Raw = NO_WINDOWS
    tue: msgspec.Raw = NO_WINDOWS
    wed: msgspec.Raw = NO_WINDOWS
    thu: msgspec.Raw = NO_WINDOWS
    fri: msgspec.Raw = NO_WINDOWS
    sat: msgspec.Raw = NO_WINDOWS
    sun: msgspec.Raw = NO_WINDOWS


class Caps(Struct, gc=False):
    """The caps on everything, on each channel, and on each number."""

    total: Cap | None = None
    channels: dict[str, Cap | None] | None = None
    point: Cap | None = None


class Policy(Struct, gc=False):
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


class Line(Struct, gc=False):
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
