"""What one version of the policy allows that another forbids: loosening needs a second manager.

The same table by which overlays narrow (see `narrowing`), read in the other direction. A field is judged
by itself, as if all others stood still: a cap raised for a channel that is switched off is a loosening
too, or it would come into force unseen on the day the channel is switched on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import fields

from contacts.rules import exhaustion, hold_kinds
from contacts.rules.facts import Cap, Window
from contacts.rules.policy_json import WEEKDAYS, policy_from_json

Judge = Callable[[Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. `loosens`: the later terms allow something the earlier ones forbid.

    `field` is a path as in the JSON: "windows.mon", "caps.channels.sms.per_day". `before` and `after`
    are values to be put into words: sets as frozensets, a day's windows merged and in order. A change
    may do both, or neither when it has no effect.
    """

    field: str
    before: Any
    after: Any
    loosens: bool
    tightens: bool


def compare(*, base: Mapping[str, Any], draft: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return every field in which two policies (the gate's JSON) differ, in the order of the policy page.

    Raises MalformedError when the gate cannot read one of them.
    """
    before, after = _values(base), _values(draft)
    paths = dict.fromkeys((*before, *after))
    changes = [_change(path, before.get(path), after.get(path)) for path in paths]
    return tuple(sorted((change for change in changes if change.before != change.after), key=_place))


def loosened(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return those of the changes that a second manager must approve."""
    return tuple(change for change in changes if change.loosens)


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Return the same minutes of a day as few windows as possible, in order."""
    found: list[Window] = []
    for window in sorted(windows, key=lambda each: (each.start_minute, each.end_minute)):
        if found and window.start_minute <= found[-1].end_minute:
            found[-1] = Window(found[-1].start_minute, max(found[-1].end_minute, window.end_minute))
        else:
            found.append(window)
    return tuple(found)


def _change(path: str, before: Any, after: Any) -> Change:
    judge = JUDGES.get(_name_of(path), _differ)  # a field that nobody judges yet is never let through unseen
    return Change(path, before, after, loosens=judge(before, after), tightens=judge(after, before))


def _place(change: Change) -> int:
    name = "per_day" if change.field.startswith("caps.") else _name_of(change.field)
    return _ORDER.get(name, len(_ORDER))


def _name_of(path: str) -> str:
    """Return the field by whose judge a path is judged: the part that is neither a weekday nor a channel."""
    first, _dot, rest = path.partition(".")
    return rest.rpartition(".")[2] if first == "caps" else first


def _values(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return every field of a policy by its path; equal values are equal policies."""
    terms = policy_from_json(raw)
    values = {
        name: value
        for field in fields(terms)
        for name, value in _parts(field.name, getattr(terms, field.name))
    }
    values["fallback_time_zones"] = frozenset(terms.fallback_time_zones)
    values["conversation_cooldown_hours"] = _or_none(terms.conversation_cooldown_hours)
    values["holds_blocking"] = terms.holds_blocking | hold_kinds.unheard_of(raw)
    values["exhausted_after_tries"] = exhaustion.tries_allowed(raw)
    values["close_public_holidays"] = bool(raw.get("close_public_holidays"))
    values["close_feasts"] = frozenset(raw.get("close_feasts") or [])
    return values


def _parts(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a field of the terms by its path, or each part of it that is judged by itself."""
    if name == "windows":
        yield from ((f"windows.{day}", merged(windows)) for day, windows in zip(WEEKDAYS, value, strict=True))
    elif name == "channel_caps":
        for channel, cap in value.items():
            yield from _cap_parts(f"channels.{channel}", cap)
    elif name.endswith("_cap"):
        yield from _cap_parts(name.removesuffix("_cap"), value or Cap())
    else:
        yield name, value


def _cap_parts(whose: str, cap: Cap) -> Iterator[tuple[str, Any]]:
    yield f"caps.{whose}.per_day", cap.per_day
    yield f"caps.{whose}.per_7_days", cap.per_7_days
    yield f"caps.{whose}.gap_minutes", _or_none(cap.gap_minutes)


def _or_none(span: float | None) -> float | None:
    """Return a span of time, None where it holds nobody back."""
    return span if span is not None and span > 0 else None


def _differ(before: object, after: object) -> bool:
    return before != after


def _with_more(before: frozenset[Any], after: frozenset[Any]) -> bool:
    return not after <= before


def _with_fewer(before: frozenset[Any], after: frozenset[Any]) -> bool:
    return not before <= after


def _switched_on(before: bool, after: bool) -> bool:  # noqa: FBT001  # two values of one field
    return after and not before


def _switched_off(before: bool, after: bool) -> bool:  # noqa: FBT001
    return before and not after


def _higher(before: int | None, after: int | None) -> bool:
    """Judge an upper limit; None is none."""
    return before is not None and (after is None or after > before)


def _lower(before: float | None, after: float | None) -> bool:
    """Judge a lower limit; None is none."""
    return before is not None and (after is None or after < before)


def _wider(before: tuple[Window, ...], after: tuple[Window, ...]) -> bool:
    """Judge the windows of a day: each of the later ones must lie within an earlier one."""
    return not all(
        any(old.start_minute <= new.start_minute and new.end_minute <= old.end_minute for old in before)
        for new in after
    )


def _with_fewer_zones(before: frozenset[str], after: frozenset[str]) -> bool:
    """Judge where one is looked for of whom nothing is known: none is never, more is more to be inside of."""
    return bool(after) and (not before or not before <= after)


def _says_less(before: str, after: str) -> bool:
    """Judge a choice between two readings, where "both" asks for each of them."""
    return after not in ("both", before)


#: Field -> whether going from the first value to the second loosens; in the order of the policy page.
JUDGES: Mapping[str, Judge] = {
    "paused": _switched_off,
    "windows": _wider,
    "window_end_inclusive": _switched_on,
    "hours_exempt_channels": _with_more,
    "fallback_time_zones": _with_fewer_zones,
    "channels": _with_more,
    "consent_required": _with_fewer,
    "close_public_holidays": _switched_off,
    "close_feasts": _with_fewer,
    "yearly_holidays": _with_fewer,
    "holidays": _with_fewer,
    "dates_exempt_channels": _with_more,
    "block_birthday": _switched_off,
    "feb29": _says_less,
    "per_day": _higher,
    "per_7_days": _higher,
    "gap_minutes": _lower,
    "week_mode": _says_less,
    "counted_outcomes": _with_fewer,
    "conversation_cooldown_hours": _lower,
    "message_first": _switched_off,
    "block_workplace": _switched_off,
    "block_third_party": _switched_off,
    "block_unverified": _switched_off,
    "never_leave_voicemail": _switched_off,
    "unknown_answer_is_machine": _switched_off,
    "minor_age": _lower,
    "require_birth_date": _switched_off,
    "exhausted_after_tries": _higher,
    "holds_blocking": _with_fewer,
    "promise_grace": _switched_off,
    "promise_grace_days": _lower,
    "promise_exempt_purposes": _with_more,
    "is_unreadable": _switched_off,
}
_ORDER = {name: place for place, name in enumerate(JUDGES)}
