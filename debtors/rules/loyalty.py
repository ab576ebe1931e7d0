"""Good payers: points for installments paid in time, and what they bring. Counted anew each time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from debtors.rules.accrual import DueAmount

#: Said in the debtors' own Portuguese: what somebody has and may keep, never what is taken from him.
WORDS = "Como cliente {level}, você tem {benefit}. Queremos que continue assim."
#: For whoever has no level, so that a text with this placeholder leaves all the same.
WORDS_FOR_ALL = "Valorizamos a sua confiança."


@dataclass(frozen=True, slots=True)
class Record:
    """How many installments were paid in time, and how many late or not yet although their day is over."""

    in_time: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    """What so many points bring: a name, and the benefit as it is said to the debtor ("frete grátis")."""

    from_points: int
    name: str
    benefit: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands with a creditor; `level` and `next_level` are None where there is none."""

    record: Record
    points: int
    level: Level | None
    next_level: Level | None

    @property
    def words(self) -> str:
        """What may be said of it, kindly; nothing without a level that has a benefit."""
        if self.level is None or not self.level.benefit:
            return ""
        return WORDS.format(level=self.level.name, benefit=self.level.benefit)


def record(settled: Iterable[tuple[DueAmount, date | None]], *, on: date) -> Record:
    """Return the record of installments, each with the day it was settled; what is not due yet is left out.

    A due date without banks is kept on the next working day.
    """
    in_time = late = 0
    for due, day in settled:
        last = due.free_until or due.due_on
        if day is not None and day <= last:
            in_time += 1
        elif on > last:
            late += 1
    return Record(in_time, late)


def standing(found: Record, *, points_in_time: int, points_late: int, levels: Sequence[Level]) -> Standing:
    """Return where a record leads: points for what was in time less those for what was late, or none."""
    points = max(0, found.in_time * points_in_time - found.late * points_late)
    rising = sorted(levels, key=lambda each: each.from_points)
    reached = [each for each in rising if each.from_points <= points]
    above = [each for each in rising if each.from_points > points]
    return Standing(found, points, reached[-1] if reached else None, above[0] if above else None)
