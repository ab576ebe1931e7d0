"""Which step of a ladder is due for a case today, and when to look again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dunning.rules.fallback import MOST_TRIES


@dataclass(frozen=True, slots=True)
class Rung:
    """One step as the ladder has it. `is_message` is true for the system's steps, false for an agent's."""

    id: int
    offset_days: int
    is_message: bool

    @property
    def is_before_due(self) -> bool:
        """Whether it belongs to the days up to the due date, where there is nothing to collect yet."""
        return self.offset_days <= 0


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was planned for this due date. `has_happened` is false when there was no address for it."""

    rung_id: int
    offset_days: int
    is_message: bool
    has_happened: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a case has come on its ladder.

    `anchor_on` is the oldest open due date, `taken` what was planned for it, `last_step_on` the
    local day of the last step that happened, for this due date or an earlier one. `extra_days`
    is the patience with an old customer's first delay; it moves every step after the due date.
    """

    anchor_on: date
    taken: tuple[Taken, ...] = ()
    last_step_on: date | None = None
    extra_days: int = 0

    @property
    def reached_offset(self) -> int | None:
        """The offset of the furthest step that happened; None when none did."""
        return max((each.offset_days for each in self.taken if each.has_happened), default=None)

    @property
    def has_been_messaged(self) -> bool:
        """Whether a message after the due date went before."""
        return any(each.is_message and each.has_happened and each.offset_days > 0 for each in self.taken)

    def day_of(self, rung: Rung) -> date:
        """The local day on which a step is reached."""
        patience = 0 if rung.is_before_due else self.extra_days
        return self.anchor_on + timedelta(days=rung.offset_days + patience)


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of a step's contact says: `step:<case>:<step>:<slot>[:<address>]`."""

    case_id: int
    step_id: int
    slot: date
    address: int

    @property
    def next_name(self) -> str:
        """The name of the same message to the next address."""
        name = wanted_by(case_id=self.case_id, step_id=self.step_id, slot=self.slot)
        return f"{name}:{self.address + 1}"


def read_name(name: str) -> Named | None:
    """Return what the name of a contact says; None for what no step wanted."""
    match name.split(":"):
        case ["step", case_id, step_id, slot, *rest]:
            address = int(rest[0]) if rest else 1
            return Named(int(case_id), int(step_id), date.fromisoformat(slot), address)
    return None


def wanted_by(*, case_id: int, step_id: int, slot: date) -> str:
    """Return the name under which the outbox knows what a step of a case wants for a due date."""
    return f"step:{case_id}:{step_id}:{slot.isoformat()}"


def every_name(name: str) -> list[str]:
    """Return the names of a step's message at each of its addresses, given the first of them."""
    return [name, *(f"{name}:{address}" for address in range(2, MOST_TRIES + 1))]


def due_step(*, rungs: Sequence[Rung], progress: Progress, minimum_gap_days: int, today: date) -> Rung | None:
    """Return the step to take on the local day `today`; None when there is none.

    Of the steps reached and not taken the latest is taken, so that a debt handed in late begins
    where it stands and never catches up step by step. The first thing after a missed due date is
    a message wherever the ladder has one: nobody is called out of the blue. Steps are never taken
    twice or backwards, nor within `minimum_gap_days` of the last one, and a step before the due
    date is never taken once that date has passed.
    """
    if progress.last_step_on and today < progress.last_step_on + timedelta(days=minimum_gap_days):
        return None
    reached = [rung for rung in _ahead(rungs, progress, today) if progress.day_of(rung) <= today]
    if not progress.has_been_messaged:
        reached = [rung for rung in reached if rung.is_message] or reached
    return max(reached, key=lambda rung: rung.offset_days, default=None)


def next_look_on(
    *, rungs: Sequence[Rung], progress: Progress, minimum_gap_days: int, today: date
) -> date | None:
    """Return the first local day after `today` on which a step may be due; None at the ladder's end."""
    tomorrow = today + timedelta(days=1)
    ahead = _ahead(rungs, progress, tomorrow)
    if not ahead:
        return None
    first = min(progress.day_of(rung) for rung in ahead)
    if progress.last_step_on:
        first = max(first, progress.last_step_on + timedelta(days=minimum_gap_days))
    return max(first, tomorrow)


def _ahead(rungs: Sequence[Rung], progress: Progress, today: date) -> list[Rung]:
    """Keep the steps that may still be taken on or after `today`: ahead, and not past their time."""
    taken, reached = {each.rung_id for each in progress.taken}, progress.reached_offset
    return [
        rung
        for rung in rungs
        if rung.id not in taken
        and (reached is None or rung.offset_days > reached)
        and (not rung.is_before_due or _is_in_time(rung, progress, today))
    ]


def _is_in_time(rung: Rung, progress: Progress, today: date) -> bool:
    """A reminder must come before the day it speaks of; one for the due day itself, on that day."""
    last_day = progress.anchor_on if rung.offset_days == 0 else progress.anchor_on - timedelta(days=1)
    return today <= last_day
