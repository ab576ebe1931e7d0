"""Overlays, which can only narrow a policy: of a creditor, a place, a segment, or the debtor himself.

Each field is narrowed by a rule of its own (`_NARROWER`) that does not care about order or
repetition: overlays may come in any order, and twice. What the narrowed terms allow, the base
allows too, and so does every overlay that speaks of all fields, taken as terms of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from msgspec.structs import replace

from contacts.rules import commemoration, memory
from contacts.rules.facts import Cap, PolicyTerms, Window
from contacts.rules.loosening import merged
from contacts.rules.policy_json import policy_from_json, policy_to_json, unknown_policy_keys
from contacts.rules.reading import MalformedError, Record

Week = tuple[tuple[Window, ...], ...]

#: Keys of a policy that are resolved into dates before the gate is asked.
DATE_KEYS = ("close_public_holidays", "close_feasts")
_CAPS = policy_to_json(PolicyTerms(channels=frozenset(), total_cap=Cap(), point_cap=Cap()))["caps"]


@dataclass(frozen=True, slots=True)
class Overlay:
    """What one overlay says: `says` names the fields of `terms` it speaks of, the others mean nothing."""

    terms: PolicyTerms
    says: frozenset[str]


def overlay_from_json(raw: object, *, year: int, state: str = "") -> Overlay:
    """Return what an overlay says, written in the words of the policy's JSON; absent or null says nothing.

    Days closed by rule ("close_public_holidays", those of `state` included, and "close_feasts")
    become dates of `year` and the years beside it.

    Raises MalformedError, for a key that no rule reads as well: the word we do not understand may
    be the one that forbids.
    """
    record = Record(raw)
    said = {key: value for key, value in record.raw.items() if value is not None}
    terms = policy_from_json({"channels": []} | said)
    memory.refuse_longer(terms)
    _refuse_unknown(record)
    closed = closed_by_rule(said, year=year, state=state)
    says = {name for key in said for name in _FIELDS_OF.get(key, (key,))}
    return Overlay(replace(terms, holidays=terms.holidays | closed), frozenset(says))


def closed_by_rule(raw: Mapping[str, Any], *, year: int, state: str = "") -> frozenset[date]:
    """Return the dates that a policy or overlay closes by rule, in `year` and the years beside it.

    Raises MalformedError for a feast nobody knows.
    """
    record = Record(raw)
    closed: frozenset[date] = frozenset()
    for each in range(year - 1, year + 2):
        if record.flag("close_public_holidays", default=False):
            closed |= commemoration.public_holidays(each, state)
        for name in record.words("close_feasts"):
            if name not in commemoration.FEASTS:
                raise MalformedError("close_feasts", problem="not_choice", value=name)
            closed |= commemoration.feast(name, each)
    return closed


def narrow_all(base: PolicyTerms, overlays: Iterable[Overlay]) -> PolicyTerms:
    """Return the base narrowed by each of the overlays."""
    return reduce(narrow, overlays, base)


def narrow(base: PolicyTerms, overlay: Overlay) -> PolicyTerms:
    """Return the base; of each field that the overlay speaks of it keeps the narrower value of the two."""
    narrowed = {
        name: _NARROWER[name](getattr(base, name), getattr(overlay.terms, name)) for name in overlay.says
    }
    return replace(base, **narrowed)


def _refuse_unknown(record: Record) -> None:
    for key in unknown_policy_keys(record.raw):
        if key not in DATE_KEYS:
            raise MalformedError(key, problem="not_known", value=key)
    caps = _known_only(record.raw.get("caps"), known=_CAPS, path="caps")
    by_channel = caps.pop("channels", None) or {}
    for name, cap in [*caps.items(), *by_channel.items()]:
        _known_only(cap, known=_CAPS["total"], path=f"caps.{name}")


def _known_only(raw: object, *, known: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return a copy of an object that may be absent; raise MalformedError for a key that is not known."""
    record = Record(raw or {})
    for key in sorted(record.raw.keys() - known.keys()):
        raise MalformedError(f"{path}.{key}", problem="not_known", value=key)
    return dict(record.raw)


