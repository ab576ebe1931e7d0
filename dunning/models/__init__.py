"""What the app that wants keeps; the only place that re-exports."""

from dunning.models.case import Case, CaseOutcome, ScheduledStep
from dunning.models.department import DepartmentAddress, DepartmentNote
from dunning.models.queue import HandOver, QueueWeights, SavedView
from dunning.models.strategy import Step, Strategy

__all__ = [
    "Case",
    "CaseOutcome",
    "DepartmentAddress",
    "DepartmentNote",
    "HandOver",
    "QueueWeights",
    "SavedView",
    "ScheduledStep",
    "Step",
    "Strategy",
]
