"""The only writer of ledger entries: which follow from the payments of one debtor to one creditor.

Whoever calls holds the debtor's row and an open transaction.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Sum

from debtors import queries
from debtors.models import AgreementDiscount, Debt, Installment, LedgerEntry, Payment
from debtors.rules import allocation
from debtors.rules.payoff import Credit, History
from debtors.vocabulary import EntryKind

BATCH = 2_000
RECOMPUTED = "recomputed"


def charge(installments: Iterable[Installment]) -> None:
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


def settle(payment: Payment, cents: int, *, today: date, first: Debt | None = None) -> None:
    """Let so much of a payment meet what was owed on the day it was made, and the rest what is owed today."""
    left = cents - meet(payment, cents, on=payment.paid_on, first=first)
    if left and payment.paid_on < today:
        meet(payment, left, on=today)


def meet(payment: Payment, cents: int, *, on: date, first: Debt | None = None) -> int:
    """Let so much of a payment meet debts as of a day, with the additions it settles; return how much did.

    What a debt is short of afterwards, within the creditor's tolerance, is forgiven as a discount.
    """
    histories = _locked(payment)
    shares = allocation.allocate(
        amount_cents=cents,
        balances={debt: history.owed(on=on) for debt, history in histories.items()},
        first=first.pk if first else None,
        rooms=allocation.rooms(amount_cents=cents, histories=histories, on=on),
    )
    turns = {debt: _turn(payment, debt) for debt in shares}
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                debt_id=debt,
                kind=EntryKind.PAYMENT,
                amount_cents=-share,
                effective_on=on,
                payment=payment,
                turn=turns[debt],
            )
            for debt, share in shares.items()
        ]
    )
    for debt, share in shares.items():
        history = histories[debt]
        credits = [*history.credits, Credit(on, share)]
        _forgive(debt, History(history.installments, credits, history.terms, costs=history.costs),
                 on=on, payment=payment, turn=turns[debt])  # fmt: skip
    realise(shares, on=on, payment=payment)
    return sum(shares.values())


def reallocate(*, debtor_id: int, creditor_id: int, on: date, terms_changed: bool = False) -> None:
    """Let all money between the two settle what it can: free what a debt has in excess, then meet others.

    Called when a debt, a cost or a reversal makes room, or when the terms have changed. Money met what
    was owed on the day it was paid; what is left then meets what is owed today. Whoever had settled a
    debt does not owe again by terms that changed afterwards.
    """
    debts = _lock(debtor_id=debtor_id, creditor_id=creditor_id)
    settled = _without_principal(debts) if terms_changed else []
    for debt, history in queries.histories(debts=debts).items():
        if history.settled().excess_cents:
            _free_excess(debt, on=on)
    for debt, balance in queries.balances(debts=settled, on=on).items():
        if balance.total_cents:
            forgive(debt, balance.total_cents, on=on, note="settled before the terms changed")
    between = Payment.objects.filter(debtor=debtor_id, creditor=creditor_id, taken_back__isnull=True)
    for payment in between.order_by("paid_on", "pk"):
        if left := unallocated_cents(payment):
            settle(payment, left, today=on)
    realise(debts, on=on, payment=None)


def forgive(debt_id: int, cents: int, *, on: date, note: str) -> LedgerEntry:
    """Write a discount that no payment gave; `realise` the debt when all that belongs together is written."""
    return LedgerEntry.objects.create(
        debt_id=debt_id, kind=EntryKind.DISCOUNT, amount_cents=-cents, effective_on=on, note=note
    )


def take_out(payment: Payment, *, on: date, note: str) -> None:
    """Reverse what a payment has settled, and what was forgiven with it."""
    entries = payment.entries.filter(
        kind__in=[EntryKind.PAYMENT, EntryKind.DISCOUNT], reversal__isnull=True
    )  # fmt: skip
    reverse(entries, on=on, note=note)


def reverse(entries: Iterable[LedgerEntry], *, on: date, note: str) -> None:
    """Write the mirror of each entry."""
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


def realise(debts: Iterable[int], *, on: date, payment: Payment | None) -> None:
    """Bring the posted additions of the debts to what their payments have settled.

    A payment dated before others, or taken back, can lower a figure: what was posted is then
    reversed and written anew, so that the entries always add up to the principal still open.
    """
    for debt_id, history in queries.histories(debts=debts).items():
        settled = history.settled()
        posted = LedgerEntry.objects.filter(debt=debt_id, reversal__isnull=True)
        for kind, name in allocation.REALISED.items():
            entries = list(posted.filter(kind=kind))
            missing = getattr(settled, name) - sum(entry.amount_cents for entry in entries)
            if missing < 0:
                reverse(entries, on=on, note=RECOMPUTED)
                missing = getattr(settled, name)
            if missing > 0:
                before = LedgerEntry.objects.filter(debt=debt_id, kind=kind, payment=payment)
                LedgerEntry.objects.create(
                    debt_id=debt_id, kind=kind, amount_cents=missing, effective_on=on,
                    payment=payment, turn=before.count() if payment else 0,
                )  # fmt: skip


def unallocated_cents(payment: Payment) -> int:
    """Return how much of a payment that was not taken back meets no debt, in centavos."""
    live = payment.entries.filter(kind=EntryKind.PAYMENT, reversal__isnull=True)
    return payment.amount_cents + (live.aggregate(met=Sum("amount_cents"))["met"] or 0)


def _locked(payment: Payment) -> dict[int, History]:
    debts = _lock(debtor_id=payment.debtor_id, creditor_id=payment.creditor_id)
    return queries.histories(debts=debts)


def _lock(*, debtor_id: int, creditor_id: int) -> list[int]:
    """Lock the debts between the two, in order of their ids, and return these."""
    debts = Debt.objects.select_for_update().filter(debtor=debtor_id, creditor=creditor_id).order_by("pk")
    return [debt.pk for debt in debts]


def _without_principal(debts: Iterable[int]) -> list[int]:
    """Return the debts whose entries say that they are settled: principal, settled last, is down to zero."""
    rows = LedgerEntry.objects.order_by().filter(debt__in=debts).values("debt")
    return list(rows.annotate(left=Sum("amount_cents")).filter(left=0).values_list("debt", flat=True))


def _turn(payment: Payment, debt_id: int) -> int:
    """Return how often the payment met the debt before, and was taken out again."""
    return LedgerEntry.objects.filter(payment=payment, debt=debt_id, kind=EntryKind.PAYMENT).count()


def _forgive(debt_id: int, history: History, *, on: date, payment: Payment, turn: int) -> None:
    tolerance = history.terms.tolerance_cents
    left = history.owed(on=on) if tolerance else None
    forgiven = allocation.forgiven_cents(left, tolerance_cents=tolerance) if left else 0
    if forgiven:
        LedgerEntry.objects.create(
            debt_id=debt_id, kind=EntryKind.DISCOUNT, amount_cents=-forgiven, effective_on=on,
            payment=payment, turn=turn, note="within the creditor's tolerance",
        )  # fmt: skip


def _free_excess(debt_id: int, *, on: date) -> None:
    """Take out of a debt what it holds beyond everything owed: discounts first, then the last payments."""
    live = LedgerEntry.objects.filter(debt=debt_id, reversal__isnull=True).select_related("payment")
    credits = live.filter(kind__in=[EntryKind.DISCOUNT, EntryKind.PAYMENT])
    for entry in credits.order_by("kind", "-effective_on", "-pk"):
        history = queries.histories(debts=[debt_id])[debt_id]
        if not history.settled().excess_cents:
            return
        rest = list(history.credits)
        rest.remove(Credit(entry.effective_on, -entry.amount_cents, entry.kind == EntryKind.DISCOUNT))
        without = History(history.installments, rest, history.terms, costs=history.costs)
        kept = allocation.share_without_excess(-entry.amount_cents, history=without, on=entry.effective_on)
        if kept < -entry.amount_cents:
            reverse([entry], on=on, note=RECOMPUTED)
            _post_again(entry, kept)


def _post_again(entry: LedgerEntry, cents: int) -> None:
    """Post what stays of a share; a small discount that is not wholly needed is not given at all.

    Of one that was agreed on stays what is needed: whoever keeps an agreement does not owe again.
    """
    agreed = AgreementDiscount.objects.filter(entry=entry).first()
    if cents and agreed:
        again = forgive(entry.debt_id, cents, on=entry.effective_on, note=entry.note)
        AgreementDiscount.objects.create(
            agreement_id=agreed.agreement_id, entry=again, forgiven_for=agreed.forgiven_for
        )
    elif cents and entry.payment and entry.kind == EntryKind.PAYMENT:
        LedgerEntry.objects.create(
            debt_id=entry.debt_id, kind=entry.kind, amount_cents=-cents, effective_on=entry.effective_on,
            payment=entry.payment, turn=_turn(entry.payment, entry.debt_id),
        )  # fmt: skip
