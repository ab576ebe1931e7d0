"""Follows what became of a message: another address for one that does not exist, an agent for an answer."""

from datetime import datetime

from contacts.models import Contact
from contacts.rules import pacing
from contacts.rules.disclosure import Stage
from contacts.services import outbox
from contacts.vocabulary import ContactState, Outcome
from debtors.models import ContactPoint
from dunning import queries
from dunning.models import Case, Step
from dunning.rules import stepping
from dunning.services import lateness
from dunning.vocabulary import CaseState

#: A message is tried at three addresses at most.
MOST_ADDRESSES = 3


def follow_up(contact: Contact, *, now: datetime) -> None:
    """Let the case follow how a contact ended.

    A message that failed at an address since retired goes to the next best one, or by the step's
    other channel. One that never had its turn is said once more, late. A word from the debtor calls
    for a person. Anything else leaves the next move to the ladder.
    """
    if contact.is_inbound and contact.outcome == Outcome.INBOUND:
        _call_an_agent(contact, now=now)
        return
    wanted = stepping.read_name(contact.wanted_by)
    if wanted and _has_failed(contact) and _is_address_retired(contact) and wanted.address < MOST_ADDRESSES:
        _want_elsewhere(contact, wanted=wanted, now=now)
    if wanted and lateness.never_had_its_turn(contact):
        lateness.say_once_more(contact, wanted=wanted, now=now)


def _call_an_agent(contact: Contact, *, now: datetime) -> None:
    """Put the debtor's open cases before the agents: somebody wrote and deserves an answer."""
    live = Case.objects.filter(debtor=contact.debtor_id, state=CaseState.OPEN)
    cases = list(live.select_for_update().order_by("pk"))
    for case in cases:
        case.callable_from = now
        case.put_off_because = []
    for case, urgency in zip(cases, queries.urgencies(cases=cases, now=now).values(), strict=True):
        case.urgency = urgency.points
        case.save()


def _want_elsewhere(contact: Contact, *, wanted: stepping.Named, now: datetime) -> None:
    case = Case.objects.filter(pk=wanted.case_id, state=CaseState.OPEN, anchor_on=wanted.slot).first()
    step = Step.objects.filter(pk=wanted.step_id).first()
    if case is None or step is None:
        return
    texts, reachable = queries.texts(), queries.usable_channels(debtors=[case.debtor_id])[case.debtor_id]
    key = contact.template.key if contact.template else step.template_key
    stage = _stage(step, case=case)
    for channel in (step.channel, step.fallback_channel):
        text = texts.get((key, channel))
        if channel in reachable and text and text.may_be_said(channel=channel, stage=stage):
            outbox.want(
                Contact(
                    wanted_by=wanted.next_name,
                    debtor_id=contact.debtor_id,
                    creditor_id=contact.creditor_id,
                    channel=channel,
                    purpose=contact.purpose,
                    template_id=text.pk,
                    not_before=pacing.spread(now, seed=contact.pk),
                    expires_at=contact.expires_at,
                    created_at=now,
                )
            )
            return


def _stage(step: Step, *, case: Case) -> Stage:
    """Return at which stage the message is said again: what failed was heard by nobody."""
    if step.offset_days <= 0:
        return Stage.BEFORE_DUE
    is_spoken_to = (case.pk, case.anchor_on) in queries.spoken_to(debtors=[case.debtor_id])
    return Stage.LATER if is_spoken_to else Stage.FIRST


def _has_failed(contact: Contact) -> bool:
    return contact.state == ContactState.FAILED or contact.outcome == Outcome.FAILED


def _is_address_retired(contact: Contact) -> bool:
    if contact.point_id is None:
        return False
    return ContactPoint.objects.get(pk=contact.point_id).is_retired  # as it is now, not as it was read
