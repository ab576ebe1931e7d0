"""What a provider's answer to a message means: for the attempt, for the number, and for the person."""

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext

from contacts.channels.base import Accepted, NotSent, Rejected, Result, Unknown
from contacts.models import Attempt, Contact
from contacts.rules import pacing
from contacts.services import call_line, consent, settling
from contacts.vocabulary import Channel
from debtors.services import people
from debtors.vocabulary import PointStatus

logger = logging.getLogger(__name__)

#: How long a channel rests that refuses every message (a wrong token), or cannot be built at all.
REST_OF_A_STOPPED_LINE = timedelta(minutes=15)


def settle(attempt: Attempt, result: Result, *, now: datetime) -> None:
    """Write down what the channel answered, and what follows for the number and the person."""
    match result:
        case Accepted():
            settling.settle_accepted(attempt.pk, provider_id=result.provider_id, now=now)
            if attempt.contact.channel == Channel.VOICE and attempt.provider == "twilio":
                call_line.saw_queue(queue_ms=result.queue_ms, now=now)
        case NotSent():
            _try_later(
                attempt, after=timedelta(seconds=result.retry_after_seconds), why=result.reason, now=now
            )
        case Rejected(stops_line=True):
            logger.critical("the provider %s refuses us: code %s", attempt.provider, result.code)
            _try_later(attempt, after=REST_OF_A_STOPPED_LINE, why=result.code, now=now)
        case Rejected():
            _learn(attempt.contact, result, now=now)
            settling.settle_rejected(attempt.pk, code=result.code, now=now)
        case Unknown():
            settling.settle_unknown(attempt.pk, reason=result.reason, now=now)


def _try_later(attempt: Attempt, *, after: timedelta, why: str, now: datetime) -> None:
    """Plan the contact again, not at the same moment as all others that met the same trouble."""
    retry_at = pacing.spread(now + after, seed=attempt.contact_id, over=after / 2)
    settling.settle_not_sent(attempt.pk, reason=why, retry_at=retry_at, now=now)


def _learn(contact: Contact, refusal: Rejected, *, now: datetime) -> None:
    """Retire a number that does not exist; keep an opt-out that the provider knew before us."""
    if contact.point and refusal.is_bad_address:
        people.retire_point(
            contact.point,
            status=PointStatus.INVALID,
            source=_said_by_the_provider(refusal.code),
            by=None,
            now=now,
        )
    if refusal.is_opt_out:
        consent.stop(
            debtor=contact.debtor,
            point=contact.point,
            channel=contact.channel,
            source=_said_by_the_provider(refusal.code),
            now=now,
        )


def _said_by_the_provider(code: str) -> str:
    return gettext("the provider, code %(code)s") % {"code": code}
