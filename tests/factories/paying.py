"""Where creditors' money goes, and what debtors were given to pay with."""

import uuid
from datetime import date, datetime, timedelta

from django.utils import timezone

from debtors.models import Creditor, Debt, PaymentRequest, ReceivingAccount
from debtors.queries import paying
from debtors.services import payment_requests
from debtors.vocabulary import RequestKind, SlipBank

KEY = "123e4567-e12b-12d1-a456-426655440000"


def make_account(*, creditor: Creditor, connection: str = "", next_number: int = 1) -> ReceivingAccount:
    """Return an account with a random Pix key and boletos of Itaú."""
    return ReceivingAccount.objects.create(
        creditor=creditor,
        pix_key=KEY,
        pix_city="São Paulo",
        pix_connection=connection,
        slip_bank=SlipBank.ITAU,
        slip_branch="1248",
        slip_account="02124",
        slip_wallet="109",
        next_number=next_number,
    )


def make_request(
    debt: Debt,
    *,
    now: datetime,
    kind: RequestKind = RequestKind.PIX,
    choice: str = paying.ALL,
    due_on: date | None = None,
    part_cents: int | None = None,
    asked_as: uuid.UUID | None = None,
) -> PaymentRequest:
    """Issue a Pix or boleto for a debt's debtor, due in two days unless a day is given."""
    return payment_requests.issue(
        debtor=debt.debtor,
        creditor=debt.creditor,
        kind=kind,
        choice=choice,
        part_cents=part_cents,
        due_on=due_on or timezone.localdate(now) + timedelta(days=2),
        asked_as=asked_as or uuid.uuid4(),
        by=None,
        now=now,
    )
