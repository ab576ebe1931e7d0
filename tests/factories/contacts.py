"""A policy in force, texts, and contacts that were made."""

import itertools
from datetime import datetime
from typing import Any

from contacts.models import Contact, ContactPolicy, PolicyHead, Template
from contacts.vocabulary import (
    Channel,
    ContactState,
    Disclosure,
    Outcome,
    PolicyState,
    Purpose,
    TemplateState,
    Tone,
)
from debtors.models import ContactPoint, Creditor, Debtor, User
from debtors.vocabulary import Medium
from tests.factories.debtors import house_creditor

_numbers = itertools.count(1)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat")

#: Every channel, Monday to Saturday 08:30 to 21:00, no caps: what a test wants narrower it says.
EASY_TERMS: dict[str, Any] = {
    "channels": [channel.value for channel in Channel],
    "windows": {day: [["08:30", "21:00"]] for day in _DAYS},
    "consent_required": [],
}


def make_policy(*, now: datetime, is_paused: bool = False, **terms: Any) -> ContactPolicy:
    """Publish a policy: easy terms, overridden key by key with the words of the gate's JSON."""
    version = (ContactPolicy.objects.order_by("-version").values_list("version", flat=True).first() or 0) + 1
    policy = ContactPolicy.objects.create(
        version=version,
        state=PolicyState.PUBLISHED,
        terms=EASY_TERMS | terms,
        created_at=now,
        published_at=now,
    )
    head = {"policy": policy, "is_paused": is_paused, "changed_at": now}
    PolicyHead.objects.update_or_create(scope="house", defaults=head)
    return policy


def make_template(
    *,
    key: str = "first_notice",
    channel: Channel = Channel.SMS,
    body: str = "Ola, {{ name }}. Temos um recado. Ligue {{ phone }}. Para nao receber: SAIR",
    subject: str = "",
    disclosure: Disclosure = Disclosure.NEUTRAL,
    tone: Tone = Tone.FRIENDLY,
) -> Template:
    """Return the text in use for a key and channel, made once."""
    defaults = {"title": key, "subject": subject or key, "body": body, "disclosure": disclosure, "tone": tone}
    return Template.objects.get_or_create(
        key=key, channel=channel, state=TemplateState.APPROVED, defaults=defaults
    )[0]


def make_contact(
    *,
    debtor: Debtor,
    at: datetime,
    channel: Channel = Channel.SMS,
    creditor: Creditor | None = None,
    point: ContactPoint | None = None,
    agent: User | None = None,
    state: ContactState = ContactState.CONCLUDED,
    outcome: Outcome | str = Outcome.DELIVERED,
    purpose: Purpose = Purpose.COLLECTION,
    wanted_by: str = "",
) -> Contact:
    """Return a contact that was made at a moment (or stands in `state`, with `outcome=""`)."""
    medium = Medium.EMAIL if channel == Channel.EMAIL else Medium.PHONE
    is_over = state == ContactState.CONCLUDED
    return Contact.objects.create(
        wanted_by=wanted_by or f"test:{next(_numbers)}",
        debtor=debtor,
        creditor=creditor or house_creditor(),
        channel=channel,
        purpose=purpose,
        point=point or debtor.points.filter(medium=medium).first(),
        agent=agent,
        state=state,
        outcome=outcome if is_over else "",
        not_before=at,
        started_at=None if state == ContactState.PLANNED else at,
        concluded_at=at if is_over else None,
        created_at=at,
    )


def make_call(
    *,
    debtor: Debtor,
    at: datetime,
    outcome: Outcome = Outcome.NO_ANSWER,
    creditor: Creditor | None = None,
    agent: User | None = None,
) -> Contact:
    """Return a call that was made at a moment, unanswered unless said otherwise."""
    return make_contact(
        debtor=debtor, at=at, channel=Channel.VOICE, outcome=outcome, creditor=creditor, agent=agent
    )
