"""Gives whoever has agreed the Pix and boleto of his next payment at once, in every way the creditor has."""

from collections import Counter
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from django.utils import timezone

from debtors.models import AgreedPayment, Agreement, PaymentRequest, ReceivingAccount, User
from debtors.queries import offers, paying
from debtors.services import payment_requests
from debtors.services.payment_requests import RequestRefusedError
from debtors.vocabulary import RequestKind


def issue(agreement: Agreement, *, by: User | None, now: datetime) -> list[PaymentRequest]:
    """Issue what there is to pay the agreement's next payment with; return what can be paid by now.

    What waits to be paid already is not issued again, however often this is asked. Empty where there is
    no next payment, and where nothing can be issued for the creditor. `by` is None for a debtor who asks
    for it himself.
    """
    on = timezone.localdate(now)
    following = offers.progress_of(agreement, on=on).next_payment
    if following is None:
        return []
    payment = agreement.payments.get(number=following.number)
    # Counted before it is asked what waits: what somebody else issues meanwhile is found there, or is
    # asked for here by the same number.
    made = Counter(PaymentRequest.objects.filter(agreed_payment=payment).values_list("kind", flat=True))
    there = {each.kind for each in waiting(agreement, now=now) if each.agreed_payment_id == payment.pk}
    account = ReceivingAccount.objects.filter(creditor=agreement.creditor_id).first()
    for kind in payment_requests.kinds_of(account):
        if kind not in there:
            _issue(payment, kind, number=made[kind], agreement=agreement, by=by, now=now)
    return waiting(agreement, now=now)


def waiting(agreement: Agreement, *, now: datetime) -> list[PaymentRequest]:
    """Return what was issued between the two and may still be paid, latest first."""
    return paying.issued(
        debtor_id=agreement.debtor_id, creditor_id=agreement.creditor_id, on=timezone.localdate(now)
    )


def _issue(
    payment: AgreedPayment,
    kind: RequestKind,
    *,
    number: int,
    agreement: Agreement,
    by: User | None,
    now: datetime,
) -> None:
    """Issue one kind once: asked twice at the same moment, both are answered with the same."""
    try:
        payment_requests.issue(
            debtor=agreement.debtor,
            creditor=agreement.creditor,
            kind=kind,
            choice=paying.AGREED,
            due_on=max(payment.due_on, timezone.localdate(now)),
            asked_as=uuid5(NAMESPACE_OID, f"agreed {payment.pk} {kind} {number}"),
            by=by,
            now=now,
        )
    except RequestRefusedError:
        return  # the page where things are issued by hand says why
