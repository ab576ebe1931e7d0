"""Whom a local rule binds: what it is about, and where and what a debtor may be. In doubt it binds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from contacts.rules.closed_days import Place
from contacts.rules.policy_json import WEEKDAYS
from contacts.rules.reading import MalformedError, Record

ALL_DAY = (["00:00", "24:00"],)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What one local rule is about: exactly one of creditor, state, municipality of a state, and segment.

    `city` is a plain lower-case name. No `channels` are all of them.
    """

    channels: frozenset[str] = frozenset()
    creditor_id: int | None = None
    state: str = ""
    city: str = ""
    segment_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """For which creditors a contact may be, and every place where the debtor may live, as far as known."""

    places: frozenset[Place]
    creditor_ids: frozenset[int] = frozenset()
    segments: frozenset[int] = frozenset()


def binds(reach: Reach, *, whom: Whom, channel: str) -> bool:
    """Return whether a local rule binds a contact: wherever the debtor may be, all rules there bind.

    A municipality's rule binds whoever may live there: somebody in its state whose municipality is
    not known, and somebody of whom no state is known.
    """
    if reach.channels and channel not in reach.channels:
        return False
    if reach.creditor_id is not None:
        return reach.creditor_id in whom.creditor_ids
    if reach.segment_id is not None:
        return reach.segment_id in whom.segments
    return not whom.places or any(_may_be_in(place, reach) for place in whom.places)


def _may_be_in(place: Place, reach: Reach) -> bool:
    is_in_city = not reach.city or place.city in ("", reach.city)
    return place.state == reach.state and is_in_city


def terms_of_wishes(*, windows: object, unwanted: object, channels: Collection[str]) -> dict[str, Any]:
    """Return as an overlay's JSON what a debtor asked for; `channels` are all that there are.

    Of a weekday that he did not speak of he has no wish. His hours bind channels, too, that the
    policy exempts from hours; at their last moment the policy's own reading stays. What a channel or a
    weekday is not, a wish of his all the same, raises MalformedError.
    """
    said: dict[str, Any] = {}
    if week := Record(windows).raw:
        _refuse_unknown(week, known=WEEKDAYS, key="windows")
        whole = {day: list(Record(week).items(day) if day in week else ALL_DAY) for day in WEEKDAYS}
        said |= {"windows": whole, "window_end_inclusive": True, "hours_exempt_channels": []}
    if words := Record({"channels": unwanted}).required_words("channels"):
        _refuse_unknown(words, known=channels, key="channels")
        said["channels"] = sorted(frozenset(channels) - words)
    return said


def channels_bound(raw: object, *, channels: Collection[str]) -> frozenset[str]:
    """Return the channels that a local rule is about; none are all. Raises MalformedError."""
    words = Record({"channels": raw}).required_words("channels")
    _refuse_unknown(words, known=channels, key="channels")
    return words


def _refuse_unknown(words: Iterable[str], *, known: Collection[str], key: str) -> None:
    for word in sorted(words):
        if word not in known:
            raise MalformedError(key, problem="not_choice", value=word)
