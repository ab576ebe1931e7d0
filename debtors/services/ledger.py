"""The only writer of payments and ledger entries."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from debtors import queries
from debtors.models import Creditor, Debt, Debtor, Installment, LedgerEntry, Payment, User
from debtors.rules import allocation
from debtors.rules.allocation import ToldPayment
from debtors.rules.payoff import ChargeTerms, DueAmount
from debtors.services import promises
from debtors.signals import balance_changed
from debtors.vocabulary import EntryKind, PaymentMethod, PaymentSource

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class FirstPayment:
    """A payment on a debt of a debtor who was not known before; `external_id` names it for its source."""

    debt: Debt
    amount_cents: int
    paid_on: date
    method: PaymentMethod
    external_id: str


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
        batch_size=BATCH,
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
    _refuse_untrue(amount_cents, paid_on, now=now)
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


def record_first_payments(
    payments: Iterable[FirstPayment],
    *,
    creditor: Creditor,
    source: PaymentSource,
    recorded_by: User | None,
    now: datetime,
) -> None:
    """Take in, in bulk, payments of debtors made in this same transaction; whoever calls holds it open.

    Writes what `record_payment` with `debt` would write for each, in order of days. Such debtors have
    no promise, case or contact yet that would have to follow.

    Raises PaymentRefusedError as `record_payment` does, before anything is written.
    """
    told = sorted(payments, key=lambda each: each.paid_on)
    for each in told:
        _refuse_untrue(each.amount_cents, each.paid_on, now=now)
    made = Payment.objects.bulk_create(
        [
            Payment(
                debtor=each.debt.debtor,
                creditor=creditor,
                amount_cents=each.amount_cents,
                paid_on=each.paid_on,
                method=each.method,
                source=source,
                external_id=each.external_id,
                fingerprint=_fingerprint(each.debt.debtor, creditor, each.amount_cents, each.paid_on),
                recorded_by=recorded_by,
                recorded_at=now,
            )
            for each in told
        ],
        batch_size=BATCH,
    )
    by_debtor: dict[int, list[tuple[Payment, int]]] = defaultdict(list)
    for payment, each in zip(made, told, strict=True):
        by_debtor[payment.debtor_id].append((payment, each.debt.pk))
    dues = queries.dues_of(debtors=by_debtor, creditor=creditor)
    entries = [
        entry for debtor, paid in by_debtor.items() for entry in _first_entries(paid, dues[debtor], creditor)
    ]
    LedgerEntry.objects.bulk_create(entries, batch_size=BATCH)


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
        promises.follow_reversal(debtor=payment.debtor, creditor=payment.creditor, now=now)
        balance_changed.send(Payment, debtor_id=payment.debtor_id, creditor_id=payment.creditor_id, now=now)


def unallocated_cents(payment: Payment) -> int:
    """Return how much of the payment met no debt; shown to people, never negative."""
    met = payment.entries.filter(kind=EntryKind.PAYMENT).aggregate(met=Sum("amount_cents"))["met"] or 0
    return payment.amount_cents + met


def _refuse_untrue(amount_cents: int, paid_on: date, *, now: datetime) -> None:
    if amount_cents <= 0 or paid_on > timezone.localdate(now):
        raise PaymentRefusedError(f"{amount_cents} centavos on {paid_on}")


def _first_entries(
    paid: Sequence[tuple[Payment, int]], dues: dict[int, list[DueAmount]], creditor: Creditor
) -> list[LedgerEntry]:
    """Return the entries of one debtor's payments, each made on the debt whose id comes with it."""
    settled = allocation.settle_in_order(
        [ToldPayment(debt, payment.amount_cents, payment.paid_on) for payment, debt in paid],
        dues=dues,
        terms=ChargeTerms(creditor.late_fee_rate, creditor.monthly_interest_rate),
    )
    return [
        LedgerEntry(
            debt_id=posting.debt,
            kind=posting.kind,
            amount_cents=posting.amount_cents,
            effective_on=payment.paid_on,
            payment=payment,
        )
        for (payment, _debt), postings in zip(paid, settled, strict=True)
        for posting in postings
    ]


def _settle(payment: Payment, *, first: Debt | None) -> None:
    """Post the payment against the debts it meets, with the additions it settles."""
    debts = list(
        Debt.objects.select_for_update()
        .filter(debtor_id=payment.debtor_id, creditor_id=payment.creditor_id)
        .order_by("pk")
    )
    histories = queries.histories(debts=[debt.pk for debt in debts])
    shares = allocation.allocate(
        amount_cents=payment.amount_cents,
        balances={debt: history.owed(on=payment.paid_on) for debt, history in histories.items()},
        first=first.pk if first else None,
        rooms=allocation.rooms(amount_cents=payment.amount_cents, histories=histories, on=payment.paid_on),
    )
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


def _post_realised(debt_id: int, *, on: date, payment: Payment | None) -> None:
    """Bring the posted fee and interest of a debt to what its payments have settled.

    A payment dated before others, or taken back, can lower the figure: what was posted is then
    reversed and written anew, so that the entries always add up.
    """
    balance = queries.balances(debts=[debt_id], on=date.max)[debt_id]
    for kind, name in allocation.REALISED.items():
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
