"""Payments and promises, through the services that take them."""

import itertools
from datetime import date, datetime

from django.utils import timezone

from debtors.models import Creditor, Debtor, Payment, PromiseToPay
from debtors.services import ledger, promises
from debtors.vocabulary import PaymentMethod, PaymentSource
from tests.factories.debtors import house_creditor

_numbers = itertools.count(1)


def make_payment(
    *,
    debtor: Debtor,
    amount_cents: int,
    now: datetime,
    paid_on: date | None = None,
    creditor: Creditor | None = None,
) -> Payment:
    """Record a Pix payment of the local day of `now`."""
    return ledger.record_payment(
        debtor=debtor,
        creditor=creditor or house_creditor(),
        amount_cents=amount_cents,
        paid_on=paid_on or timezone.localdate(now),
        method=PaymentMethod.PIX,
        source=PaymentSource.BANK,
        external_id=f"E2E{next(_numbers)}",
        recorded_by=None,
        now=now,
    )


def make_promise(
    *,
    debtor: Debtor,
    promised_on: date,
    now: datetime,
    amount_cents: int = 5_000,
    creditor: Creditor | None = None,
) -> PromiseToPay:
    """Take a promise to pay."""
    return promises.promise(
        debtor=debtor,
        creditor=creditor or house_creditor(),
        amount_cents=amount_cents,
        promised_on=promised_on,
        made_to=None,
        now=now,
    )
