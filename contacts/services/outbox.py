"""The only mover of contacts and attempts: from wanted to sent, refused, failed or concluded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet

from contacts import queries
from contacts.channels import registry
from contacts.models import Attempt, Contact
from contacts.queries import Verdict
from contacts.rules import case_json, closing, pacing
from contacts.services import policy, rendering
from contacts.signals import contact_concluded
from contacts.vocabulary import AttemptState, ContactState, Outcome
from debtors.models import Debtor

CLAIM_LEASE = timedelta(seconds=60)
#: Longest time a provider may keep a message in its own queue.
LONGEST_VALIDITY = timedelta(seconds=300)
#: Nothing is started so shortly before a window closes: the provider needs time to hand it over.
MARGIN = timedelta(seconds=30)
#: States in which a contact has not left yet and may still be called back.
NOT_GONE = (ContactState.PLANNED, ContactState.CLAIMED, ContactState.BLOCKED)


class ForbiddenMoveError(Exception):
    """A contact or attempt was told to move where it cannot go."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A contact that this worker alone may admit, as long as its fence has not moved."""

    contact_id: int
    debtor_id: int
    channel: str
    fence: int


@dataclass(frozen=True, slots=True)
class Admitted:
    """The permission to send one attempt, and how long it is good for at the provider."""

    attempt: Attempt
    valid_for: timedelta


def want(contact: Contact) -> Contact:
    """Keep a wanted contact, once: the same `wanted_by` returns the one that is there already."""
    want_many([contact])
    return Contact.objects.get(wanted_by=contact.wanted_by)


def want_many(contacts: Sequence[Contact]) -> None:
    """Keep many wanted contacts; those whose `wanted_by` is known already stay as they are."""
    Contact.objects.bulk_create(contacts, ignore_conflicts=True, batch_size=1000)


def cancel(contacts: QuerySet[Contact]) -> int:
    """Call back those contacts that have not left; return how many."""
    return contacts.filter(state__in=NOT_GONE).update(state=ContactState.CANCELLED, lease_until=None)


def claim(*, now: datetime, limit: int) -> list[Claimed]:
    """Take up to `limit` due contacts for this worker; a claim that is not used ends by itself.

    An agent's call is left to the agent: nobody else would be at the telephone.
    """
    with transaction.atomic():
        due = Contact.objects.filter(state=ContactState.PLANNED, not_before__lte=now, agent__isnull=True)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        rows = list(
            due.order_by("not_before", "id").values_list("pk", "debtor_id", "channel", "fence")[:limit]
        )
        Contact.objects.filter(pk__in=[row[0] for row in rows], state=ContactState.PLANNED).update(
            state=ContactState.CLAIMED, fence=F("fence") + 1, lease_until=now + CLAIM_LEASE
        )
    return [Claimed(pk, debtor, channel, fence + 1) for pk, debtor, channel, fence in rows]


def claim_one(contact: Contact, *, now: datetime) -> Claimed | None:
    """Take one planned contact for this worker, due or not; None when it has gone on already."""
    taken = Contact.objects.filter(pk=contact.pk, fence=contact.fence, state=ContactState.PLANNED).update(
        state=ContactState.CLAIMED, fence=F("fence") + 1, lease_until=now + CLAIM_LEASE
    )
    return Claimed(contact.pk, contact.debtor_id, contact.channel, contact.fence + 1) if taken else None


def put_back(claimed: Claimed, *, until: datetime) -> None:
    """Give a claim up before anything was admitted, because its channel cannot be used just now."""
    mine = Contact.objects.filter(pk=claimed.contact_id, fence=claimed.fence, state=ContactState.CLAIMED)
    mine.update(state=ContactState.PLANNED, lease_until=None, not_before=until)


def release_lost_claims(*, now: datetime) -> int:
    """Plan again what was claimed by a worker that is gone; nothing of it can have left."""
    lost = Contact.objects.filter(state=ContactState.CLAIMED, lease_until__lt=now)
    return lost.update(state=ContactState.PLANNED, lease_until=None)


