"""What becomes of agreements in force: money goes to them first; kept, broken, and their discounts.

Whoever calls, `settle_due` aside, holds the debtor's row and an open transaction.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from debtors import queries
from debtors.models import Agreement, AgreementDiscount, Debt, Debtor, LedgerEntry, Payment
from debtors.queries import offers
from debtors.rules import splitting
from debtors.rules.agreement_schedule import Progress, Standing
from debtors.services import posting, promises
from debtors.signals import balance_changed
from debtors.vocabulary import AgreementState, ForgivenFor, PromiseStatus, WhenBroken

FORGIVEN, UNDONE = "forgiven by agreement %s", "agreement %s ended"


def meet(payment: Payment, *, first: Debt | None) -> int:
    """Let a payment meet the debts of the agreement in force, up to what is agreed; return the rest.

    The payment that completes the agreement finds forgiven what was added since, so that it settles
    the debts to the centavo and no more than was agreed. A payment meant for another debt, or made
    before the agreement, is left as it is.
    """
    agreement = offers.in_force(debtor_id=payment.debtor_id, creditor_id=payment.creditor_id)
    if agreement is None or payment.paid_on < agreement.proposed_on:
        return payment.amount_cents
    debts = {each.debt_id: each.debt for each in agreement.debts.select_related("debt")}
    if first and first.pk not in debts:
        return payment.amount_cents
    left = offers.progress_of(agreement, on=payment.paid_on).left_cents
    if payment.amount_cents >= left:
        _forgive_beyond(agreement, left, on=payment.paid_on)
    wanted = min(payment.amount_cents, left)
    met = 0
    for pk, balance in queries.balances(debts=debts, on=payment.paid_on).items():
        share = min(wanted - met, balance.total_cents)
        if share:
            met += posting.meet(payment, share, on=payment.paid_on, first=debts[pk])
    return payment.amount_cents - met


def follow(*, debtor_id: int, creditor_id: int, now: datetime) -> None:
    """Let the agreement in force follow the ledger: fulfilled, or waiting for its next payment."""
    agreement = offers.in_force(debtor_id=debtor_id, creditor_id=creditor_id)
    if agreement is None:
        return
    progress = offers.progress_of(agreement, on=timezone.localdate(now))
    if progress.standing is Standing.FULFILLED or not sum(
        _open(agreement, on=timezone.localdate(now)).values()
    ):
        _fulfil(agreement, now=now)
    else:
        expect_next(agreement, progress, now=now)


def reopen(*, debtor_id: int, creditor_id: int, on: date) -> None:
    """Put the last agreement in force again that was fulfilled by money that is taken back now.

    Where another is in force by now, the last one stays as it ended. What fills the place of that money,
    and what follows from it, is for `follow` to see.
    """
    if offers.in_force(debtor_id=debtor_id, creditor_id=creditor_id) is not None:
        return
    fulfilled = Agreement.objects.filter(
        debtor=debtor_id, creditor=creditor_id, state=AgreementState.FULFILLED
    )
    last = fulfilled.order_by("-ended_at", "-pk").first()
    if last is None or offers.paid_for(last) >= last.total_cents:
        return
    _undo(last, on=on, only=ForgivenFor.ADDED_SINCE)
    Agreement.objects.filter(pk=last.pk).update(state=AgreementState.ACTIVE, ended_at=None)


def settle_due(*, now: datetime) -> int:
    """Break every agreement of which a payment is missing after its grace; return how many were broken."""
    today = timezone.localdate(now)
    return sum(_settle(each, today=today, now=now) for each in offers.may_be_due(today=today))


def give_agreed_discounts(agreement: Agreement) -> None:
    """Write the discounts that were agreed on, as of the day of the proposal."""
    agreed = {each.debt_id: each.discount_cents for each in agreement.debts.all()}
    _forgive(agreement, agreed, on=agreement.proposed_on, why=ForgivenFor.AGREED)


def end(
    agreement: Agreement, *, state: AgreementState, reason: str, keeps_discount: bool, now: datetime
) -> None:
    """End an agreement in force; its discount is undone or stays."""
    progress = offers.progress_of(agreement, on=timezone.localdate(now))
    was_paid = bool(offers.paid_for(agreement)) and progress.left_cents > 0
    missed = PromiseStatus.PARTLY_KEPT if was_paid else PromiseStatus.BROKEN
    promises.end_expecting(
        agreement, to=missed if state == AgreementState.BROKEN else PromiseStatus.CANCELLED, now=now
    )
    Agreement.objects.filter(pk=agreement.pk).update(state=state, ended_at=now, end_reason=reason)
    if not keeps_discount:
        on = timezone.localdate(now)
        _undo(agreement, on=on)
        posting.reallocate(debtor_id=agreement.debtor_id, creditor_id=agreement.creditor_id, on=on)
    agreement.refresh_from_db()


def expect_next(agreement: Agreement, progress: Progress, *, now: datetime) -> None:
    """Let the next payment be what the debtor has promised, and contact rest until its day."""
    following = progress.next_payment
    if following is None:
        return
    before = sum(
        each.amount_cents for each in offers.payments_of(agreement) if each.number <= following.number
    )
    missing = before - (agreement.total_cents - progress.left_cents)
    promises.expect(
        agreement,
        amount_cents=missing,
        promised_on=following.due_on,
        missed=PromiseStatus.CANCELLED,
        now=now,
    )


def _settle(agreement: Agreement, *, today: date, now: datetime) -> bool:
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=agreement.debtor_id)
        agreement.refresh_from_db()
        if agreement.state != AgreementState.ACTIVE:
            return False
        progress = offers.progress_of(agreement, on=today)
        if progress.standing is Standing.FULFILLED:
            _fulfil(agreement, now=now)
        elif progress.standing is Standing.BROKEN and progress.broken_by:
            end(
                agreement,
                state=AgreementState.BROKEN,
                reason=f"payment {progress.broken_by.number}",
                keeps_discount=agreement.when_broken == WhenBroken.KEPT,
                now=now,
            )
        else:
            return False
        balance_changed.send(
            Agreement, debtor_id=agreement.debtor_id, creditor_id=agreement.creditor_id, now=now
        )
        return progress.standing is Standing.BROKEN


def _fulfil(agreement: Agreement, *, now: datetime) -> None:
    _forgive_beyond(agreement, 0, on=timezone.localdate(now))
    promises.end_expecting(agreement, to=PromiseStatus.KEPT, now=now)
    Agreement.objects.filter(pk=agreement.pk).update(state=AgreementState.FULFILLED, ended_at=now)
    agreement.refresh_from_db()


def _open(agreement: Agreement, *, on: date) -> dict[int, int]:
    """Return what is open on each debt of the agreement on a day."""
    debts = agreement.debts.values_list("debt", flat=True)
    return {pk: balance.total_cents for pk, balance in queries.balances(debts=debts, on=on).items()}


def _forgive_beyond(agreement: Agreement, left_cents: int, *, on: date) -> None:
    """Forgive what is open on the debts beyond what is left of the agreement."""
    still_open = _open(agreement, on=on)
    beyond = sum(still_open.values()) - left_cents
    if beyond > 0:
        shares = splitting.split(beyond, weights=list(still_open.values()))
        _forgive(agreement, dict(zip(still_open, shares, strict=True)), on=on, why=ForgivenFor.ADDED_SINCE)


def _forgive(agreement: Agreement, shares: dict[int, int], *, on: date, why: ForgivenFor) -> None:
    given = {debt: cents for debt, cents in shares.items() if cents}
    for debt, cents in given.items():
        entry = posting.forgive(debt, cents, on=on, note=FORGIVEN % agreement.pk)
        AgreementDiscount.objects.create(agreement=agreement, entry=entry, forgiven_for=why)
    posting.realise(given, on=on, payment=None)


def _undo(agreement: Agreement, *, on: date, only: ForgivenFor | None = None) -> None:
    """Reverse the discounts that the agreement gave."""
    given = agreement.discounts.filter(**({"forgiven_for": only} if only else {}))
    live: Iterable[LedgerEntry] = LedgerEntry.objects.filter(
        forgiven_by__in=given, reversal__isnull=True
    ).order_by("pk")
    entries = list(live)
    posting.reverse(entries, on=on, note=UNDONE % agreement.pk)
    posting.realise({entry.debt_id for entry in entries}, on=on, payment=None)