def _common_week(ours: Week, theirs: Week) -> Week:
    """Return the minutes that both weeks have open.

    Windows that merely touch, one ending where the other begins, have no minute in common: the
    single instant that both may count in is given up.
    """
    return tuple(_common_windows(mine, yours) for mine, yours in zip(ours, theirs, strict=True))


def _common_windows(ours: Iterable[Window], theirs: Iterable[Window]) -> tuple[Window, ...]:
    pairs = [(mine, yours) for mine in merged(ours) for yours in merged(theirs)]
    spans = [
        (max(mine.start_minute, yours.start_minute), min(mine.end_minute, yours.end_minute))
        for mine, yours in pairs
    ]
    return tuple([Window(start, end) for start, end in sorted(spans) if start < end])


def _all_zones(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """Return all zones, in which the hour must be right at once; where one side trusts in none, none."""
    return tuple(sorted({*ours, *theirs})) if ours and theirs else ()


def _both_where_they_differ(ours: str, theirs: str) -> str:
    return ours if ours == theirs else "both"


def _smaller[Number: float](ours: Number | None, theirs: Number | None) -> Number | None:
    known = [each for each in (ours, theirs) if each is not None]
    return min(known, default=None)


def _larger[Number: float](ours: Number | None, theirs: Number | None) -> Number | None:
    known = [each for each in (ours, theirs) if each is not None]
    return max(known, default=None)


def _tighter(ours: Cap | None, theirs: Cap | None) -> Cap | None:
    if ours is None or theirs is None:
        return ours or theirs
    return Cap(
        per_day=_smaller(ours.per_day, theirs.per_day),
        per_7_days=_smaller(ours.per_7_days, theirs.per_7_days),
        gap_minutes=_larger(ours.gap_minutes, theirs.gap_minutes),
    )


def _each_tighter(ours: Mapping[str, Cap], theirs: Mapping[str, Cap]) -> dict[str, Cap]:
    caps = {name: _tighter(ours.get(name), theirs.get(name)) for name in sorted({*ours, *theirs})}
    return {name: cap for name, cap in caps.items() if cap is not None}


#: Field of `PolicyTerms` -> what is left of ours and theirs.
_NARROWER: Mapping[str, Callable[[Any, Any], Any]] = {
    "windows": _common_week,
    "fallback_time_zones": _all_zones,
    "feb29": _both_where_they_differ,
    "week_mode": _both_where_they_differ,
    "minor_age": _larger,
    "promise_grace_days": _larger,
    "conversation_cooldown_hours": _larger,
    "total_cap": _tighter,
    "point_cap": _tighter,
    "channel_caps": _each_tighter,
    # what both say
    "channels": and_,
    "window_end_inclusive": and_,
    "hours_exempt_channels": and_,
    "dates_exempt_channels": and_,
    "promise_exempt_purposes": and_,
    # what either says
    "paused": or_,
    "block_birthday": or_,
    "holidays": or_,
    "yearly_holidays": or_,
    "require_birth_date": or_,
    "block_workplace": or_,
    "block_third_party": or_,
    "block_unverified": or_,
    "consent_required": or_,
    "holds_blocking": or_,
    "promise_grace": or_,
    "counted_outcomes": or_,
    "never_leave_voicemail": or_,
    "unknown_answer_is_machine": or_,
    "message_first": or_,
    "is_unreadable": or_,
}
#: Key of the JSON -> fields it speaks of, where these are not one of the same name. Whoever names
#: windows without saying that their last moment counts in says that it does not.
_FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    "caps": ("total_cap", "channel_caps", "point_cap"),
    "windows": ("windows", "window_end_inclusive"),
    "close_public_holidays": ("holidays",),
    "close_feasts": ("holidays",),
}
