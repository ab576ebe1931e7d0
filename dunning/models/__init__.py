"""What the app that wants keeps; the only place that re-exports."""

from dunning.models.callback import Callback
from dunning.models.case import Case, CaseOutcome, ScheduledStep
from dunning.models.department import DepartmentAddress, DepartmentNote
from dunning.models.playbook import DelayReason, Objection, OutcomeWord, ScriptText
from dunning.models.queue import HandOver, QueueWeights, SavedView
from dunning.models.strategy import Step, Strategy
from dunning.models.talk import Talk

__all__ = [
    "Callback",
    "Case",
    "CaseOutcome",
    "DelayReason",
    "DepartmentAddress",
    "DepartmentNote",
    "HandOver",
    "Objection",
    "OutcomeWord",
    "QueueWeights",
    "SavedView",
    "ScheduledStep",
    "ScriptText",
    "Step",
    "Strategy",
    "Talk",
]
