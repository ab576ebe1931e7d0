"""The only mover of contacts and attempts: from wanted to sent, refused, failed or concluded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from contacts import failpoints, queries
from contacts.channels import registry
from contacts.models import Attempt, Contact, PolicyHead
from contacts.queries import Verdict
from contacts.rules import case_json, closing, pacing
from contacts.services import exhaustion, findings, letter_words, policy, provider_texts, rendering, runs
from contacts.signals import contact_concluded
from contacts.vocabulary import AttemptState, Channel, ContactState, Outcome
from debtors import queries as debtor_queries
from debtors.models import Debtor

CLAIM_LEASE = timedelta(seconds=settings.CLAIM_LEASE_SECONDS)
#: Longest time a provider may keep a message in its own queue.
LONGEST_VALIDITY = timedelta(seconds=300)
#: Nothing is started so shortly before a window closes: the provider needs time to hand it over.
MARGIN = timedelta(seconds=30)
#: What admission may change on a contact.
DECIDED = (
    "state", "lease_until", "objections", "policy", "decided_at", "debtor_revision", "point", "subject",
    "body", "not_before", "started_at",
)  # fmt: skip
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


def admit(claimed: Claimed, *, now: datetime) -> Admitted | None:
    """Ask the gate about one contact, as `admit_many` does; return the attempt that may leave, or None."""
    return next(iter(admit_many([claimed], now=now)), None)


def admit_many(claimed: Sequence[Claimed], *, now: datetime) -> list[Admitted]:
    """Ask the gate under the debtors' locks; return the attempts that may leave now.

    The commit of a returned attempt is the permission to send, until it is withdrawn. A refusal
    is kept on the contact: it waits for the next allowed moment, or stays blocked until something
    changes. Raises ValueError for two contacts of one debtor: the second must count the first.
    """
    debtors = {each.debtor_id for each in claimed}
    if len(debtors) < len(claimed):
        raise ValueError("two contacts of one debtor cannot be judged at once")
    run = runs.mine(now=now)
    with transaction.atomic():
        lock_debtors(debtor_queries.everybody_at_the_numbers_of(debtors))  # a number has caps of its own
        policy.hold_head_in_share()  # before the contacts: who publishes holds the head and wants contacts
        contacts = _claimed_rows(claimed)
        in_time = [contact for contact in contacts if not _is_too_late(contact, now=now)]
        for contact in contacts:
            if contact not in in_time:
                end(contact, state=ContactState.EXPIRED, now=now)
        known = queries.gather([contact.debtor for contact in in_time], now=now)
        judged = [_judge(contact, known=known, run=run, now=now) for contact in in_time]
        admitted = [each for each in judged if each is not None]
        _keep([contact for contact in in_time if contact.concluded_at is None])
        Attempt.objects.bulk_create([each.attempt for each in admitted])
        for each in admitted:
            if each.attempt.provider == registry.PRINTED:
                letter_words.keep(each.attempt, now=now)
        failpoints.reached("admitting")
    failpoints.reached("admitted")
    return admitted


def hand_over(attempt: Attempt, *, now: datetime) -> bool:
    """Say, just before it leaves, that an attempt goes out now; return whether it still may.

    False when the permission was withdrawn meanwhile, or when another policy is in force, everything
    is paused, or the debtor was corrected: then the contact is planned again, to be judged anew.
    """
    in_force = PolicyHead.objects.filter(scope=policy.HOUSE, is_paused=False).values("policy_id")
    mine = Attempt.objects.filter(pk=attempt.pk, state=AttemptState.SENDING, handed_at=None)
    mine = mine.filter(contact__debtor_revision=F("contact__debtor__revision"))
    if mine.filter(policy_id__in=in_force).update(handed_at=now):
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
    refused = Contact.objects.refused(now=now).exclude(debtor_revision=F("debtor__revision"))
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


def _claimed_rows(claimed: Iterable[Claimed]) -> list[Contact]:
    """Return the contacts, locked, whose claim still holds; somebody else's and gone ones are left out."""
    fences = {each.contact_id: each.fence for each in claimed}
    rows = (
        Contact.objects.select_for_update(of=("self",))
        .select_related("debtor", "creditor", "template")  # point and agent are mostly not set yet
        .filter(pk__in=fences, state=ContactState.CLAIMED)
        .order_by("pk")
    )
    return [contact for contact in rows if contact.fence == fences[contact.pk]]


