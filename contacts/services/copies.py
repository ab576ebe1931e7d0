"""Wants a second copy of a Pix or boleto for whoever asked for it: an ordinary contact, through the gate."""

from datetime import datetime, timedelta

from django.utils import timezone

from contacts.models import Contact, Template
from contacts.queries.copies import PREFIX, is_payable
from contacts.services import outbox
from contacts.vocabulary import Channel, Purpose, TemplateState
from debtors.models import ContactPoint, PaymentRequest
from debtors.vocabulary import RETIRED_STATUSES, Medium

TEMPLATE_KEY = "second_copy"
MEDIA = {
    Channel.EMAIL: Medium.EMAIL,
    Channel.LETTER: Medium.ADDRESS,
    Channel.SMS: Medium.PHONE,
    Channel.WHATSAPP: Medium.PHONE,
}


class CopyRefusedError(Exception):
    """No copy is sent; `reason` is `over` (it cannot be paid any more), `no_text` or `no_point`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def want(request: PaymentRequest, *, channel: Channel, now: datetime) -> Contact:
    """Want a copy of a Pix or boleto by a channel: one a day, good until its last day.

    Raises CopyRefusedError.
    """
    today = timezone.localdate(now)
    if not is_payable(request) or request.due_on < today:
        raise CopyRefusedError("over")
    in_use = Template.objects.filter(key=TEMPLATE_KEY, channel=channel, state=TemplateState.APPROVED).first()
    if in_use is None:
        raise CopyRefusedError("no_text")
    points = ContactPoint.objects.filter(debtor=request.debtor_id, medium=MEDIA[channel])
    if not points.exclude(status__in=RETIRED_STATUSES).exists():
        raise CopyRefusedError("no_point")
    return outbox.want(
        Contact(
            wanted_by=f"{PREFIX}{request.pk}:{channel}:{today.isoformat()}",
            debtor_id=request.debtor_id,
            creditor_id=request.creditor_id,
            channel=channel,
            purpose=Purpose.SERVICE,
            template=in_use,
            not_before=now,
            expires_at=now + timedelta(days=(request.due_on - today).days + 1),
            created_at=now,
        )
    )
