"""The only writer of payments: told once, settled at once, taken back if need be."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from debtors import queries
from debtors.models import Cost, Creditor, Debt, Debtor, Installment, LedgerEntry, Payment, TakenBack, User
from debtors.rules import allocation
from debtors.rules.allocation import ToldPayment
from debtors.rules.payoff import History
from debtors.services import agreements_kept, posting, promises, transit
from debtors.signals import balance_changed
from debtors.vocabulary import PaymentMethod, PaymentSource


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
    """The payment was taken back before."""


def post_charges(installments: Iterable[Installment]) -> None:
    """Write the charge of each saved installment, as of its due date."""
    posting.charge(installments)


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
    number: str = "",
) -> Payment:
    """Take in a payment once, and let debts, promises, case and waiting contacts follow.

    With `debt` the whole amount goes to that debt first; `number` is that of the slip or charge which it
    pays, where the source names one. A payment told late settles what was owed
    on the day it was paid. The same (source, external id) with the same payer, amount and day
    returns the payment already recorded.

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
        rest = agreements_kept.meet(payment, first=debt)
        posting.settle(payment, rest, today=timezone.localdate(now), first=debt)
        promises.follow_payments(debtor=debtor, creditor=creditor, now=now)
        transit.follow_payment(payment, number=number, now=now)
        agreements_kept.follow(debtor_id=debtor.pk, creditor_id=creditor.pk, now=now)
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
        batch_size=posting.BATCH,
    )
    by_debtor: dict[int, list[tuple[Payment, int]]] = defaultdict(list)
    for payment, each in zip(made, told, strict=True):
        by_debtor[payment.debtor_id].append((payment, each.debt.pk))
    histories = queries.histories_with(debtors=by_debtor, creditor=creditor)
    entries = [
        entry for debtor, paid in by_debtor.items() for entry in _first_entries(paid, histories[debtor])
    ]
    LedgerEntry.objects.bulk_create(entries, batch_size=posting.BATCH)


def reverse_payment(payment: Payment, *, reason: str, now: datetime, by: User | None = None) -> None:
    """Take a payment back out of its debts (a bounced cheque, a mistake); the rows stay.

    Other money of the debtor that met no debt fills the room. Raises AlreadyReversedError when the
    payment was taken back before.
    """
    on = timezone.localdate(now)
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=payment.debtor_id)
        _, is_new = TakenBack.objects.get_or_create(
            payment=payment, defaults={"reason": reason, "on": on, "by": by}
        )
        if not is_new:
            raise AlreadyReversedError(str(payment))
        between = {"debtor_id": payment.debtor_id, "creditor_id": payment.creditor_id}
        posting.take_out(payment, on=on, note=reason)
        agreements_kept.reopen(**between, on=on)
        posting.reallocate(**between, on=on, terms_changed=False)
        agreements_kept.follow(**between, now=now)
        promises.follow_reversal(debtor=payment.debtor, creditor=payment.creditor, now=now)
        balance_changed.send(Payment, **between, now=now)


def make_room(*, debtor_id: int, creditor_id: int, now: datetime, terms_changed: bool = False) -> None:
    """Let money that met no debt so far meet what has become open between the two, and all else follow."""
    between = {"debtor_id": debtor_id, "creditor_id": creditor_id}
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor_id)
        posting.reallocate(**between, on=timezone.localdate(now), terms_changed=terms_changed)
        agreements_kept.follow(**between, now=now)
        balance_changed.send(Debt, debtor_id=debtor_id, creditor_id=creditor_id, now=now)


def add_cost(
    debt: Debt, *, amount_cents: int, incurred_on: date, reason: str, by: User | None, now: datetime
) -> Cost:
    """Add a cost that the delay has caused; it is owed from its day on, and settled before all else.

    Raises PaymentRefusedError for an amount that is not positive or a day to come.
    """
    _refuse_untrue(amount_cents, incurred_on, now=now)
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debt.debtor_id)
        cost = Cost.objects.create(
            debt=debt,
            amount_cents=amount_cents,
            incurred_on=incurred_on,
            reason=reason,
            recorded_by=by,
            recorded_at=now,
        )
        make_room(debtor_id=debt.debtor_id, creditor_id=debt.creditor_id, now=now)
    return cost


def unallocated_cents(payment: Payment) -> int:
    """Return how much of the payment met no debt; shown to people, never negative."""
    is_taken_back = TakenBack.objects.filter(payment=payment).exists()
    return 0 if is_taken_back else posting.unallocated_cents(payment)


def _refuse_untrue(amount_cents: int, paid_on: date, *, now: datetime) -> None:
    if amount_cents <= 0 or paid_on > timezone.localdate(now):
        raise PaymentRefusedError(f"{amount_cents} centavos on {paid_on}")


def _first_entries(
    paid: Sequence[tuple[Payment, int]], histories: Mapping[int, History]
) -> list[LedgerEntry]:
    """Return the entries of one debtor's payments, each made on the debt whose id comes with it."""
    settled = allocation.settle_in_order(
        [ToldPayment(debt, payment.amount_cents, payment.paid_on) for payment, debt in paid],
        histories=histories,
    )
    return [
        LedgerEntry(
            debt_id=entry.debt,
            kind=entry.kind,
            amount_cents=entry.amount_cents,
            effective_on=payment.paid_on,
            payment=payment,
        )
        for (payment, _debt), entries in zip(paid, settled, strict=True)
        for entry in entries
    ]


def _fingerprint(debtor: Debtor, creditor: Creditor, amount_cents: int, paid_on: date) -> str:
    print_of = f"{debtor.tax_id}|{creditor.tax_id}|{amount_cents}|{paid_on.isoformat()}"
    return hashlib.sha256(print_of.encode()).hexdigest()