def _is_too_late(contact: Contact, *, now: datetime) -> bool:
    return contact.expires_at is not None and contact.expires_at <= now


def _judge(contact: Contact, *, known: queries.Gathered, run: UUID, now: datetime) -> Admitted | None:
    """Ask the gate about one contact and change it accordingly; return the permission, if there is one."""
    asked = known.asked(
        contact.debtor_id,
        channel=contact.channel,
        purpose=contact.purpose,
        creditor_id=contact.creditor_id,
        is_free_text=provider_texts.is_free_text(contact),
    )
    # The number an agent dials is his choice; one that we chose for an earlier try is chosen anew.
    verdict = asked.verdict(contact.point) if contact.agent_id and contact.point else asked.best
    contact.debtor_revision = contact.debtor.revision
    if not verdict.is_allowed:
        _refuse(contact, verdict, asked=asked, now=now)
        return None
    return _permit(contact, verdict, asked=asked, known=known, run=run, now=now)


def _permit(
    contact: Contact,
    verdict: Verdict,
    *,
    asked: queries.Asked,
    known: queries.Gathered,
    run: UUID,
    now: datetime,
) -> Admitted | None:
    """Write down the permission: text, number, decision, and the one live attempt."""
    if verdict.point is None or asked.terms is None or asked.policy_id is None:
        raise ForbiddenMoveError(f"{contact} was allowed without a policy or a number")
    facts = asked.facts_at(verdict.point)
    closes_at = closing.closes_at(facts=facts, terms=asked.terms, now=now)
    if contact.agent_id is None and closes_at - now <= closing.margin(contact.channel):
        contact.not_before = closes_at
        contact.state = ContactState.PLANNED
        return None
    try:
        contact.subject, contact.body = rendering.render(
            contact, zones=facts.time_zones, now=now, known=known
        )
        letter_words.refuse_half_an_address(contact, verdict.point)
    except rendering.CannotRenderError as error:
        contact.error_code = f"cannot fill {error.found}"[:40]
        end(contact, state=ContactState.FAILED, now=now)
        return None
    contact.point, contact.policy_id = verdict.point, asked.policy_id
    contact.decided_at = contact.started_at = now
    contact.objections = []
    contact.state = ContactState.SENDING
    known.count_at(verdict.point, channel=contact.channel)
    attempt = Attempt(
        contact=contact,
        provider=registry.provider_of(contact.channel),
        sender=registry.sender_of(contact.channel),
        to=verdict.point.value,
        policy_id=asked.policy_id,
        facts_hash=case_json.facts_hash(facts, asked.terms),
        started_at=now,
        # A letter waits for the post and not for its worker: nobody takes it over when that one dies.
        run_id=None if registry.provider_of(contact.channel) == registry.PRINTED else run,
    )
    return Admitted(attempt, min(LONGEST_VALIDITY, closes_at - now - MARGIN))


def _refuse(contact: Contact, verdict: Verdict, *, asked: queries.Asked, now: datetime) -> None:
    """Keep the objections; wait for the next allowed moment, or stay blocked."""
    contact.objections = list(verdict.reasons)
    contact.policy_id, contact.decided_at = asked.policy_id, now
    findings.note_refusal(verdict.decision, contact_id=contact.pk, now=now)
    if verdict.next_allowed is None or asked.terms is None:
        contact.state = ContactState.BLOCKED
        return
    facts = asked.facts_at(verdict.point) if verdict.point else asked.person
    closes_at = closing.closes_at(facts=facts, terms=asked.terms, now=verdict.next_allowed)
    room = max(closes_at - verdict.next_allowed - closing.margin(contact.channel), timedelta(0))
    over = min(room, pacing.LONGEST_SPREAD)  # past the window it would be refused again, day after day
    contact.not_before = pacing.spread(verdict.next_allowed, seed=contact.pk, over=over)
    contact.state = ContactState.PLANNED


def _keep(contacts: Sequence[Contact]) -> None:
    """Write what was decided about contacts whose rows are locked here, in one statement."""
    for contact in contacts:
        contact.lease_until = None
    Contact.objects.bulk_create(contacts, update_conflicts=True, unique_fields=["id"], update_fields=DECIDED)
