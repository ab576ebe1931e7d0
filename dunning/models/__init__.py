"""What the app that wants keeps; the only place that re-exports."""

from dunning.models.case import Case, CaseOutcome, ScheduledStep
from dunning.models.strategy import Step, Strategy

__all__ = ["Case", "CaseOutcome", "ScheduledStep", "Step", "Strategy"]
