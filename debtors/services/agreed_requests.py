"""Gives whoever has agreed the Pix and boleto of his next payment at once, in every way the creditor has."""

from collections.abc import Iterator
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from django.utils import timezone

from debtors.models import AgreedPayment, Agreement, PaymentRequest, ReceivingAccount, User
from debtors.queries import offers, paying
from debtors.services import payment_requests
from debtors.services.payment_requests import RequestRefusedError
from debtors.vocabulary import RequestKind


def issue(agreement: Agreement, *, by: User, now: datetime) -> list[PaymentRequest]:
    """Issue what there is to pay the agreement's next payment with; return what can be paid by now.

    What waits to be paid already is not issued again, however often this is asked. Empty where there is
    no next payment, and where nothing can be issued for the creditor.
    """
    on = timezone.localdate(now)
    following = offers.progress_of(agreement, on=on).next_payment
    if following is None:
        return []
    payment = agreement.payments.get(number=following.number)
    there = {each.kind for each in waiting(agreement, now=now) if each.agreed_payment_id == payment.pk}
    account = ReceivingAccount.objects.filter(creditor=agreement.creditor_id).first()
    kinds = [kind for kind in payment_requests.kinds_of(account) if kind not in there]
    list(_issued(payment, kinds, agreement=agreement, by=by, now=now))
    return waiting(agreement, now=now)


def waiting(agreement: Agreement, *, now: datetime) -> list[PaymentRequest]:
    """Return what was issued between the two and may still be paid, latest first."""
    return paying.issued(
        debtor_id=agreement.debtor_id, creditor_id=agreement.creditor_id, on=timezone.localdate(now)
    )


def _issued(
    payment: AgreedPayment, kinds: list[RequestKind], *, agreement: Agreement, by: User, now: datetime
) -> Iterator[PaymentRequest]:
    """Issue each kind once: asked twice at the same moment, both are answered with the same."""
    for kind in kinds:
        before = PaymentRequest.objects.filter(agreed_payment=payment, kind=kind).count()
        try:
            yield payment_requests.issue(
                debtor=agreement.debtor,
                creditor=agreement.creditor,
                kind=kind,
                choice=paying.AGREED,
                due_on=max(payment.due_on, timezone.localdate(now)),
                asked_as=uuid5(NAMESPACE_OID, f"agreed {payment.pk} {kind} {before}"),
                by=by,
                now=now,
            )
        except RequestRefusedError:
            continue  # the page where things are issued by hand says why