def admit(claimed: Claimed, *, now: datetime) -> Admitted | None:
    """Ask the gate under the debtor's lock; return the attempt that may leave now, or None.

    The commit of the returned attempt is the permission to send. A refusal is kept on the
    contact: it waits for the next allowed moment, or stays blocked until something changes.
    """
    with transaction.atomic():
        lock_debtor(claimed.debtor_id)
        policy.hold_head_in_share()  # before the contact: who publishes holds the head and wants contacts
        contact = _claimed_row(claimed)
        if contact is None:
            return None
        if contact.expires_at and contact.expires_at <= now:
            _end(contact, state=ContactState.EXPIRED, now=now)
            return None
        asked = queries.may_contact(
            debtor=contact.debtor,
            channel=contact.channel,
            now=now,
            purpose=contact.purpose,
            creditor_id=contact.creditor_id,
        )
        verdict = asked.verdict(contact.point) if contact.point else asked.best
        if not verdict.is_allowed:
            _refuse(contact, verdict, asked=asked, now=now)
            return None
        return _permit(contact, verdict, asked=asked, now=now)


def settle_accepted(attempt_id: UUID, *, provider_id: str, now: datetime) -> None:
    """The provider has it. Told twice (by the answer and by a callback), it changes nothing more."""
    with transaction.atomic():
        contact, attempt = _locked(attempt_id)
        if attempt.state == AttemptState.ACCEPTED:
            return
        if attempt.state not in (AttemptState.SENDING, AttemptState.UNKNOWN, AttemptState.PARKED):
            raise ForbiddenMoveError(f"{attempt.pk} is {attempt.state}, yet the provider accepted it")
        _move_attempt(attempt, AttemptState.ACCEPTED, now=now, provider_id=provider_id)
        _move(contact, ContactState.SENT)


def settle_rejected(attempt_id: UUID, *, code: str, now: datetime) -> Contact:
    """The provider refused it for good: the contact has failed, with the provider's code."""
    with transaction.atomic():
        contact, attempt = _locked(attempt_id)
        _move_attempt(attempt, AttemptState.REJECTED, now=now, error_code=code)
        contact.error_code = code
        _end(contact, state=ContactState.FAILED, now=now)
    return contact


def settle_not_sent(attempt_id: UUID, *, reason: str, retry_at: datetime, now: datetime) -> None:
    """Nothing left this machine: the contact is planned again, and the gate will be asked anew."""
    with transaction.atomic():
        contact, attempt = _locked(attempt_id)
        _move_attempt(attempt, AttemptState.NOT_SENT, now=now, error_code=reason[:40])
        contact.started_at = None
        contact.not_before = retry_at
        _move(contact, ContactState.PLANNED)


def settle_unknown(attempt_id: UUID, *, reason: str, now: datetime) -> None:
    """Nobody knows whether it left: it counts as a contact and is never repeated on suspicion."""
    with transaction.atomic():
        contact, attempt = _locked(attempt_id)
        if attempt.state != AttemptState.SENDING:
            return
        _move_attempt(attempt, AttemptState.UNKNOWN, now=now, error_code=reason[:40])
        _move(contact, ContactState.UNKNOWN)


def conclude(contact: Contact, *, outcome: Outcome, now: datetime, error_code: str = "") -> bool:
    """Say how a contact ended, once; tell those above. Return whether this was the first word.

    Raises ForbiddenMoveError for a contact that never left.
    """
    with transaction.atomic():
        contact = Contact.objects.select_for_update().get(pk=contact.pk)
        if contact.state == ContactState.CONCLUDED:
            return False
        if contact.state not in (ContactState.SENT, ContactState.UNKNOWN, ContactState.PARKED):
            raise ForbiddenMoveError(f"{contact} is {contact.state}: it cannot be {outcome}")
        contact.outcome = outcome
        contact.error_code = error_code
        _end(contact, state=ContactState.CONCLUDED, now=now)
    return True


def plan_again(*, debtor_ids: Iterable[int], now: datetime) -> int:
    """Let what was refused or put off be judged again: what could change the answer was committed."""
    refused = Contact.objects.refused(now=now).filter(debtor__in=list(debtor_ids))
    return refused.update(state=ContactState.PLANNED, not_before=now)


