"""The only mover of money on its way: while it may still arrive, nobody asks for it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from collections_crm.lib import workdays
from debtors.models import Creditor, Debt, Debtor, MoneyInTransit, Payment, PaymentRequest, User
from debtors.signals import balance_changed
from debtors.vocabulary import PaymentMethod, TransitKind, TransitState

#: Where a creditor says how many working days it takes money to arrive after it expired.
FLOAT_DAYS = {
    TransitKind.BOLETO: "boleto_float_days",
    TransitKind.PIX: "pix_float_days",
    TransitKind.INSTALLMENT: "installment_float_days",
}
#: How each kind may come, where its number is not told with the money.
METHODS = {
    PaymentMethod.BOLETO: (TransitKind.BOLETO, TransitKind.INSTALLMENT),
    PaymentMethod.PIX: (TransitKind.PIX, TransitKind.BOLETO, TransitKind.INSTALLMENT),
}


class TransitRefusedError(Exception):
    """It cannot be: `reason` is "nothing", "past", "too_far", "owes_nothing" or "number_twice"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


MOST_DAYS = 60  # nobody rests for a slip that expires later


def issue(
    *,
    debtor: Debtor,
    creditor: Creditor,
    kind: TransitKind,
    amount_cents: int,
    expires_on: date,
    by: User | None,
    now: datetime,
    debt: Debt | None = None,
    number: str = "",
) -> MoneyInTransit:
    """Keep that a debtor was given something to pay; contact about this creditor rests until it has arrived.

    It rests until the day it expires and the creditor's working days for its kind after it.
    Raises TransitRefusedError.
    """
    today = timezone.localdate(now)
    if reason := _refusal(amount_cents, expires_on, today=today):
        raise TransitRefusedError(reason)
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        if not Debt.objects.filter(debtor=debtor, creditor=creditor).exists():
            raise TransitRefusedError("owes_nothing")
        if number and MoneyInTransit.objects.filter(creditor=creditor, number=number).exists():
            raise TransitRefusedError("number_twice")
        made = MoneyInTransit.objects.create(
            debtor=debtor,
            creditor=creditor,
            debt=debt,
            kind=kind,
            amount_cents=amount_cents,
            number=number,
            issued_at=now,
            issued_by=by,
            expires_on=expires_on,
            rests_until=workdays.after(expires_on, days=getattr(creditor, FLOAT_DAYS[kind])),
        )
        balance_changed.send(MoneyInTransit, debtor_id=debtor.pk, creditor_id=creditor.pk, now=now)
    return made


def withdraw(made: MoneyInTransit, *, now: datetime) -> None:
    """Say that it will not arrive: it was cancelled, or given by mistake; contact may go on."""
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=made.debtor_id)
        waiting = MoneyInTransit.objects.filter(pk=made.pk, state=TransitState.WAITING)
        if waiting.update(state=TransitState.WITHDRAWN, ended_at=now):
            balance_changed.send(
                MoneyInTransit, debtor_id=made.debtor_id, creditor_id=made.creditor_id, now=now
            )


def follow_payment(payment: Payment, *, number: str = "", now: datetime) -> None:
    """End what has arrived with a payment: by its number, else the oldest of the same amount and kind."""
    waiting = MoneyInTransit.objects.filter(
        debtor=payment.debtor_id, creditor=payment.creditor_id, state=TransitState.WAITING
    )
    kinds = METHODS.get(PaymentMethod(payment.method), tuple(TransitKind))
    alike = waiting.filter(amount_cents=payment.amount_cents, kind__in=kinds)
    by_number = waiting.filter(number=number) if number else waiting.none()
    found = by_number.first() or alike.order_by("issued_at", "pk").first()
    if found:
        MoneyInTransit.objects.filter(pk=found.pk).update(
            state=TransitState.ARRIVED, payment=payment, ended_at=now
        )
        _withdraw_alternatives(found, now=now)


def _withdraw_alternatives(arrived: MoneyInTransit, *, now: datetime) -> None:
    """End what was issued for the same: whoever got a Pix and a boleto for one amount pays one of them."""
    request = PaymentRequest.objects.filter(transit=arrived).first()
    if request is None:
        return
    same = PaymentRequest.objects.filter(
        debtor=arrived.debtor_id,
        creditor=arrived.creditor_id,
        amount_cents=arrived.amount_cents,
        agreed_payment=request.agreed_payment_id,
    )
    others = MoneyInTransit.objects.filter(pk__in=same.values("transit"), state=TransitState.WAITING)
    others.update(state=TransitState.WITHDRAWN, ended_at=now)


def _refusal(amount_cents: int, expires_on: date, *, today: date) -> str:
    if amount_cents <= 0:
        return "nothing"
    if expires_on < today:
        return "past"
    return "too_far" if (expires_on - today).days > MOST_DAYS else ""
