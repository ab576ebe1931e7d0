"""What a preview says, in words, bars and a heat map: the numbers of its result, and how to draw them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contacts import reasons
from contacts.models import ContactPolicy, PolicyPreview
from contacts.queries import whereabouts
from contacts.rules.replay import (
    CHANGED,
    DAYS_AHEAD,
    LATER,
    NEWLY,
    PAST,
    PLANNED,
    REFUSED,
    SAME,
    SOONER,
    STOPPED,
)
from contacts.vocabulary import Channel
from debtors.models import Debtor, User
from debtors.queries import debtors_seen_by

#: The long side of a bar, in the units of its drawing.
FULL = 1000
MOST_BARS = 12
LEVELS = 5
#: The parts of a bar: what a draft takes away, then what it gives.
DRAWN = (STOPPED, LATER, SOONER, NEWLY)
FIRST_HOUR, LAST_HOUR = 8, 21


@dataclass(frozen=True)
class Bar:
    """How many contacts a draft changes, by one rule or in one state: of each kind, and as drawn."""

    label: str
    counts: tuple[int, ...]  # one for each of DRAWN
    parts: list[tuple[str, int, int]]  # (kind, from, length)

    @property
    def total(self) -> int:
        """All that change."""
        return sum(self.counts)


@dataclass(frozen=True)
class Cell:
    """One hour of one day of the coming week."""

    draft: int
    base: int
    level: int


@dataclass(frozen=True)
class Example:
    """One contact that the draft would change; its moments by the office's clock and the debtor's.

    Of a debtor whom the reader may not see it is not said who he is.
    """

    debtor: Debtor | None
    channel: str
    is_planned: bool
    at: str
    base_at: str
    draft_at: str
    why: list[str]


def shown(draft: ContactPolicy, *, user: User, now: datetime) -> dict[str, Any]:
    """Return what a page says of the latest preview of a draft, naming only debtors whom the user may see."""
    latest = draft.previews.select_related("base", "asked_by").first()
    if latest is None:
        return {"preview": None}
    context: dict[str, Any] = {"preview": latest, **_progress(latest, now=now)}
    if latest.result and latest.finished_at and "counts" in latest.result:
        context |= _result(latest.result, user=user)
    return context


def _progress(latest: PolicyPreview, *, now: datetime) -> dict[str, Any]:
    """Return how fast it goes, and how long it will take."""
    if not latest.began_at or not latest.done or not latest.total:
        return {}
    seconds = max((now - latest.began_at).total_seconds(), 0.1)
    rate = latest.done / seconds
    return {"rate": round(rate), "seconds_left": round((latest.total - latest.done) / rate)}


def _result(result: Mapping[str, Any], *, user: User) -> dict[str, Any]:
    counts = result["counts"]
    return {
        "sums": {kind: _sum(counts, kind) for kind in (STOPPED, LATER, SOONER, NEWLY, SAME, REFUSED)},
        "rows": [
            (_("made in the last 30 days"), counts[PAST]),
            (_("waiting for the next 7 days"), counts[PLANNED]),
        ],
        "moved": _sum(counts, LATER) + _sum(counts, SOONER),
        "rule_bars": _bars(
            (reasons.explain(code).text, counted) for code, counted in result["rules"].items()
        ),
        "state_bars": _bars((_state(name), counted) for name, counted in result["states"].items()),
        **_heat(result),
        "examples": _examples(result["examples"], user=user),
    }


def _sum(counts: Mapping[str, Mapping[str, int]], kind: str) -> int:
    return sum(of_them.get(kind, 0) for of_them in counts.values())


def _state(name: str) -> str:
    return {"": _("unknown"), "+": _("several possible")}.get(name, name)


def _bars(counted: Iterable[tuple[str, Mapping[str, int]]]) -> list[Bar]:
    """Return the longest bars first, all drawn to the same scale from zero; what is short is summed up."""
    found = [(label, tuple(counts.get(kind, 0) for kind in DRAWN)) for label, counts in counted]
    found = sorted((each for each in found if sum(each[1])), key=lambda each: -sum(each[1]))
    if len(found) > MOST_BARS:
        others = [counts for _label, counts in found[MOST_BARS - 1 :]]
        said = _("%(count)d others") % {"count": len(others)}
        found = [*found[: MOST_BARS - 1], (said, tuple(map(sum, zip(*others, strict=True))))]
    longest = max((sum(counts) for _label, counts in found), default=1)
    return [Bar(label, counts, _parts(counts, longest=longest)) for label, counts in found]


def _parts(counts: Iterable[int], *, longest: int) -> list[tuple[str, int, int]]:
    parts, start = [], 0
    for kind, count in zip(DRAWN, counts, strict=True):
        length = round(FULL * count / longest)
        parts.append((kind, start, length))
        start += length
    return parts


def _heat(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the coming week, hours down and days across, without early and late hours of no use."""
    draft, base = result["heat"]["draft"], result["heat"]["base"]
    busy = [hour for week in (draft, base) for day in week for hour, count in enumerate(day) if count]
    hours = range(min([FIRST_HOUR, *busy]), max([LAST_HOUR - 1, *busy]) + 1)
    most = max((count for day in draft for count in day), default=0)
    first = date.fromisoformat(result["first_day"])
    days = [first + timedelta(days=number) for number in range(DAYS_AHEAD)]
    rows = [
        (
            hour,
            [
                Cell(draft[day][hour], base[day][hour], _level(draft[day][hour], most))
                for day in range(DAYS_AHEAD)
            ],
        )
        for hour in hours
    ]
    return {
        "heat_days": [(str(WEEKDAYS_ABBR[day.weekday()]), f"{day:%d/%m}") for day in days],
        "heat_rows": rows,
        "heat_sums": [(sum(draft[day]), sum(base[day])) for day in range(DAYS_AHEAD)],
    }


def _level(count: int, most: int) -> int:
    return -(-count * LEVELS // most) if count else 0


def _examples(kept: Mapping[str, list[dict[str, Any]]], *, user: User) -> list[tuple[str, list[Example]]]:
    """Return the examples kept of each kind of change; who and where the debtors are is said as of now."""
    debtors = {example["debtor"] for examples in kept.values() for example in examples}
    known = debtors_seen_by(user).filter(pk__in=debtors).prefetch_related("points").in_bulk()
    words = {
        STOPPED: pgettext("contacts", "stopped"),
        LATER: _("later"),
        NEWLY: _("newly allowed"),
        SOONER: _("sooner"),
    }
    return [
        (words[kind], [_example(one, debtor=known.get(one["debtor"])) for one in kept[kind]])
        for kind in CHANGED
        if kept.get(kind)
    ]


def _example(one: Mapping[str, Any], *, debtor: Debtor | None) -> Example:
    zones = whereabouts.zones_of(debtor, list(debtor.points.all())) if debtor else ()
    return Example(
        debtor=debtor,
        channel=str(Channel(one["channel"]).label),
        is_planned=one["is_planned"],
        at=_moment(one["at"], zones=zones),
        base_at=_moment(one["base_at"], zones=zones),
        draft_at=_moment(one["draft_at"], zones=zones),
        why=[reasons.explain(code).text for code in one["codes"]],
    )


def _moment(text: str | None, *, zones: Iterable[str]) -> str:
    return reasons.in_both_clocks(datetime.fromisoformat(text), zones=zones) if text else _("not allowed")