def lock_debtor(debtor_id: int) -> None:
    """Hold the debtor's row until this transaction ends: two contacts cannot both pass a cap of one."""
    Debtor.objects.select_for_update(no_key=True).values_list("pk").get(pk=debtor_id)


def _claimed_row(claimed: Claimed) -> Contact | None:
    """Return the contact, locked, if the claim still holds; somebody else's or gone is None."""
    return (
        Contact.objects.select_for_update(of=("self",))
        .select_related("debtor", "creditor", "template")  # point and agent are mostly not set yet
        .filter(pk=claimed.contact_id, state=ContactState.CLAIMED, fence=claimed.fence)
        .first()
    )


def _permit(contact: Contact, verdict: Verdict, *, asked: queries.Asked, now: datetime) -> Admitted | None:
    """Write down the permission: text, number, decision, and the one live attempt."""
    if verdict.point is None or asked.terms is None or asked.policy_id is None:
        raise ForbiddenMoveError(f"{contact} was allowed without a policy or a number")
    facts = asked.facts_at(verdict.point)
    closes_at = closing.closes_at(facts=facts, terms=asked.terms, now=now)
    if contact.agent is None and closes_at - now <= MARGIN:
        contact.not_before = closes_at
        _move(contact, ContactState.PLANNED)
        return None
    try:
        contact.subject, contact.body = rendering.render(contact, zones=facts.time_zones, now=now)
    except rendering.CannotRenderError as error:
        contact.error_code = f"cannot fill {error.found}"[:40]
        _end(contact, state=ContactState.FAILED, now=now)
        return None
    contact.point, contact.policy_id = verdict.point, asked.policy_id
    contact.decided_at = contact.started_at = now
    contact.objections = []
    _move(contact, ContactState.SENDING)
    attempt = Attempt.objects.create(
        contact=contact,
        provider=registry.provider_of(contact.channel),
        to=verdict.point.value,
        policy_id=asked.policy_id,
        facts_hash=case_json.facts_hash(facts, asked.terms),
        started_at=now,
    )
    return Admitted(attempt, min(LONGEST_VALIDITY, closes_at - now - MARGIN))


def _refuse(contact: Contact, verdict: Verdict, *, asked: queries.Asked, now: datetime) -> None:
    """Keep the objections; wait for the next allowed moment, or stay blocked."""
    contact.objections = list(verdict.reasons)
    contact.policy_id, contact.decided_at = asked.policy_id, now
    if verdict.next_allowed is None or asked.terms is None:
        _move(contact, ContactState.BLOCKED)
        return
    facts = asked.facts_at(verdict.point) if verdict.point else asked.person
    closes_at = closing.closes_at(facts=facts, terms=asked.terms, now=verdict.next_allowed)
    room = max(closes_at - verdict.next_allowed - MARGIN, timedelta(0))
    over = min(room, pacing.LONGEST_SPREAD)  # past the window it would be refused again, day after day
    contact.not_before = pacing.spread(verdict.next_allowed, seed=contact.pk, over=over)
    _move(contact, ContactState.PLANNED)


def _end(contact: Contact, *, state: ContactState, now: datetime) -> None:
    contact.concluded_at = now
    _move(contact, state)
    contact_concluded.send(Contact, contact=contact, now=now)


def _move(contact: Contact, state: ContactState) -> None:
    contact.state = state
    contact.lease_until = None
    contact.save()


def _move_attempt(attempt: Attempt, state: AttemptState, *, now: datetime, **values: str) -> None:
    if attempt.state == AttemptState.ACCEPTED:
        raise ForbiddenMoveError(f"{attempt.pk} was accepted: it cannot be {state}")
    attempt.state = state
    attempt.settled_at = now
    for name, value in values.items():
        setattr(attempt, name, value)
    attempt.save()


def _locked(attempt_id: UUID) -> tuple[Contact, Attempt]:
    """Return the contact and its attempt, locked in the order that holds everywhere."""
    contact = Contact.objects.select_for_update(of=("self",)).get(attempts=attempt_id)
    return contact, Attempt.objects.select_for_update().get(pk=attempt_id)
