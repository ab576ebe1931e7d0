"""Calls by agents, and words that came from the debtor: admitted and counted like every contact."""

from datetime import datetime
from functools import partial

from django.db import transaction

from contacts.channels import registry
from contacts.models import Contact
from contacts.queries import may_contact
from contacts.queries.asking import Verdict
from contacts.services import bridging, call_line, dispatch, instance, outbox, skew
from contacts.vocabulary import Channel, ContactState, Outcome, Purpose
from debtors.models import ContactPoint, Creditor, Debtor, User


class NotAllowedError(Exception):
    """The gate objects to the call; `verdict` says why, and when it will be allowed."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(", ".join(verdict.reasons))
        self.verdict = verdict


class NotPlacedError(Exception):
    """The gate permits the call, but the line did not take it.

    `why` is no_phone where the agent's own telephone is not known, busy where too many calls are
    being placed at this moment, clock where the machines differ about the time, and else where the
    contact stands.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def place(
    *, debtor: Debtor, creditor: Creditor, point: ContactPoint, agent: User, wanted_by: str, now: datetime
) -> Contact:
    """Admit a call under the debtor's lock and place it; the same `wanted_by` is one call.

    Raises NotAllowedError when the gate objects, NotPlacedError when the line refuses, all senders
    are held, or it is not sure what time it is.
    """
    is_bridged = registry.provider_of(Channel.VOICE) == "twilio"
    if is_bridged and not agent.phone:
        raise NotPlacedError("no_phone")
    if held := instance.held():
        raise NotPlacedError(held.held_because)
    if not skew.may_send(now=now):
        raise NotPlacedError("clock")
    contact = outbox.want(
        Contact(
            wanted_by=wanted_by,
            debtor=debtor,
            creditor=creditor,
            channel=Channel.VOICE,
            purpose=Purpose.COLLECTION,
            point=point,
            agent=agent,
            not_before=now,
            created_at=now,
        )
    )
    claimed = outbox.claim_one(contact, now=now)
    if claimed is None:
        return _placed(contact)
    if is_bridged:
        now = _turn(claimed, now=now)
    if not dispatch.send_one(claimed, clock=partial(_same, now)):
        outbox.cancel(Contact.objects.filter(pk=contact.pk))
        asked = may_contact(debtor=debtor, channel=Channel.VOICE, now=now, creditor_id=creditor.pk)
        verdict = asked.verdict(point)
        if not verdict.is_allowed:
            raise NotAllowedError(verdict)
        contact.refresh_from_db()
        raise NotPlacedError(contact.state)
    contact.refresh_from_db()
    if is_bridged and bridging.take_back_if_queued(contact, now=now):
        raise NotPlacedError("busy")
    return _placed(contact)


def record_inbound(
    *,
    wanted_by: str,
    debtor: Debtor,
    channel: Channel,
    outcome: Outcome,
    now: datetime,
    body: str = "",
    creditor: Creditor | None = None,
    point: ContactPoint | None = None,
    agent: User | None = None,
) -> Contact:
    """Keep what came from the debtor: a message (inbound) or a call of his (conversation), once."""
    with transaction.atomic():
        contact, _is_new = Contact.objects.get_or_create(
            wanted_by=wanted_by,
            defaults={
                "debtor": debtor,
                "creditor": creditor,
                "channel": channel,
                "purpose": Purpose.REPLY,
                "point": point,
                "agent": agent,
                "is_inbound": True,
                "state": ContactState.CONCLUDED,
                "outcome": outcome,
                "body": body,
                "not_before": now,
                "started_at": now,
                "concluded_at": now,
                "created_at": now,
            },
        )
    return contact


def _turn(claimed: outbox.Claimed, *, now: datetime) -> datetime:
    """Wait until the line takes a call and return that moment; a busy line may be asked again."""
    try:
        return call_line.wait_for_turn(now=now)
    except call_line.BusyLineError:
        outbox.put_back(claimed, until=now)
        raise NotPlacedError("busy") from None


def _placed(contact: Contact) -> Contact:
    if contact.state not in (ContactState.SENT, ContactState.CONCLUDED, ContactState.UNKNOWN):
        raise NotPlacedError(contact.state)
    return contact


def _same(now: datetime) -> datetime:
    return now
