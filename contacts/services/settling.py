"""Moves attempts that left, or may have, and their contacts with them: what became of each, once."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from contacts import failpoints
from contacts.models import Attempt, Contact
from contacts.services import list_delays, outbox, runs
from contacts.services.outbox import ForbiddenMoveError
from contacts.vocabulary import AttemptState, ContactState
from debtors.models import User

logger = structlog.get_logger(__name__)

#: Where each attempt may go from where it stands; anything else contradicts the books.
MOVES = {
    AttemptState.SENDING: {
        AttemptState.ACCEPTED,
        AttemptState.REJECTED,
        AttemptState.NOT_SENT,
        AttemptState.UNKNOWN,
    },
    AttemptState.UNKNOWN: {
        AttemptState.ACCEPTED,
        AttemptState.REJECTED,
        AttemptState.NOT_SENT,
        AttemptState.PARKED,
    },
    AttemptState.PARKED: {AttemptState.ACCEPTED, AttemptState.REJECTED, AttemptState.NOT_SENT},
}
MAY_BE_ACCEPTED = tuple(state for state, moves in MOVES.items() if AttemptState.ACCEPTED in moves)
#: A contact that was handed to a provider, or may have been, and has no end yet.
OUT_OF_HAND = (ContactState.SENDING, ContactState.UNKNOWN, ContactState.PARKED)
STANDS_BY_ITS_ATTEMPT = {
    AttemptState.UNKNOWN: ContactState.UNKNOWN,
    AttemptState.PARKED: ContactState.PARKED,
    AttemptState.ACCEPTED: ContactState.SENT,
}
#: Why an attempt stands as it does, where no provider's code says it.
NEVER_HANDED, ABSENT, WORKER_DIED = "never handed over", "the provider does not have it", "its worker died"
#: Why a person has to decide.
NO_LIST, NEVER_CLEAR, ABSENT_AGAIN, RESTORED = "no_list", "never_clear", "absent_again", "restored"
#: How often the provider must show, a settling time apart, that it does not have a message.
LOOKS = 2
#: How often one contact may be found absent before a person has to look into it.
LONGEST_SERIES_ABSENT = 3


def settle_accepted(
    attempt_id: UUID,
    *,
    provider_id: str,
    now: datetime,
    by: User | None = None,
    left_at: datetime | None = None,
) -> None:
    """The provider has it. Told twice (by the answer and by a callback), it changes nothing more.

    `left_at` is when it counts as made, where that was not when it was permitted. Raises
    ForbiddenMoveError for an attempt that had ended otherwise, and for a message of the provider's
    that is another attempt's already.
    """
    try:
        with transaction.atomic():
            made: dict[str, datetime] = {"started_at": left_at} if left_at else {}
            mine = Attempt.objects.filter(pk=attempt_id)
            Contact.objects.filter(pk__in=mine.values("contact"), state__in=OUT_OF_HAND).update(
                state=ContactState.SENT, lease_until=None, **made
            )
            failpoints.reached("settling")
            if mine.filter(state__in=MAY_BE_ACCEPTED).update(
                state=AttemptState.ACCEPTED,
                settled_at=now,
                settled_by=by,
                look_at=None,
                provider_id=provider_id,
            ):
                return
            state = mine.values_list("state", flat=True).get()
            if state != AttemptState.ACCEPTED:
                raise ForbiddenMoveError(f"{attempt_id} is {state}, yet the provider accepted it")
    except IntegrityError as error:
        raise ForbiddenMoveError(f"{attempt_id}: {provider_id} is another attempt's") from error


def settle_rejected(attempt_id: UUID, *, code: str, now: datetime) -> Contact:
    """The provider refused it for good: the contact has failed, with the provider's code."""
    with transaction.atomic():
        contact, attempt = _locked(attempt_id)
        _move(attempt, AttemptState.REJECTED, now=now, why=code)
        failpoints.reached("settling")
        if contact.state in OUT_OF_HAND:
            contact.error_code = code
            outbox.end(contact, state=ContactState.FAILED, now=now)
    return contact


