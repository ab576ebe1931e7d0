"""Brings agent and debtor together on a call: each telephone in its turn, or nobody speaks.

The agent's telephone rings first. When he has shown that he is there the debtor's is asked for,
once; when that is answered the gate is asked again, and words are heard by a human only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from contacts.channels import registry
from contacts.channels.base import Accepted, NotSent, Rejected, Result, Unknown
from contacts.channels.twilio_voice import RING_WITHIN_SECONDS, TwilioVoiceChannel
from contacts.models import Attempt, Contact, PhoneCall
from contacts.queries import may_contact, whereabouts
from contacts.queries.asking import Asked
from contacts.rules import codes, recording
from contacts.services import call_line, outbox, settling
from contacts.services.outbox import ForbiddenMoveError
from contacts.vocabulary import AttemptState, Channel, ContactState, Outcome
from debtors.services import people
from debtors.vocabulary import PointStatus

logger = structlog.get_logger(__name__)

RING_WITHIN = timedelta(seconds=RING_WITHIN_SECONDS)
#: A call that still waits at the provider so long is taken back: it would ring when nobody is there.
LONGEST_QUEUED = timedelta(seconds=5)
HUMAN = "human"
#: Twilio's words for who answered (AnsweredBy); any other, and none, is unknown.
ANSWERED_BY = {
    HUMAN: HUMAN,
    "machine_start": "machine",
    "machine_end_beep": "machine",
    "machine_end_silence": "machine",
    "machine_end_other": "machine",
    "fax": "machine",
}


@dataclass(frozen=True, slots=True)
class Bridge:
    """What becomes of one telephone: it goes on, recorded or not, or the call ends."""

    goes_on: bool
    is_recorded: bool = False


NO_BRIDGE = Bridge(goes_on=False)


def ring_debtor(attempt_id: UUID, *, call_id: str, now: datetime) -> Bridge:
    """Ask for the debtor's telephone, because the agent is there on `call_id`.

    The gate is asked again, all of it: the agent may have taken a minute. Said twice, nothing is asked
    for twice.
    """
    try:
        permitted = _permit_ringing(attempt_id, call_id=call_id, now=now)
    except ForbiddenMoveError as contradiction:
        settling.contradict(attempt_id, now=now)
        logger.critical("late evidence", attempt=str(attempt_id), contradiction=str(contradiction))
        return NO_BRIDGE
    if permitted is None:
        return NO_BRIDGE
    call, is_new = permitted
    goes_on = _ring(call, now=now) if is_new else call.ended_at is None
    return Bridge(goes_on, call.is_recorded)


def answer(attempt_id: UUID, *, call_id: str, answered_by: str, now: datetime) -> Bridge:
    """Say whether the debtor's telephone, just answered, may be connected with the agent.

    Only a human is ever spoken to. Machine, fax, unknown or no word at all end the call in silence,
    and it counts all the same. Asked twice, the answer is the same while the call lasts.
    """
    with transaction.atomic():
        call = locked(attempt_id)
        if call is None or call.debtor_call_id not in (None, call_id) or call.ended_at is not None:
            logger.critical("a call was answered that is not under way", call=call_id)
            return NO_BRIDGE
        call.debtor_call_id = call_id
        if not call.is_connected:
            call.is_connected = _may_speak(call, answered_by=answered_by, now=now)
        call.save()
    return Bridge(call.is_connected, call.is_recorded)


def look(attempt_id: UUID, *, now: datetime) -> None:
    """End a call that waits in the provider's queue for too long, or may ring no longer.

    Asked every few seconds while the agent waits: who says no, or is protected, while his telephone
    rings, does not hear it ring on.
    """
    known = PhoneCall.objects.select_related("attempt__contact__debtor", "attempt__contact__point")
    call = known.filter(attempt=attempt_id, ended_at=None, is_connected=False).first()
    if call is None or not call.debtor_call_id:
        return
    if _objections_to_ringing(call.attempt.contact, now=now):
        channel().hang_up(call.debtor_call_id)
        logger.warning("a call was ended that may ring no longer", attempt=str(attempt_id))
    elif call.status in ("", "queued") and now - call.rung_at >= LONGEST_QUEUED:
        _end_if_queued(call)


def take_back_if_queued(contact: Contact, *, now: datetime) -> bool:
    """End a call whose agent's telephone would ring only after a while; return whether it was so."""
    attempt = contact.attempts.filter(state=AttemptState.ACCEPTED).first()
    if attempt is None or call_line.left_of_the_queue(now=now) <= LONGEST_QUEUED:
        return False
    channel().hang_up(str(attempt.provider_id))
    fail(contact, code="queued at the provider", now=now)
    return True


