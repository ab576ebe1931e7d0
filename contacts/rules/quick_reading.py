"""Reads the well-formed lines of the gate's JSON at the speed of C; any other is left to the patient readers.

`quick_shapes` says what an ordinary line looks like, and `msgspec` fills that in one pass. The shapes are
stricter than `case_json`: whatever they refuse (a date in another notation, a number for an id, a malformed
value) is read again there, which knows every exception and says what is wrong. What both can read, they
read alike.
"""

import re
from functools import lru_cache
from types import NoneType
from typing import Any

import msgspec
from msgspec import UNSET

from contacts.rules.calendar import in_utc
from contacts.rules.case_json import FIRST_YEAR, LAST_YEAR, Case
from contacts.rules.facts import (
    BLOCKING_HOLDS,
    COUNTED_OUTCOMES,
    EVERY_DAY_CLOSED,
    Facts,
    OptOutFacts,
    PointFacts,
    PolicyTerms,
    PromiseFacts,
    Window,
)
from contacts.rules.policy_json import CONSENT_REQUIRED, DEFAULT_MINOR_AGE, read_window
from contacts.rules.quick_shapes import (
    NO_DAYS,
    NO_WORDS,
    Caps,
    Line,
    OptOut,
    Point,
    Policy,
    Promise,
    Week,
    Windows,
    Words,
)
from contacts.rules.reading import read_month_day

#: In an instant, that is; msgspec would round it. Other numbers end otherwise.
FINER_THAN_MICROSECONDS = re.compile(rb"\.\d{7}\d*[Zz+-]")
#: What can be an id as it stands; any other is looked at patiently.
PLAIN_ID = (str, int, NoneType)

_decode_line = msgspec.json.Decoder(Line).decode
_decode_policy = msgspec.json.Decoder(Policy).decode
_decode_windows = msgspec.json.Decoder(Windows | None).decode


def read_quickly(line: bytes) -> tuple[Any, Case] | None:
    """Return the line's id and its case; None when it must be read patiently."""
    try:
        if not line.isascii():
            line.decode()  # what is skipped is not looked at by the decoder
        read = _decode_line(line)
        if FINER_THAN_MICROSECONDS.search(line) or not isinstance(read.id, PLAIN_ID):
            return None
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
        total_cap=caps.total,
        channel_caps={name: cap for name, cap in (caps.channels or {}).items() if cap is not None},
        point_cap=caps.point,
        week_mode=policy.week_mode,
        never_leave_voicemail=policy.never_leave_voicemail,
        unknown_answer_is_machine=policy.unknown_answer_is_machine,
        message_first=policy.message_first,
    )


def _words_or(words: Words | None, default: Words) -> Words:
    return default if words is None else words


def _week(week: Week) -> tuple[tuple[Window, ...], ...]:
    days = (week.mon, week.tue, week.wed, week.thu, week.fri, week.sat, week.sun)
    return tuple([_day(bytes(text)) for text in days])


@lru_cache(maxsize=4096)
def _day(text: bytes) -> tuple[Window, ...]:
    return tuple([read_window(start, end) for start, end in _decode_windows(text) or ()])


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
        holds=debtor.holds or (),
        opt_outs=tuple([_wish(one) for one in debtor.opt_outs]) if debtor.opt_outs else (),
        consents=debtor.consents or (),
        promises=_open_ones(debtor.promises) if debtor.promises else (),
        contacts=debtor.contacts or (),
    )


def _point(point: Point) -> PointFacts:
    return PointFacts(
        id=point.id,
        kind=point.kind,
        status=point.status,
        channels=point.channels,
        time_zones=point.time_zones or (),
        contacts=point.contacts or (),
    )


def _wish(wish: OptOut) -> OptOutFacts:
    return OptOutFacts(wish.scope, wish.channel, wish.point_id, wish.active_from, wish.active_until)


def _open_ones(promises: tuple[Promise, ...]) -> tuple[PromiseFacts, ...]:
    return tuple([_promise(promise) for promise in promises if promise.status == "open"])


def _promise(promise: Promise) -> PromiseFacts:
    if promise.date is None or promise.made_at is None:
        raise ValueError  # patiently it is said what is missing
    return PromiseFacts(promise.date, promise.made_at)
