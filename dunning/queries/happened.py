"""What happened on a case, as its card shows it: on PostgreSQL read in one errand."""

from typing import Any

from django.db.models import Q, QuerySet

from contacts import queries as contact_queries
from contacts import timeline
from contacts.models import Contact
from debtors.models import PromiseToPay
from debtors.queries.compiled import Asking, Read, together
from dunning.models import Case, CaseOutcome, DepartmentNote, HandOver, ScheduledStep
from dunning.vocabulary import StepResult

Found = dict[str, list[Any]]  # by name, what was read


def before_confirmation(case: Case) -> Found:
    """Return `contacts`, `recorded` outcomes and `hand_overs`, each the latest first."""
    return together(**_at_any_time(case))


def everything(case: Case) -> Found:
    """Return the same, and `promises`, `steps` that were left out, and `notes` of departments."""
    pair = {"debtor": case.debtor_id, "creditor": case.creditor_id}
    return together(
        **_at_any_time(case),
        promises=(_promises, pair),
        steps=(_steps_left_out, {"case": case.pk}),
        notes=(_notes, pair),
    )


def _at_any_time(case: Case) -> dict[str, Asking]:
    of_case = {"case": case.pk}
    return {
        "contacts": (_contacts, {"debtor": case.debtor_id, "creditor": case.creditor_id}),
        "recorded": (_recorded, of_case),
        "hand_overs": (_hand_overs, of_case),
    }


@Read
def _contacts(debtor: int, creditor: int) -> QuerySet[Contact]:
    """The newest contacts with the debtor about this creditor, or about none."""
    own = contact_queries.history(debtor_id=debtor)
    return own.filter(Q(creditor=creditor) | Q(creditor=None))[: timeline.MOST_EVENTS]


@Read
def _recorded(case: int) -> QuerySet[CaseOutcome]:
    return CaseOutcome.objects.filter(case=case).select_related("agent", "word")


@Read
def _hand_overs(case: int) -> QuerySet[HandOver]:
    return HandOver.objects.filter(case=case).select_related("giver", "receiver")


@Read
def _promises(debtor: int, creditor: int) -> QuerySet[PromiseToPay]:
    return PromiseToPay.objects.filter(debtor=debtor, creditor=creditor).select_related("made_to")


@Read
def _steps_left_out(case: int) -> QuerySet[ScheduledStep]:
    planned = ScheduledStep.objects.filter(case=case).exclude(result=StepResult.WANTED)
    return planned.select_related("step")


@Read
def _notes(debtor: int, creditor: int) -> QuerySet[DepartmentNote]:
    told = DepartmentNote.objects.filter(debtor=debtor, creditor=creditor)
    return told.select_related("recorded_by")
