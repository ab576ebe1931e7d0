"""Says thank you when a payment settled everything."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from contacts.models import Contact
from contacts.rules import pacing
from contacts.services import outbox
from contacts.vocabulary import Channel, Purpose
from debtors.models import Payment
from dunning.models import Case
from dunning.queries import planning

TEMPLATE_KEY = "thank_you"
CHANNELS = (Channel.EMAIL, Channel.SMS)
TOO_LATE_AFTER = timedelta(days=3)


def waiting(*, debtor_id: int, creditor_id: int) -> QuerySet[Contact]:
    """Return the thanks to a debtor of a creditor that have not left yet."""
    thanks = Contact.objects.filter(debtor_id=debtor_id, creditor_id=creditor_id, purpose=Purpose.THANK_YOU)
    return thanks.filter(state__in=outbox.NOT_GONE)


def want_for(case: Case, *, now: datetime) -> Contact | None:
    """Want one thank-you for the payment that closed the case; None without a text or an address."""
    payment = Payment.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id).order_by("-pk").first()
    texts, reachable = planning.texts(), planning.usable_channels(debtors=[case.debtor_id])[case.debtor_id]
    ways = [each for each in CHANNELS if each in reachable and (TEMPLATE_KEY, each) in texts]
    if payment is None or not ways:
        return None
    return outbox.want(
        Contact(
            wanted_by=f"thanks:{payment.pk}",
            debtor_id=case.debtor_id,
            creditor_id=case.creditor_id,
            channel=ways[0],
            purpose=Purpose.THANK_YOU,
            template_id=texts[TEMPLATE_KEY, ways[0]].pk,
            not_before=pacing.spread(now, seed=payment.pk),
            expires_at=now + TOO_LATE_AFTER,
            created_at=now,
        )
    )
