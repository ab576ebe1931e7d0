"""Wants a second copy of a Pix or boleto for whoever asked for it: an ordinary contact, through the gate."""

from datetime import datetime, timedelta

from django.utils import timezone

from contacts.models import Contact
from contacts.queries.copies import PREFIX, is_payable
from contacts.services import asked_for
from contacts.services.asked_for import NotWantedError
from contacts.vocabulary import Channel
from debtors.models import PaymentRequest

TEMPLATE_KEY = "second_copy"


def want(request: PaymentRequest, *, channel: Channel, now: datetime) -> Contact:
    """Want a copy of a Pix or boleto by a channel: one a day, good until its last day.

    Raises NotWantedError, `over` for what cannot be paid any more.
    """
    today = timezone.localdate(now)
    if not is_payable(request) or request.due_on < today:
        raise NotWantedError("over")
    return asked_for.want(
        wanted_by=f"{PREFIX}{request.pk}:{channel}:{today.isoformat()}",
        text=TEMPLATE_KEY,
        channel=channel,
        debtor_id=request.debtor_id,
        creditor_id=request.creditor_id,
        expires_at=now + timedelta(days=(request.due_on - today).days + 1),
        now=now,
    )
