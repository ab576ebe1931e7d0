"""Moves contacts and attempts, with `admission.py` and nobody else: wanted, claimed, gone, concluded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from contacts import failpoints
from contacts.models import Attempt, Contact, PolicyHead
from contacts.services import exhaustion, policy
from contacts.signals import contact_concluded
from contacts.vocabulary import AttemptState, Channel, ContactState, Outcome
from debtors.models import Debtor

CLAIM_LEASE = timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
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


def want_again(contacts: QuerySet[Contact], *, now: datetime) -> int:
    """Plan again what was called back before it ever left, because it is wanted after all."""
    back = contacts.filter(state=ContactState.CANCELLED, started_at=None)
    return back.update(state=ContactState.PLANNED, not_before=now, objections=[])


def claim(*, now: datetime, limit: int, channels: Iterable[str] | None = None) -> list[Claimed]:
    """Take up to `limit` due contacts for this worker; a claim that is not used ends by itself.

    `channels` None are all of them. An agent's call is left to the agent: nobody else would be at
    the telephone.
    """
    with transaction.atomic():
        due = _due(now=now)
        if channels is not None:
            due = due.filter(channel__in=channels)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        rows = list(
            due.order_by("not_before", "id").values_list("pk", "debtor_id", "channel", "fence")[:limit]
        )
        Contact.objects.filter(pk__in=[row[0] for row in rows], state=ContactState.PLANNED).update(
            state=ContactState.CLAIMED, fence=F("fence") + 1, lease_until=now + CLAIM_LEASE
        )
        failpoints.reached("claiming")
    failpoints.reached("claimed")
    return [Claimed(pk, debtor, channel, fence + 1) for pk, debtor, channel, fence in rows]


def channels_due(*, now: datetime) -> list[str]:
    """Return the channels by which something is due that nobody has taken up."""
    return [channel for channel in Channel.values if _due(now=now).filter(channel=channel).exists()]


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


def hand_over(attempt: Attempt, *, now: datetime) -> bool:
    """Say, just before it leaves, that an attempt goes out now; return whether it still may.

    False when the permission was withdrawn meanwhile, or when another policy is in force, everything
    is paused, or the debtor was corrected: then the contact is planned again, to be judged anew.
    """
    in_force = PolicyHead.objects.filter(scope=policy.HOUSE, is_paused=False).values("policy_id")
    as_judged = Contact.objects.filter(pk=OuterRef("contact"), debtor_revision=F("debtor__revision"))
    mine = Attempt.objects.filter(pk=attempt.pk, state=AttemptState.SENDING, handed_at=None)
    # Where it waited for a withdrawal, PostgreSQL looks again at the attempt's own columns, and at no join.
    if mine.filter(Exists(as_judged), policy_id__in=in_force).update(handed_at=now):
        return True
    withdraw(Contact.objects.filter(pk=attempt.contact_id), now=now)
    return False


def withdraw(contacts: QuerySet[Contact], *, now: datetime) -> int:
    """Take back the permission of those that were admitted and are still here; return how many.

    They are planned again and judged anew. What was handed over already cannot be called back.
    """
    with transaction.atomic():
        leaving = contacts.filter(state=ContactState.SENDING).order_by("pk")
        locked = list(leaving.select_for_update(of=("self",)).values_list("pk", flat=True))
        here = Attempt.objects.filter(contact__in=locked, state=AttemptState.SENDING, handed_at=None)
        back = list(here.select_for_update().values_list("contact_id", flat=True))
        here.filter(contact__in=back).update(
            state=AttemptState.NOT_SENT, settled_at=now, error_code="withdrawn"
        )
        Contact.objects.filter(pk__in=back).update(
            state=ContactState.PLANNED, started_at=None, not_before=now
        )
    return len(back)


def conclude(contact: Contact, *, outcome: Outcome, now: datetime, error_code: str = "") -> bool:
    """Say how a contact ended, once; tell those above. Return whether this was the first word.

    Raises ForbiddenMoveError for a contact that never left.
    """
    with transaction.atomic():
        if contact.channel == Channel.VOICE:
            lock_debtor(contact.debtor_id)  # before the contact: its number may have to be retired
        contact = Contact.objects.select_for_update().get(pk=contact.pk)
        if contact.state == ContactState.CONCLUDED:
            return False
        if contact.state not in (ContactState.SENT, ContactState.UNKNOWN, ContactState.PARKED):
            raise ForbiddenMoveError(f"{contact} is {contact.state}: it cannot be {outcome}")
        contact.outcome = outcome
        contact.error_code = error_code
        end(contact, state=ContactState.CONCLUDED, now=now)
        if exhaustion.is_unanswered(contact):
            exhaustion.retire_if_exhausted(contact, now=now)
    return True


def plan_again(*, debtor_ids: Iterable[int], now: datetime) -> int:
    """Let what was refused or put off be judged again: what could change the answer was committed."""
    refused = Contact.objects.refused(now=now).filter(debtor__in=list(debtor_ids))
    return refused.update(state=ContactState.PLANNED, not_before=now)


def plan_all_again(*, now: datetime) -> int:
    """Let everything that was refused or put off be judged again: a rule for many was loosened."""
    return Contact.objects.refused(now=now).update(state=ContactState.PLANNED, not_before=now)


def plan_corrected(*, now: datetime) -> int:
    """Let what was refused before its debtor was corrected be judged again; return how many."""
    as_judged = Debtor.objects.filter(pk=OuterRef("debtor"), revision=OuterRef("debtor_revision"))
    refused = Contact.objects.refused(now=now).filter(~Exists(as_judged))
    return refused.update(state=ContactState.PLANNED, not_before=now)


def end(contact: Contact, *, state: ContactState, now: datetime) -> None:
    """End a contact whose row is locked here, and tell those above."""
    contact.concluded_at = now
    move(contact, state)
    contact_concluded.send(Contact, contact=contact, now=now)


def move(contact: Contact, state: ContactState) -> None:
    """Write a contact whose row is locked here, in another state."""
    contact.state = state
    contact.lease_until = None
    contact.save()


def lock_debtor(debtor_id: int) -> None:
    """Hold the debtor's row until this transaction ends: two contacts cannot both pass a cap of one."""
    lock_debtors([debtor_id])


def lock_debtors(debtor_ids: Iterable[int]) -> None:
    """Hold the debtors' rows until this transaction ends, taken in the order of their ids."""
    rows = Debtor.objects.filter(pk__in=list(debtor_ids)).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _due(*, now: datetime) -> QuerySet[Contact]:
    return Contact.objects.filter(state=ContactState.PLANNED, not_before__lte=now, agent__isnull=True)
