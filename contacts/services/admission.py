"""Admission: asks the gate about claimed contacts, and writes down the permission or the objections."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from contacts import failpoints, queries
from contacts.channels import registry
from contacts.models import Attempt, Contact
from contacts.queries.asking import Asked, Verdict
from contacts.rules import case_json, closing, pacing
from contacts.services import findings, letter_words, policy, provider_texts, rendering, runs
from contacts.services.outbox import Claimed, ForbiddenMoveError, end, lock_debtors
from contacts.vocabulary import ContactState
from debtors import queries as debtor_queries

#: Longest time a provider may keep a message in its own queue.
LONGEST_VALIDITY = timedelta(seconds=300)
#: Nothing is started so shortly before a window closes: the provider needs time to hand it over.
MARGIN = timedelta(seconds=30)
#: What admission may change on a contact.
DECIDED = (
    "state", "lease_until", "objections", "policy", "decided_at", "debtor_revision", "point", "subject",
    "body", "not_before", "started_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Admitted:
    """The permission to send one attempt, and how long it is good for at the provider."""

    attempt: Attempt
    valid_for: timedelta


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
    asked: Asked,
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


def _refuse(contact: Contact, verdict: Verdict, *, asked: Asked, now: datetime) -> None:
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
