"""Says late, once, what never had its turn: after an outage the last word missed, and only that one."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from contacts.models import Contact
from contacts.rules import pacing
from contacts.rules.disclosure import Stage
from contacts.services import outbox
from contacts.vocabulary import ContactState, Purpose
from dunning.models import Case, ScheduledStep, Step
from dunning.queries import planning
from dunning.rules import timing
from dunning.rules.stepping import Named
from dunning.vocabulary import Actor, CaseState


def never_had_its_turn(contact: Contact) -> bool:
    """Say whether a message became too late though the gate never refused it: nobody was there to send it."""
    is_late = contact.state == ContactState.EXPIRED and not contact.objections
    return is_late and contact.purpose == Purpose.COLLECTION


def say_once_more(contact: Contact, *, wanted: Named, now: datetime) -> Contact | None:
    """Want a message again that never had its turn; None where another is said instead of it.

    It is said once, unless a later message of the case was planned meanwhile or is due within the
    ladder's gap: missed steps are one word, never as many as there were.
    """
    case = Case.objects.filter(pk=wanted.case_id, state=CaseState.OPEN, anchor_on=wanted.slot).first()
    step = Step.objects.select_related("strategy").filter(pk=wanted.step_id).first()
    if wanted.address > 1 or case is None or step is None or contact.template is None:
        return None
    if _is_said_instead(step, case=case, now=now):
        return None
    text = planning.texts().get((contact.template.key, contact.channel))
    if text is None or not text.may_be_said(channel=contact.channel, stage=_stage(case)):
        return None
    zone = timezone.get_default_timezone()
    earliest = timing.earliest(now=now, zone=zone)
    not_before = pacing.spread(earliest, seed=case.pk, over=timing.SPREAD_OVER)
    return outbox.want(
        Contact(
            wanted_by=wanted.next_name,
            debtor_id=contact.debtor_id,
            creditor_id=contact.creditor_id,
            channel=contact.channel,
            purpose=contact.purpose,
            template_id=text.pk,
            not_before=not_before,
            expires_at=timing.too_late(not_before=not_before, due_on=None, zone=zone),
            created_at=now,
        )
    )


def is_overtaken(step: Step, *, case: Case) -> bool:
    """Return whether a later message of the ladder was planned for the due date: it is said instead."""
    return ScheduledStep.objects.filter(case=case, slot=case.anchor_on, step__in=_later(step)).exists()


def _is_said_instead(step: Step, *, case: Case, now: datetime) -> bool:
    """Return whether a later message of the ladder was planned for the due date, or comes within the gap."""
    if is_overtaken(step, case=case):
        return True
    later = _later(step)
    days_late = (timezone.localdate(now) - case.anchor_on).days
    soon = days_late + step.strategy.minimum_gap_days
    return later.filter(is_active=True, offset_days__gte=days_late, offset_days__lte=soon).exists()


def _stage(case: Case) -> Stage:
    is_spoken_to = (case.pk, case.anchor_on) in planning.spoken_to(debtors=[case.debtor_id])
    return Stage.LATER if is_spoken_to else Stage.FIRST


def _later(step: Step) -> QuerySet[Step]:
    """Return the messages of the ladder that come after a step."""
    return Step.objects.filter(
        strategy=step.strategy_id, actor=Actor.SYSTEM, offset_days__gt=step.offset_days
    )