def keep_recording(attempt_id: UUID, *, recording_id: str, url: str, seconds: int | None) -> bool:
    """Keep where the recording of a call is; return whether there is such a call.

    It has one: what is told of another one later changes nothing. Such a one, or one of a call that was
    not to be recorded, lies at the provider without end: the log says so.
    """
    name = recording_id[:64]
    known = PhoneCall.objects.filter(attempt=attempt_id, is_recorded=True, recording_id__in=["", name])
    kept = {"recording_id": name, "recording_url": url[:300], "recording_seconds": seconds}
    is_ours = bool(known.update(**kept))
    if not is_ours:
        logger.error("a recording that nobody asked for lies at the provider", attempt=str(attempt_id))
    return is_ours


def locked(attempt_id: UUID) -> PhoneCall | None:
    """Return the call, its debtor and itself locked in the order that holds everywhere."""
    whole = PhoneCall.objects.select_related("attempt__contact__debtor", "attempt__contact__point")
    found = whole.filter(attempt=attempt_id).first()
    if found is None:
        return None
    outbox.lock_debtor(found.attempt.contact.debtor_id)
    return whole.select_for_update(of=("self",)).get(pk=found.pk)


def fail(contact: Contact, *, code: str, now: datetime) -> None:
    """End a call of which the debtor's telephone never rang: it counts for nothing."""
    outbox.conclude(contact, outcome=Outcome.FAILED, now=now, error_code=code[:40])


def channel() -> TwilioVoiceChannel:
    """Return the channel by which both telephones are rung (ValueError where agents dial by hand)."""
    bridge = registry.bridge()
    if bridge is None:
        raise ValueError("calls are not placed by a provider")
    return bridge


def _end_if_queued(call: PhoneCall) -> None:
    call_id = str(call.debtor_call_id)
    if channel().status_of(call_id) == "queued":
        channel().hang_up(call_id)
        logger.warning("a call was taken back out of the provider's queue", attempt=str(call.attempt_id))


def _permit_ringing(attempt_id: UUID, *, call_id: str, now: datetime) -> tuple[PhoneCall, bool] | None:
    """Return the call whose debtor may be rung, and whether that was not asked for before; None for no."""
    attempts = Attempt.objects.select_related("contact").filter(contact__channel=Channel.VOICE)
    attempt = attempts.filter(pk=attempt_id, provider="twilio").first()
    if attempt is None or attempt.provider_id not in (None, call_id):
        return None
    with transaction.atomic():
        outbox.lock_debtor(attempt.contact.debtor_id)
        settling.settle_accepted(attempt.pk, provider_id=call_id, now=now)  # who answers was rung
        if known := PhoneCall.objects.filter(attempt=attempt).first():
            return known, False
        contact = Contact.objects.select_related("debtor", "point").get(pk=attempt.contact_id)
        if contact.state != ContactState.SENT:
            return None
        reasons = _objections_to_ringing(contact, now=now)
        if reasons or now - attempt.started_at > RING_WITHIN:
            fail(contact, code=(*reasons, "too late")[0], now=now)
            return None
        call = PhoneCall.objects.create(attempt=attempt, rung_at=now, is_recorded=_is_to_be_recorded(contact))
    return call, True


