"""What the app that wants keeps; the only place that re-exports."""

from dunning.models.case import Case, CaseOutcome, ScheduledStep
from dunning.models.queue import HandOver, QueueWeights, SavedView
from dunning.models.strategy import Step, Strategy

__all__ = [
    "Case",
    "CaseOutcome",
    "HandOver",
    "QueueWeights",
    "SavedView",
    "ScheduledStep",
    "Step",
    "Strategy",
]
