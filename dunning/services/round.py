"""The round of the house: cases opened, holds and promises followed, agreements reminded of, steps taken."""

from dataclasses import dataclass
from datetime import datetime

from dunning.services import agreed_reminders, callbacks, cases, intake, planner, workqueue


@dataclass(frozen=True, slots=True)
class Round:
    """How much a round found to do."""

    opened: int
    moved: int
    planned: int


def go(*, now: datetime) -> Round:
    """Do what is due now; running it again at once finds nothing to do."""
    workqueue.ask_again(now=now)
    callbacks.settle(now=now)
    agreed_reminders.want_due(now=now)
    return Round(
        opened=intake.open_cases(now=now), moved=cases.follow_facts(now=now), planned=planner.plan(now=now)
    )
