"""How calls that the provider places end, as it reports, and what is made of those left open."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from contacts.channels.twilio_voice import AGENT, ENDED
from contacts.models import Attempt, Contact, PhoneCall, ProviderEvent
from contacts.services import bridging, outbox, settling
from contacts.services.outbox import ForbiddenMoveError
from contacts.vocabulary import AttemptState, Channel, ContactState, Outcome

logger = structlog.get_logger(__name__)

#: Twilio's words for a call (CallStatus), in the order in which they can come. The last five end it.
ORDER = ("", "queued", "initiated", "ringing", "in-progress", *sorted(ENDED))
#: The debtor's telephone has rung from here on: the call counts, whatever comes.
HAS_RUNG = frozenset({"ringing", "in-progress"})
OUTCOMES: Mapping[str, Outcome] = {
    "completed": Outcome.NO_ANSWER,  # ended before anybody spoke
    "busy": Outcome.NO_ANSWER,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.NO_ANSWER,
}
#: How long what nobody ended is left as it is.
FORGOTTEN_AFTER = timedelta(minutes=30)
LONGEST_CALL = timedelta(hours=4)
NEVER_ANSWERED_AFTER = timedelta(minutes=5)
NOT_DIALLED_AFTER = timedelta(minutes=10)


def hear(
    attempt_id: UUID,
    *,
    part: str,
    call_id: str,
    status: str,
    payload: Mapping[str, object],
    now: datetime,
) -> bool:
    """Keep a report on the agent's or the debtor's part of a call and follow it; return whether it was new.

    Reports come twice and in any order: a part that ended stays so.
    """
    attempt = Attempt.objects.select_related("contact").filter(pk=attempt_id, provider="twilio").first()
    if attempt is None or attempt.contact.channel != Channel.VOICE:
        logger.warning("report on a call that is not ours", call=call_id)
        return False
    with transaction.atomic():
        outbox.lock_debtor(attempt.contact.debtor_id)
        _, is_new = ProviderEvent.objects.get_or_create(
            provider="twilio",
            provider_id=call_id,
            status=status[:30],
            defaults={"attempt": attempt, "payload": dict(payload), "received_at": now},
        )
        follow = _follow_agent if part == AGENT else _follow_debtor
        hang_up = follow(attempt, call_id=call_id, status=status, now=now) if is_new else None
    if hang_up:
        bridging.channel().hang_up(hang_up)
    return is_new


def sweep(*, now: datetime) -> int:
    """End what nobody ended: calls never dialled, reports that never came; return how many."""
    placed = Contact.objects.filter(channel=Channel.VOICE, is_inbound=False, agent__isnull=False)
    undialled = placed.filter(state=ContactState.PLANNED, created_at__lt=now - NOT_DIALLED_AFTER)
    ended = outbox.cancel(undialled)
    under_way = Attempt.objects.filter(
        provider="twilio",
        state=AttemptState.ACCEPTED,
        contact__channel=Channel.VOICE,
        contact__state=ContactState.SENT,
    ).select_related("contact")
    for attempt in under_way.filter(phone_call=None, started_at__lt=now - NEVER_ANSWERED_AFTER):
        bridging.fail(attempt.contact, code="agent never answered", now=now)
        ended += 1
    for attempt in under_way.filter(phone_call__isnull=False).select_related("contact", "phone_call"):
        ended += _end_forgotten(attempt.phone_call, contact=attempt.contact, now=now)
    return ended


def _end_forgotten(call: PhoneCall, *, contact: Contact, now: datetime) -> bool:
    """End a call on which an agent recorded nothing, or of which no end was reported; return whether."""
    is_over = call.ended_at is not None and now - call.ended_at > FORGOTTEN_AFTER
    if not is_over and now - call.rung_at <= LONGEST_CALL:
        return False
    outcome = Outcome.CONVERSATION if call.is_connected else Outcome.NO_ANSWER
    outbox.conclude(contact, outcome=outcome, now=now)
    PhoneCall.objects.filter(pk=call.pk, ended_at=None).update(ended_at=now)
    return True


def _follow_agent(attempt: Attempt, *, call_id: str, status: str, now: datetime) -> str | None:
    """Let the call follow its agent; return what is to be hung up because he has gone."""
    try:
        settling.settle_accepted(attempt.pk, provider_id=call_id, now=now)
    except ForbiddenMoveError as contradiction:
        settling.contradict(attempt.pk, now=now)
        logger.critical("late evidence", attempt=str(attempt.pk), contradiction=str(contradiction))
        return None
    if status not in ENDED:
        return None
    call = PhoneCall.objects.select_for_update().filter(attempt=attempt).first()
    if call is None:
        contact = Contact.objects.get(pk=attempt.contact_id)
        if contact.state == ContactState.SENT:
            bridging.fail(contact, code=f"agent {status}", now=now)
        return None
    call.agent_left_at = call.agent_left_at or now
    call.save(update_fields=["agent_left_at"])
    return call.debtor_call_id if call.ended_at is None else None


def _follow_debtor(attempt: Attempt, *, call_id: str, status: str, now: datetime) -> str | None:
    """Let the contact follow the debtor's telephone; return what is to be hung up.

    That is the agent's telephone where the debtor's has ended, and the debtor's where the agent has gone.
    """
    call = PhoneCall.objects.select_for_update().filter(attempt=attempt).first()
    if call is None or call.debtor_call_id not in (None, call_id) or status not in ORDER:
        logger.critical("report on a telephone we did not ask for", call=call_id)
        return None
    call.debtor_call_id = call_id
    had_rung = call.status in HAS_RUNG or bool(call.answered_by)
    if ORDER.index(status) > ORDER.index(call.status) and call.status not in ENDED:
        call.status = status
    if status in ENDED and call.ended_at is None:
        call.ended_at = now
        _conclude(attempt, call=call, status=status, had_rung=had_rung, now=now)
    call.save()
    if status in ENDED:
        is_agent_left_alone = not call.is_connected and call.agent_left_at is None
        return attempt.provider_id if is_agent_left_alone else None
    return call_id if call.agent_left_at is not None and call.ended_at is None else None


def _conclude(attempt: Attempt, *, call: PhoneCall, status: str, had_rung: bool, now: datetime) -> None:
    """Say how a call ended that nobody spoke on; what was said on the others the agent records."""
    contact = Contact.objects.get(pk=attempt.contact_id)
    if call.is_connected or contact.state != ContactState.SENT:
        return
    never_rang = status == "canceled" and not had_rung
    outcome = Outcome.FAILED if never_rang else OUTCOMES[status]
    outbox.conclude(contact, outcome=outcome, now=now, error_code=status)
