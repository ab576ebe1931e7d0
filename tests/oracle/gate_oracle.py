"""Judges one JSON case by the literal rules, so that the product's gate has something to be compared with.

It shares nothing with the product. Stepping minute by minute is meant: slow and obvious.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from .literal_rules import JUDGED_WHEN_SPEAKING, RULES, Rule
from .reading import Case, MalformedError, check_well_formed, read_instant

NEVER_CHANGES = {
    "PAUSED",
    "CHANNEL_DISABLED",
    "TZ_UNKNOWN",
    "BIRTH_DATE_UNKNOWN",
    "VOICEMAIL",
}


def objections(case: Case, t: datetime, rules: dict[str, Rule] = RULES) -> Iterator[str]:
    """Yield every objection at t. 'Of action "speak" only R0, R9, R11 and R15 are judged.'"""
    speaking = case.get("action") == "speak"
    for name, rule in rules.items():
        if not speaking or name in JUDGED_WHEN_SPEAKING:
            yield from rule(case, t)


def judge(case: Any, rules: dict[str, Rule] = RULES) -> dict[str, Any]:
    """Return {"id", "allowed", "reasons"} for a case, {"id", "error"} for what is none."""
    echoed = case.get("id") if isinstance(case, dict) else None
    try:
        check_well_formed(case)
    except (MalformedError, AttributeError, KeyError, TypeError, ValueError) as error:
        return {"id": echoed, "error": repr(error)}
    reasons = sorted(set(objections(case, read_instant(case["instant"]), rules)))
    return {"id": echoed, "allowed": not reasons, "reasons": reasons}


def judge_line(line: str, rules: dict[str, Rule] = RULES) -> dict[str, Any]:
    """Return the judgment of one line of text; what is not JSON is an error with a null id."""
    try:
        case = json.loads(line)
    except ValueError as error:
        return {"id": None, "error": repr(error)}
    return judge(case, rules)


def is_allowed_at(case: Case, t: datetime) -> bool:
    return next(objections(case, t), None) is None


def judge_next(
    case: Case, horizon_days: int, *, minutes: Iterable[datetime] | None = None
) -> datetime | None:
    """Return t if it is allowed, else the first allowed whole minute after it, trying each in turn.

    'Horizon: the whole minutes after t up to horizon_days x 1440 of them.' Null where there is
    none, and 'at once' where an answer that does not depend on time forbids. With `minutes` only
    these, in their order, are tried.
    """
    t = read_instant(case["instant"])
    reasons = set(objections(case, t))
    if not reasons:
        return t
    if can_never_be_allowed(reasons):
        return None
    for minute in every_minute(t, horizon_days) if minutes is None else minutes:
        if is_allowed_at(case, minute):
            return minute
    return None


def every_minute(t: datetime, horizon_days: int) -> Iterator[datetime]:
    """Yield the whole minutes after t, up to the horizon's last."""
    floor = t.replace(second=0, microsecond=0)
    yield from (floor + timedelta(minutes=ahead) for ahead in range(1, horizon_days * 1440 + 1))


def can_never_be_allowed(reasons: set[str]) -> bool:
    """Return whether one of the answers does not depend on time."""
    return any(reason in NEVER_CHANGES or reason.startswith("POINT_") for reason in reasons)


def last_minute_of_horizon(t: datetime, horizon_days: int) -> datetime:
    return t.replace(second=0, microsecond=0) + timedelta(minutes=horizon_days * 1440)
