"""The only writer of payments and ledger entries."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from debtors import queries
from debtors.models import Creditor, Debt, Debtor, Installment, LedgerEntry, Payment, User
from debtors.rules import allocation
from debtors.rules.payoff import Balance
from debtors.services import promises
from debtors.signals import balance_changed
from debtors.vocabulary import EntryKind, PaymentMethod, PaymentSource

REALISED = {
    EntryKind.INTEREST: "realised_interest_cents",
    EntryKind.LATE_FEE: "realised_late_fee_cents",
}


class PaymentConflictError(Exception):
    """The source told this payment before, with another payer, amount or day."""


class PaymentRefusedError(Exception):
    """The payment cannot be true: no amount, or a day that has not come yet."""


class AlreadyReversedError(Exception):
    """The payment was reversed before."""


def post_charges(installments: Iterable[Installment]) -> None:
    """Write the charge of each saved installment, as of its due date."""
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                debt_id=each.debt_id,
                kind=EntryKind.CHARGE,
                amount_cents=each.amount_cents,
                effective_on=each.due_on,
            )
            for each in installments
        ],
        batch_size=2000,
    )


def record_payment(
    *,
    debtor: Debtor,
    creditor: Creditor,
    amount_cents: int,
    paid_on: date,
    method: PaymentMethod,
    source: PaymentSource,
    external_id: str,
    recorded_by: User | None,
    now: datetime,
    debt: Debt | None = None,
) -> Payment:
    """Take in a payment once, and let debts, promises, case and waiting contacts follow.

    With `debt` the whole amount goes to that debt first. The same (source, external id) with
    the same payer, amount and day returns the payment already recorded.

    Raises PaymentConflictError for the same key with other content, PaymentRefusedError for
    an amount that is not positive or a day after today.
    """
    if amount_cents <= 0 or paid_on > timezone.localdate(now):
        raise PaymentRefusedError(f"{amount_cents} centavos on {paid_on}")
    fingerprint = _fingerprint(debtor, creditor, amount_cents, paid_on)
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        known = Payment.objects.filter(source=source, external_id=external_id).first()
        if known:
            if known.fingerprint != fingerprint:
                raise PaymentConflictError(f"{source}:{external_id}")
            return known
        payment = Payment.objects.create(
            debtor=debtor,
            creditor=creditor,
            amount_cents=amount_cents,
            paid_on=paid_on,
            method=method,
            source=source,
            external_id=external_id,
            fingerprint=fingerprint,
            recorded_by=recorded_by,
            recorded_at=now,
        )
        _settle(payment, first=debt)
        promises.follow_payments(debtor=debtor, creditor=creditor, now=now)
        balance_changed.send(Payment, debtor_id=debtor.pk, creditor_id=creditor.pk, now=now)
    return payment


def reverse_payment(payment: Payment, *, reason: str, now: datetime) -> None:
    """Take a payment back out of its debts (a bounced cheque, a mistake); the rows stay.

    Raises AlreadyReversedError when that was done before.
    """
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=payment.debtor_id)
        entries = list(payment.entries.filter(kind=EntryKind.PAYMENT, reversal__isnull=True))
        if not entries:
            raise AlreadyReversedError(str(payment))
        _reverse(entries, on=timezone.localdate(now), note=reason)
        for entry in entries:
            _post_realised(entry.debt_id, on=timezone.localdate(now), payment=None)
        balance_changed.send(Payment, debtor_id=payment.debtor_id, creditor_id=payment.creditor_id, now=now)


def unallocated_cents(payment: Payment) -> int:
    """Return how much of the payment met no debt; shown to people, never negative."""
    met = payment.entries.filter(kind=EntryKind.PAYMENT).aggregate(met=Sum("amount_cents"))["met"] or 0
    return payment.amount_cents + met


def _settle(payment: Payment, *, first: Debt | None) -> None:
    """Post the payment against the debts it meets, with the additions it settles."""
    debts = list(
        Debt.objects.select_for_update()
        .filter(debtor_id=payment.debtor_id, creditor_id=payment.creditor_id)
        .order_by("pk")
    )
    owed = queries.balances(debts=[debt.pk for debt in debts], on=payment.paid_on)
    shares = _shares(payment, owed=owed, first=first)
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                debt_id=debt,
                kind=EntryKind.PAYMENT,
                amount_cents=-share,
                effective_on=payment.paid_on,
                payment=payment,
            )
            for debt, share in shares.items()
        ]
    )
    for debt_id in shares:
        _post_realised(debt_id, on=payment.paid_on, payment=payment)


def _shares(payment: Payment, *, owed: dict[int, Balance], first: Debt | None) -> dict[int, int]:
    if first is None:
        return allocation.allocate(amount_cents=payment.amount_cents, balances=owed)
    wanted = min(payment.amount_cents, owed[first.pk].total_cents)
    others = {debt: balance for debt, balance in owed.items() if debt != first.pk}
    rest = allocation.allocate(amount_cents=payment.amount_cents - wanted, balances=others)
    return ({first.pk: wanted} if wanted else {}) | rest


def _post_realised(debt_id: int, *, on: date, payment: Payment | None) -> None:
    """Bring the posted fee and interest of a debt to what its payments have settled.

    A payment dated before others, or taken back, can lower the figure: what was posted is then
    reversed and written anew, so that the entries always add up.
    """
    balance = queries.balances(debts=[debt_id], on=date.max)[debt_id]
    for kind, name in REALISED.items():
        posted = list(LedgerEntry.objects.filter(debt_id=debt_id, kind=kind, reversal__isnull=True))
        missing = getattr(balance, name) - sum(entry.amount_cents for entry in posted)
        if missing < 0:
            _reverse(posted, on=on, note="recomputed")
            missing = getattr(balance, name)
        if missing > 0:
            LedgerEntry.objects.create(
                debt_id=debt_id, kind=kind, amount_cents=missing, effective_on=on, payment=payment
            )


def _reverse(entries: Iterable[LedgerEntry], *, on: date, note: str) -> None:
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                debt_id=entry.debt_id,
                kind=EntryKind.REVERSAL,
                amount_cents=-entry.amount_cents,
                effective_on=on,
                payment_id=entry.payment_id,
                reverses=entry,
                note=note,
            )
            for entry in entries
        ]
    )


def _fingerprint(debtor: Debtor, creditor: Creditor, amount_cents: int, paid_on: date) -> str:
    print_of = f"{debtor.tax_id}|{creditor.tax_id}|{amount_cents}|{paid_on.isoformat()}"
    return hashlib.sha256(print_of.encode()).hexdigest()
