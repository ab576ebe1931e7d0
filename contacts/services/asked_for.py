"""Wants what somebody asked for, such as a second copy: one of our texts, of the purpose service."""

from datetime import datetime

from contacts.models import Contact, Template
from contacts.services import outbox
from contacts.vocabulary import Channel, Purpose, TemplateState
from debtors.models import ContactPoint
from debtors.vocabulary import RETIRED_STATUSES, Medium

MEDIA = {
    Channel.EMAIL: Medium.EMAIL,
    Channel.LETTER: Medium.ADDRESS,
    Channel.SMS: Medium.PHONE,
    Channel.WHATSAPP: Medium.PHONE,
}


class NotWantedError(Exception):
    """It is not sent. `reason` is `no_text`, `no_point`, or one of whoever wants it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def want(
    *,
    wanted_by: str,
    text: str,
    channel: Channel,
    debtor_id: int,
    creditor_id: int,
    expires_at: datetime,
    now: datetime,
) -> Contact:
    """Want the text with this key by a channel, at once and until `expires_at`: the same name is one contact.

    Raises NotWantedError where no text is in use, or no number or address may be.
    """
    template = text_in_use(text, channel=channel)
    if template is None:
        raise NotWantedError("no_text")
    points = ContactPoint.objects.filter(debtor=debtor_id, medium=MEDIA[channel])
    if not points.exclude(status__in=RETIRED_STATUSES).exists():
        raise NotWantedError("no_point")
    return outbox.want(
        Contact(
            wanted_by=wanted_by,
            debtor_id=debtor_id,
            creditor_id=creditor_id,
            channel=channel,
            purpose=Purpose.SERVICE,
            template=template,
            not_before=now,
            expires_at=expires_at,
            created_at=now,
        )
    )


def text_in_use(key: str, *, channel: Channel | str) -> Template | None:
    """Return the words that are in use by a key for a channel."""
    return Template.objects.filter(key=key, channel=channel, state=TemplateState.APPROVED).first()