def settle_not_sent(
    attempt_id: UUID, *, reason: str, retry_at: datetime, now: datetime, by: User | None = None
) -> None:
    """Nothing left this machine: the contact is planned again, and the gate will be asked anew."""
    with transaction.atomic():
        contact, attempt = _locked(attempt_id)
        _move(attempt, AttemptState.NOT_SENT, now=now, why=reason, by=by)
        failpoints.reached("settling")
        _plan_again(contact, at=retry_at)


def settle_unknown(attempt_id: UUID, *, reason: str, now: datetime) -> None:
    """Nobody knows whether it left: it counts as a contact and is never repeated on suspicion."""
    with transaction.atomic():
        contact, attempt = _locked(attempt_id)
        if attempt.state == AttemptState.SENDING:
            _doubt(contact, attempt, reason=reason, now=now)


def take_over_from_the_dead(*, now: datetime) -> int:
    """Free what dead runs were about to send; return how many attempts."""
    with runs.found_dead(now=now) as dead:
        left = take_over(dead, now=now) if dead else 0
        failpoints.reached("taking_over")
    if left:
        logger.warning("a dead worker's attempts were taken over", attempts=left)
    return left


def take_over(dead: Collection[UUID], *, now: datetime) -> int:
    """Free what these runs, which are no more, were about to send; return how many attempts.

    What was never handed over certainly has not left and is planned again; the rest is in doubt.
    """
    with transaction.atomic():
        theirs = Attempt.objects.filter(run__in=dead, state=AttemptState.SENDING)
        ids = list(theirs.values_list("contact_id", flat=True))
        if not ids:
            return 0
        locked = Contact.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
        contacts = {contact.pk: contact for contact in locked}
        attempts = list(
            theirs.select_for_update(of=("self",)).filter(contact__in=contacts).order_by("contact_id")
        )
        for attempt in attempts:
            contact = contacts[attempt.contact_id]
            if attempt.handed_at is None:
                _move(attempt, AttemptState.NOT_SENT, now=now, why=NEVER_HANDED)
                _plan_again(contact, at=now)
            else:
                _doubt(contact, attempt, reason=WORKER_DIED, now=now)
    return len(attempts)


def seen_absent(attempt: Attempt, *, look_again_at: datetime, now: datetime) -> AttemptState | None:
    """Count a look at the provider that did not find the attempt; the second look decides.

    Return where the attempt stands afterwards; None when somebody else looked, or settled it, at
    the same time. What was found absent time and again is left to a person: something is wrong
    with the way out, or with our eyes.
    """
    with transaction.atomic():
        contact, mine = _locked(attempt.pk)
        if (mine.state, mine.looks) != (AttemptState.UNKNOWN, attempt.looks):
            return None
        mine.looks += 1
        if mine.looks < LOOKS:
            mine.look_at = look_again_at
            mine.save(update_fields=["looks", "look_at"])
            return AttemptState.UNKNOWN
        if contact.attempts.filter(error_code=ABSENT).count() >= LONGEST_SERIES_ABSENT:
            _park(contact, mine, reason=ABSENT_AGAIN, now=now)
            return AttemptState.PARKED
        _move(mine, AttemptState.NOT_SENT, now=now, why=ABSENT)
        _plan_again(contact, at=now)
        return AttemptState.NOT_SENT


def look_later(attempt: Attempt, *, at: datetime) -> None:
    """Put the next look at an unclear attempt off; nothing was learnt."""
    Attempt.objects.filter(pk=attempt.pk, state=AttemptState.UNKNOWN, looks=attempt.looks).update(look_at=at)


def park(attempt_id: UUID, *, reason: str, now: datetime) -> None:
    """Leave an unclear attempt to a person: no evidence will decide. It goes on counting as a contact."""
    with transaction.atomic():
        contact, attempt = _locked(attempt_id)
        if attempt.state == AttemptState.UNKNOWN:
            _park(contact, attempt, reason=reason, now=now)


