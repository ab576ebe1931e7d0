"""What a draft of the policy changes: each contact is judged twice, and counted by what became of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from operator import add
from typing import Any

from msgspec import Struct

PAST, PLANNED = "past", "planned"
#: What a draft may change of a contact, in the order in which a manager asks.
STOPPED, LATER, NEWLY, SOONER = "stopped", "later", "newly", "sooner"
CHANGED = (STOPPED, LATER, NEWLY, SOONER)
SAME, REFUSED = "same", "refused"
DAYS_AHEAD, HOURS = 7, 24
MOST_EXAMPLES = 5


class Answer(Struct, frozen=True, gc=False):
    """What one policy says of a contact: why not at its moment, and when it may leave.

    `at` is that moment itself where nothing stands against it, None for not within the horizon.
    """

    reasons: tuple[str, ...]
    at: datetime | None


class Replayed(Struct, frozen=True, kw_only=True, gc=False):
    """One contact under the version in force and under the draft; `state` is where the debtor lives."""

    contact_id: int
    debtor_id: int
    channel: str
    at: datetime
    is_planned: bool
    state: str
    base: Answer
    draft: Answer

    @property
    def fate(self) -> str:
        """What the draft does to it. Newly: allowed at its moment now, or at all; sooner: between the two."""
        before, after = self.base.at, self.draft.at
        if before == after:
            return REFUSED if before is None else SAME
        if after is None:
            return STOPPED
        if before is None or after == self.at:
            return NEWLY
        return LATER if after > before else SOONER

    @property
    def because_of(self) -> tuple[str, ...]:
        """The codes that make the difference: those that only the stricter of the two policies raises."""
        stricter, other = (
            (self.draft, self.base) if self.fate in (STOPPED, LATER) else (self.base, self.draft)
        )
        only = tuple(code for code in stricter.reasons if code not in other.reasons)
        return only or stricter.reasons


@dataclass
class Tally:
    """The counts of a replay. The heat map shows the week from `first_day` on, by the clock of `zone`."""

    first_day: date
    zone: tzinfo
    counts: dict[str, Counter[str]] = field(default_factory=lambda: {PAST: Counter(), PLANNED: Counter()})
    rules: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    states: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    heat: dict[str, list[list[int]]] = field(
        default_factory=lambda: {name: [[0] * HOURS for _ in range(DAYS_AHEAD)] for name in ("base", "draft")}
    )
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, replayed: Replayed) -> None:
        """Count one contact."""
        fate = replayed.fate
        self.counts[PLANNED if replayed.is_planned else PAST][fate] += 1
        of_the_state = self.states[replayed.state]
        of_the_state["judged"] += 1
        if replayed.is_planned:
            self._warm("base", replayed.base.at)
            self._warm("draft", replayed.draft.at)
        if fate not in CHANGED:
            return
        of_the_state[fate] += 1
        for code in replayed.because_of:
            self.rules[code][fate] += 1
        kept = self.examples.setdefault(fate, [])
        if len(kept) < MOST_EXAMPLES and all(one["debtor"] != replayed.debtor_id for one in kept):
            kept.append(_example(replayed))

    def take_in(self, following: "Tally") -> None:
        """Count what was counted of other debtors, who come behind those counted here."""
        for name, counts in following.counts.items():
            self.counts[name].update(counts)
        for ours, theirs in ((self.rules, following.rules), (self.states, following.states)):
            for name, counts in theirs.items():
                ours[name].update(counts)
        for name, week in following.heat.items():
            days = zip(self.heat[name], week, strict=True)
            self.heat[name] = [list(map(add, *day)) for day in days]
        for fate, examples in following.examples.items():
            kept = self.examples.setdefault(fate, [])
            kept.extend(examples[: MOST_EXAMPLES - len(kept)])

    @property
    def judged(self) -> int:
        """How many contacts were counted."""
        return sum(sum(counts.values()) for counts in self.counts.values())

    def to_json(self) -> dict[str, Any]:
        """Return the counts as they are kept; `from_json` gives them back."""
        return {
            "first_day": self.first_day.isoformat(),
            "counts": self.counts,
            "rules": self.rules,
            "states": self.states,
            "heat": self.heat,
            "examples": self.examples,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any], *, zone: tzinfo) -> "Tally":
        """Return the counts that were kept."""
        return cls(
            first_day=date.fromisoformat(raw["first_day"]),
            zone=zone,
            counts=_counters(raw["counts"]),
            rules=_counters(raw["rules"]),
            states=_counters(raw["states"]),
            heat=raw["heat"],
            examples=raw["examples"],
        )

    def _warm(self, whose: str, moment: datetime | None) -> None:
        if moment is None:
            return
        local = moment.astimezone(self.zone)
        day = local.toordinal() - self.first_day.toordinal()
        if 0 <= day < DAYS_AHEAD:
            self.heat[whose][day][local.hour] += 1


def _counters(raw: Mapping[str, Mapping[str, int]]) -> dict[str, Counter[str]]:
    return defaultdict(Counter, {name: Counter(counts) for name, counts in raw.items()})


def _example(replayed: Replayed) -> dict[str, Any]:
    return {
        "contact": replayed.contact_id,
        "debtor": replayed.debtor_id,
        "channel": replayed.channel,
        "is_planned": replayed.is_planned,
        "at": replayed.at.isoformat(),
        "codes": list(replayed.because_of),
        "base_at": _text(replayed.base.at),
        "draft_at": _text(replayed.draft.at),
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