def _is_to_be_recorded(contact: Contact) -> bool:
    places = whereabouts.places_of(list(contact.debtor.points.all()))
    return recording.is_recorded(states={place.state for place in places}, mode=settings.CALL_RECORDING)


def _ring(call: PhoneCall, *, now: datetime) -> bool:
    """Make the create call for the debtor's telephone; return whether the agent is to wait."""
    result: Result
    try:
        call_line.wait_for_turn(now=now)
        call.refresh_from_db(fields=["agent_left_at"])
    except call_line.BusyLineError:
        result = NotSent(reason="the line is busy")
    else:
        result = (
            NotSent(reason="the agent has gone")
            if call.agent_left_at
            else channel().ring_debtor(attempt_id=str(call.attempt_id), to=call.attempt.to)
        )
    match result:
        case Accepted():
            call_line.saw_queue(queue_ms=result.queue_ms, now=now)
            return _keep_call_id(call, result)
        case Unknown():
            return True  # it may ring: what Twilio reports will tell
    _give_up(call, result, now=now)
    return False


def _keep_call_id(call: PhoneCall, result: Accepted) -> bool:
    """Keep the provider's name of the debtor's part, unless it is known; end it where the agent has gone."""
    PhoneCall.objects.filter(pk=call.pk, debtor_call_id=None).update(debtor_call_id=result.provider_id)
    call.refresh_from_db()
    if call.agent_left_at is None and timedelta(milliseconds=result.queue_ms) <= LONGEST_QUEUED:
        return True
    channel().hang_up(result.provider_id)
    return False


def _give_up(call: PhoneCall, result: Rejected | NotSent, *, now: datetime) -> None:
    """End a call of which the provider did not take the debtor's part."""
    code = result.code if isinstance(result, Rejected) else result.reason
    contact = Contact.objects.select_related("point").get(attempts=call.attempt_id)
    with transaction.atomic():
        outbox.lock_debtor(contact.debtor_id)
        if isinstance(result, Rejected) and result.is_bad_address and contact.point:
            people.retire_point(
                contact.point, status=PointStatus.INVALID, source=f"twilio, {code}", by=None, now=now
            )
        PhoneCall.objects.filter(pk=call.pk).update(ended_at=now)
        fail(contact, code=code, now=now)


def _may_speak(call: PhoneCall, *, answered_by: str, now: datetime) -> bool:
    """Ask the gate about an answered telephone; without its yes, or without the agent, the contact ends."""
    contact = call.attempt.contact
    call.answered_by = answered_by[:30]
    who = ANSWERED_BY.get(answered_by, "unknown")
    if contact.state != ContactState.SENT:
        return False
    reasons = _objections(contact, answered_by=who, now=now)
    if call.agent_left_at is not None:
        reasons = (*reasons, "agent left")
    if who == HUMAN and not reasons:
        return True
    outcome = Outcome.NO_ANSWER if who == HUMAN else Outcome.VOICEMAIL
    outbox.conclude(contact, outcome=outcome, now=now, error_code=(*reasons, who)[0][:40])
    return False


def _objections_to_ringing(contact: Contact, *, now: datetime) -> tuple[str, ...]:
    """Return why the debtor's telephone may not ring now, the call itself not counted."""
    if contact.point is None:
        return (codes.POINT_INVALID,)
    return _asked(contact, now=now).verdict(contact.point).reasons


def _objections(contact: Contact, *, answered_by: str, now: datetime) -> tuple[str, ...]:
    """Return why nobody may speak at a call's number now; that it is out of use meanwhile is one too."""
    if contact.point is None or contact.point.is_retired:
        return (codes.POINT_INVALID,)
    return _asked(contact, now=now).again(contact.point, answered_by=answered_by).reasons


def _asked(contact: Contact, *, now: datetime) -> Asked:
    return may_contact(
        debtor=contact.debtor,
        channel=Channel.VOICE,
        now=now,
        purpose=contact.purpose,
        creditor_id=contact.creditor_id,
        without=contact.pk,
    )
