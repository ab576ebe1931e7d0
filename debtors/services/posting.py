"""The only writer of ledger entries: which follow from the payments of one debtor to one creditor.

Whoever calls holds the debtor's row and an open transaction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Count, Sum

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
    turns = _turns(payment, shares)
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
    met = {debt: _with(histories[debt], Credit(on, share)) for debt, share in shares.items()}
    for debt, history in met.items():
        if forgiven := _forgive(debt, history, on=on, payment=payment, turn=turns[debt]):
            met[debt] = _with(history, Credit(on, forgiven, is_discount=True))
    _realise(met, on=on, payment=payment)
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
    _realise(queries.histories(debts=debts), on=on, payment=payment)


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


def _realise(histories: Mapping[int, History], *, on: date, payment: Payment | None) -> None:
    posted = _posted(histories)
    new: list[LedgerEntry] = []
    for debt_id, history in histories.items():
        settled = history.settled()
        for kind, name in allocation.REALISED.items():
            live = [entry for entry, is_reversed in posted[debt_id, kind] if not is_reversed]
            missing = getattr(settled, name) - sum(entry.amount_cents for entry in live)
            if missing < 0:
                reverse(live, on=on, note=RECOMPUTED)
                missing = getattr(settled, name)
            if missing > 0:
                before = (
                    [entry for entry, _ in posted[debt_id, kind] if entry.payment_id == payment.pk]
                    if payment
                    else []
                )
                new.append(
                    LedgerEntry(
                        debt_id=debt_id,
                        kind=kind,
                        amount_cents=missing,
                        effective_on=on,
                        payment=payment,
                        turn=len(before),
                    )
                )
    LedgerEntry.objects.bulk_create(new)


def _posted(debts: Iterable[int]) -> dict[tuple[int, str], list[tuple[LedgerEntry, bool]]]:
    """Return the posted additions by debt and kind, each with whether it was reversed."""
    found: dict[tuple[int, str], list[tuple[LedgerEntry, bool]]] = defaultdict(list)
    entries = LedgerEntry.objects.filter(debt__in=list(debts), kind__in=allocation.REALISED)
    for entry in entries.select_related("reversal"):
        found[entry.debt_id, entry.kind].append((entry, hasattr(entry, "reversal")))
    return found


def _with(history: History, credit: Credit) -> History:
    return replace(history, credits=[*history.credits, credit])


def _turns(payment: Payment, debts: Iterable[int]) -> dict[int, int]:
    """Return how often the payment met each debt before, and was taken out again."""
    met = LedgerEntry.objects.filter(payment=payment, debt__in=list(debts), kind=EntryKind.PAYMENT)
    counted = dict(met.order_by().values_list("debt").annotate(turns=Count("pk")))
    return {debt: counted.get(debt, 0) for debt in debts}


def _forgive(debt_id: int, history: History, *, on: date, payment: Payment, turn: int) -> int:
    """Forgive what a debt is short of, within the creditor's tolerance; return it, in centavos."""
    tolerance = history.terms.tolerance_cents
    left = history.owed(on=on) if tolerance else None
    forgiven = allocation.forgiven_cents(left, tolerance_cents=tolerance) if left else 0
    if forgiven:
        LedgerEntry.objects.create(
            debt_id=debt_id, kind=EntryKind.DISCOUNT, amount_cents=-forgiven, effective_on=on,
            payment=payment, turn=turn, note="within the creditor's tolerance",
        )  # fmt: skip
    return forgiven


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
        without = replace(history, credits=rest)
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
            payment=entry.payment, turn=_turns(entry.payment, [entry.debt_id])[entry.debt_id],
        )  # fmt: skip
