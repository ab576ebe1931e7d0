"""Wants a proposal sent to its debtor, to be read and accepted: an ordinary contact, through the gate."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from contacts.models import Contact, Template
from contacts.queries import proposals as reads
from contacts.services import outbox
from contacts.services.copies import MEDIA
from contacts.vocabulary import Channel, ContactState, Purpose, TemplateState
from debtors.models import Agreement, ContactPoint
from debtors.queries import offers
from debtors.services import agreements
from debtors.vocabulary import RETIRED_STATUSES, AgreementState

TEMPLATE_KEY = "proposal"
#: In the order in which they are offered: what is read at once comes first.
CHANNELS = (Channel.SMS, Channel.WHATSAPP, Channel.EMAIL, Channel.LETTER)


class ProposalRefusedError(Exception):
    """It is not sent. `reason` is `over`, `waits` (for approval), `no_text` or `no_point`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def want(agreement: Agreement, *, channel: Channel, now: datetime) -> Contact:
    """Want a proposal sent by a channel: one a day, good as long as it may be accepted.

    Raises ProposalRefusedError.
    """
    if obstacles := agreements.obstacles(agreement, now=now):
        raise ProposalRefusedError("waits" if agreements.WAITING & set(obstacles) else "over")
    text = text_in_use(channel)
    if text is None:
        raise ProposalRefusedError("no_text")
    points = ContactPoint.objects.filter(debtor=agreement.debtor_id, medium=MEDIA[channel])
    if not points.exclude(status__in=RETIRED_STATUSES).exists():
        raise ProposalRefusedError("no_point")
    return outbox.want(
        Contact(
            wanted_by=reads.name_of(agreement, channel=channel, on=timezone.localdate(now)),
            debtor_id=agreement.debtor_id,
            creditor_id=agreement.creditor_id,
            channel=channel,
            purpose=Purpose.SERVICE,
            template=text,
            not_before=now,
            expires_at=ends_at(agreement),
            created_at=now,
        )
    )


def text_in_use(channel: Channel) -> Template | None:
    """Return the words by which a proposal is sent by a channel."""
    return Template.objects.filter(key=TEMPLATE_KEY, channel=channel, state=TemplateState.APPROVED).first()


def ends_at(agreement: Agreement) -> datetime:
    """Return the moment from which a proposal may not be accepted any more."""
    return timezone.make_aware(datetime.combine(offers.open_until(agreement) + timedelta(days=1), time.min))


def follow(*, debtor_id: int, creditor_id: int, now: datetime) -> None:
    """Call back what tells of a proposal that was withdrawn or accepted; whoever calls holds the debtor."""
    told = Contact.objects.filter(
        debtor=debtor_id,
        creditor=creditor_id,
        wanted_by__startswith=reads.PREFIX,
        state__in=(*outbox.NOT_GONE, ContactState.SENDING),
    )
    numbers = {contact.pk: reads.agreement_id_of(contact) for contact in told}
    if not numbers:
        return
    still_open = set(
        Agreement.objects.filter(pk__in=numbers.values(), state=AgreementState.PROPOSED).values_list(
            "pk", flat=True
        )
    )
    over = Contact.objects.filter(pk__in=[pk for pk, number in numbers.items() if number not in still_open])
    outbox.withdraw(over, now=now)
    outbox.cancel(over)
