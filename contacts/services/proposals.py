"""Wants a proposal sent to its debtor, to be read and accepted: an ordinary contact, through the gate."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from contacts.models import Contact, Template
from contacts.queries import proposals as reads
from contacts.services import asked_for, outbox
from contacts.services.asked_for import NotWantedError
from contacts.vocabulary import Channel, ContactState
from debtors.models import Agreement
from debtors.queries import offers
from debtors.services import agreements
from debtors.vocabulary import AgreementState

TEMPLATE_KEY = "proposal"
#: In the order in which they are offered: what is read at once comes first.
CHANNELS = (Channel.SMS, Channel.WHATSAPP, Channel.EMAIL, Channel.LETTER)


def want(agreement: Agreement, *, channel: Channel, now: datetime) -> Contact:
    """Want a proposal sent by a channel: one a day, good as long as it may be accepted.

    Raises NotWantedError, `over` for one that is, `waits` for one that somebody has to approve first.
    """
    if obstacles := agreements.obstacles(agreement, now=now):
        raise NotWantedError("waits" if agreements.WAITING & set(obstacles) else "over")
    return asked_for.want(
        wanted_by=reads.name_of(agreement, channel=channel, on=timezone.localdate(now)),
        text=TEMPLATE_KEY,
        channel=channel,
        debtor_id=agreement.debtor_id,
        creditor_id=agreement.creditor_id,
        expires_at=ends_at(agreement),
        now=now,
    )


def text_in_use(channel: Channel) -> Template | None:
    """Return the words by which a proposal is sent by a channel."""
    return asked_for.text_in_use(TEMPLATE_KEY, channel=channel)


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