def doubt_after_all(attempt_id: UUID, *, handed_at: datetime, now: datetime) -> bool:
    """Doubt an attempt which this database holds for un-handed, and which was handed over all the same.

    Return False when its contact has ended, or another attempt of it lives.
    """
    with transaction.atomic():
        contact, attempt = _locked(attempt_id)
        waits = contact.state in outbox.NOT_GONE or attempt.state == AttemptState.SENDING
        if attempt.handed_at or not waits:
            return False
        attempt.state, attempt.handed_at = AttemptState.SENDING, handed_at
        contact.started_at = handed_at
        outbox.move(contact, ContactState.SENDING)
        _doubt(contact, attempt, reason="handed over after the backup", now=now)
    return True


def write_down(attempt: Attempt, *, now: datetime) -> bool:
    """Keep an attempt that left and that this database never knew, for a contact which waits here.

    It is unknown, parked or accepted already, and its contact follows, with the number and the text
    that stand on `attempt.contact`. Return False, and keep nothing, when it does not wait any more.
    """
    with transaction.atomic():
        contact = Contact.objects.select_for_update(of=("self",)).get(pk=attempt.contact_id)
        if contact.state not in outbox.NOT_GONE:
            return False
        contact.point, contact.body = attempt.contact.point, attempt.contact.body
        attempt.settled_at = now
        attempt.save(force_insert=True)
        contact.started_at = attempt.handed_at or attempt.started_at
        outbox.move(contact, STANDS_BY_ITS_ATTEMPT[AttemptState(attempt.state)])
    return True


def state_of(attempt_id: UUID) -> AttemptState:
    """Return where an attempt stands, holding its contact and it until this transaction ends."""
    _contact, attempt = _locked(attempt_id)
    return AttemptState(attempt.state)


def contradict(attempt_id: UUID, *, now: datetime) -> None:
    """Keep that the provider told of a message which we held not to have left: the late-evidence alarm."""
    Attempt.objects.filter(pk=attempt_id, contradicted_at=None).update(contradicted_at=now)


def waiting_for_a_person() -> QuerySet[Attempt]:
    """Return the attempts that only a person can decide, oldest first, with all a page shows of them."""
    parked = Attempt.objects.filter(state=AttemptState.PARKED, contact__state=ContactState.PARKED)
    shown = parked.select_related("contact__debtor", "contact__creditor", "contact__template")
    return shown.order_by("started_at", "pk")


def _doubt(contact: Contact, attempt: Attempt, *, reason: str, now: datetime) -> None:
    attempt.look_at = now + list_delays.wait(
        channel=contact.channel, provider=attempt.provider, at_least=settings.SETTLE_SECONDS
    )
    _move(attempt, AttemptState.UNKNOWN, now=now, why=reason)
    if contact.state in OUT_OF_HAND:
        outbox.move(contact, ContactState.UNKNOWN)


def _park(contact: Contact, attempt: Attempt, *, reason: str, now: datetime) -> None:
    attempt.look_at = None
    _move(attempt, AttemptState.PARKED, now=now, why=reason)
    if contact.state in OUT_OF_HAND:
        outbox.move(contact, ContactState.PARKED)


def _plan_again(contact: Contact, *, at: datetime) -> None:
    """Let the contact be judged anew, unless it has ended: an agent may know how his call did."""
    if contact.state in OUT_OF_HAND:
        contact.started_at = None
        contact.not_before = at
        outbox.move(contact, ContactState.PLANNED)


def _move(attempt: Attempt, state: AttemptState, *, now: datetime, why: str, by: User | None = None) -> None:
    """Move a locked attempt (ForbiddenMoveError where it cannot go)."""
    if state not in MOVES.get(AttemptState(attempt.state), ()):
        raise ForbiddenMoveError(f"{attempt.pk} is {attempt.state}: it cannot be {state}")
    attempt.state, attempt.settled_at, attempt.settled_by = state, now, by
    attempt.error_code = why[:40]
    if state != AttemptState.UNKNOWN:
        attempt.look_at = None
    attempt.save()


def _locked(attempt_id: UUID) -> tuple[Contact, Attempt]:
    """Return the contact and its attempt, locked in the order that holds everywhere."""
    contact = Contact.objects.select_for_update(of=("self",)).get(attempts=attempt_id)
    return contact, Attempt.objects.select_for_update().get(pk=attempt_id)
