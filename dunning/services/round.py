"""The round of the house: holds followed, cases opened, steps planned, in this order."""

from dataclasses import dataclass
from datetime import datetime

from dunning.services import cases, intake, planner


@dataclass(frozen=True, slots=True)
class Round:
    """How much a round found to do."""

    moved: int
    opened: int
    planned: int


def go(*, now: datetime) -> Round:
    """Do what is due now; running it again at once finds nothing to do."""
    return Round(
        moved=cases.follow_holds(now=now), opened=intake.open_cases(now=now), planned=planner.plan(now=now)
    )
