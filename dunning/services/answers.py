"""Follows what became of a message: another way for one that failed, an agent for an answer."""

from datetime import datetime

from django.utils import timezone

from contacts.models import Contact
from contacts.queries import wishes
from contacts.rules import pacing
from contacts.rules.disclosure import Stage
from contacts.services import outbox
from contacts.vocabulary import AttemptState, Channel, ContactState, Outcome, Purpose
from debtors.models import ContactPoint
from dunning import queries
from dunning.models import Case, Step
from dunning.queries import planning
from dunning.rules import fallback, stepping, timing
from dunning.rules.fallback import End, Try
from dunning.services import lateness
from dunning.vocabulary import Actor, CaseState

#: What never left, and what did not arrive. Whatever else became of a try, it may reach somebody.
NEVER_LEFT = (ContactState.EXPIRED,)


def follow_up(contact: Contact, *, now: datetime) -> None:
    """Let the case follow how a contact ended.

    A message that failed goes the step's next way, once: to another address where this one was
    retired, else by another channel; where the person refused there is no other way. One that never
    had its turn is said once more, late. A word from the debtor calls for a person. Anything else
    leaves the next move to the ladder.
    """
    if contact.is_inbound and contact.outcome == Outcome.INBOUND:
        _call_an_agent(contact, now=now)
        return
    wanted = stepping.read_name(contact.wanted_by)
    if wanted and wanted.address < fallback.MOST_TRIES and _has_failed(contact):
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
    if case is None or step is None or lateness.is_overtaken(step, case=case):
        return
    texts, reachable = planning.texts(), planning.usable_channels(debtors=[case.debtor_id])[case.debtor_id]
    key = contact.template.key if contact.template else step.template_key
    stage = _stage(step, case=case)
    for channel in _ways(contact, step=step, wanted=wanted, now=now):
        text = texts.get((key, channel))
        if channel in reachable and text and text.may_be_said(channel=channel, stage=stage):
            outbox.want(_said_again(contact, wanted=wanted, channel=channel, text=text.pk, now=now))
            return


def _stage(step: Step, *, case: Case) -> Stage:
    """Return at which stage the message is said again: what failed was heard by nobody."""
    if step.offset_days <= 0:
        return Stage.BEFORE_DUE
    is_spoken_to = (case.pk, case.anchor_on) in planning.spoken_to(debtors=[case.debtor_id])
    return Stage.LATER if is_spoken_to else Stage.FIRST


def _said_again(
    contact: Contact, *, wanted: stepping.Named, channel: str, text: int, now: datetime
) -> Contact:
    """Return the same message by another way; a letter is given the time it takes to post one."""
    not_before = pacing.spread(now, seed=contact.pk)
    expires_at = contact.expires_at
    if channel == Channel.LETTER and expires_at and contact.purpose == Purpose.COLLECTION:
        zone = timezone.get_default_timezone()
        expires_at = timing.too_late(not_before=not_before, due_on=None, zone=zone, channel=channel)
    return Contact(
        wanted_by=wanted.next_name,
        debtor_id=contact.debtor_id,
        creditor_id=contact.creditor_id,
        channel=channel,
        purpose=contact.purpose,
        template_id=text,
        not_before=not_before,
        expires_at=expires_at,
        created_at=now,
    )


def _ways(contact: Contact, *, step: Step, wanted: stepping.Named, now: datetime) -> tuple[str, ...]:
    """Return by which channels the message may still go, best first."""
    every = fallback.ways(
        own=step.channel,
        other=step.fallback_channel,
        is_message=step.actor == Actor.SYSTEM,
        is_reminder=step.offset_days <= 0,
        switched_on=planning.channels_switched_on(),
    )
    first = stepping.wanted_by(case_id=wanted.case_id, step_id=wanted.step_id, slot=wanted.slot)
    of_the_step = Contact.objects.filter(wanted_by__in=stepping.every_name(first)).order_by("pk")
    return fallback.ways_after_failure(
        every,
        tries=[Try(each.channel, _end(each)) for each in of_the_step],
        has_lost_address=_is_address_retired(contact),
        is_refused=wishes.is_refused(contact, now=now),
    )


def _end(contact: Contact) -> End:
    if _has_failed(contact):
        return End.FAILED
    return End.NEVER_LEFT if contact.state in NEVER_LEFT else End.ALIVE


def _has_failed(contact: Contact) -> bool:
    """Whether it was tried and did not arrive; one that could not be written was not tried."""
    if contact.state == ContactState.FAILED:
        return contact.attempts.filter(state=AttemptState.REJECTED).exists()
    return contact.outcome == Outcome.FAILED


def _is_address_retired(contact: Contact) -> bool:
    if contact.point_id is None:
        return False
    return ContactPoint.objects.get(pk=contact.point_id).is_retired  # as it is now, not as it was read
