"""Calls promised for a moment: agreed, announced where that is allowed, and kept or missed."""

from datetime import datetime, timedelta

from django.db import transaction
from msgspec.structs import replace

from contacts import queries as contact_queries
from contacts.models import Contact
from contacts.rules import gate
from contacts.rules.facts import ContactFacts
from contacts.services import outbox
from contacts.vocabulary import Channel, Outcome, Purpose
from debtors.models import User
from dunning.models import Callback, Case
from dunning.queries import planning
from dunning.vocabulary import CallbackState, CaseState

#: So long before or after the moment a call still keeps the promise.
GRACE = timedelta(minutes=30)
#: Nobody needs to be told of a call that comes within so little time, and a message does not come so late.
WORTH_ANNOUNCING = timedelta(hours=4)
TEMPLATE_KEY = "callback_agreed"
CHANNELS = (Channel.WHATSAPP, Channel.SMS, Channel.EMAIL)


def agree(case: Case, *, due_at: datetime, agent: User, now: datetime) -> Callback:
    """Keep that we promised to call at a moment; whoever was promised one before gets this one instead."""
    end(case, now=now)
    return Callback.objects.create(case=case, due_at=due_at, agreed_by=agent, agreed_at=now)


def announce(callback: Callback, *, now: datetime) -> Contact | None:
    """Want one neutral message that we call as agreed; the gate decides whether and when it leaves.

    None where it would come too late, nobody has words or an address for it, or where it would use up
    what the policy leaves for the call itself.
    """
    case = callback.case
    if callback.due_at - now < WORTH_ANNOUNCING or not _leaves_room(callback, now=now):
        return None
    texts, reachable = planning.texts(), planning.usable_channels(debtors=[case.debtor_id])[case.debtor_id]
    ways = [each for each in CHANNELS if each in reachable and (TEMPLATE_KEY, each) in texts]
    if not ways:
        return None
    return outbox.want(
        Contact(
            wanted_by=_name(callback),
            debtor_id=case.debtor_id,
            creditor_id=case.creditor_id,
            channel=ways[0],
            purpose=Purpose.SERVICE,
            template_id=texts[TEMPLATE_KEY, ways[0]].pk,
            not_before=now,
            expires_at=callback.due_at - WORTH_ANNOUNCING / 2,
            created_at=now,
        )
    )


def end(case: Case, *, now: datetime) -> None:
    """Say what became of the open promise of a case, if there is one, now that the case moves on."""
    for callback in Callback.objects.filter(case=case, state=CallbackState.OPEN):
        _become(callback, state=_fate(callback, now=now) or CallbackState.DROPPED, now=now)


def settle(*, now: datetime) -> int:
    """Say what became of the promises whose moment is over, or whose case rests; return how many ended."""
    ended = 0
    with transaction.atomic():
        for callback in Callback.objects.filter(state=CallbackState.OPEN).select_related("case"):
            rests = callback.case.state != CaseState.OPEN
            fate = _fate(callback, now=now) or (CallbackState.DROPPED if rests else None)
            if fate:
                _become(callback, state=fate, now=now)
                ended += 1
    return ended


def _fate(callback: Callback, *, now: datetime) -> CallbackState | None:
    """Return kept when a call was placed about then, missed when the time for it is over, else None."""
    about_then = (callback.due_at - GRACE, min(callback.due_at + GRACE, now))
    placed = Contact.objects.filter(
        debtor=callback.case.debtor_id,
        channel=Channel.VOICE,
        started_at__range=about_then,
        started_at__gt=callback.agreed_at,
    )
    if placed.exclude(outcome=Outcome.FAILED).exists():
        return CallbackState.KEPT
    return CallbackState.MISSED if now > callback.due_at + GRACE else None


def _become(callback: Callback, *, state: CallbackState, now: datetime) -> None:
    callback.state, callback.ended_at = state, now
    callback.save(update_fields=["state", "ended_at"])
    outbox.cancel(Contact.objects.filter(debtor=callback.case.debtor_id, wanted_by=_name(callback)))


def _leaves_room(callback: Callback, *, now: datetime) -> bool:
    """Return whether the call would still be allowed at its moment, had the message left now."""
    case = callback.case
    asked = contact_queries.may_contact(
        debtor=case.debtor, channel=Channel.VOICE, now=callback.due_at, creditor_id=case.creditor_id
    )
    point = asked.best.point
    if point is None:
        return False
    sent = ContactFacts(at=now, channel=CHANNELS[0], outcome=Outcome.DELIVERED)
    facts = asked.facts_at(point)
    facts = replace(
        facts,
        contacts=(*facts.contacts, sent),
        point=replace(facts.point, contacts=(*facts.point.contacts, sent)),
    )
    return gate.decide(facts=facts, terms=asked.terms, now=callback.due_at).is_allowed


def _name(callback: Callback) -> str:
    return f"callback:{callback.pk}"
