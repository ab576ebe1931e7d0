"""The only mover of promises to pay."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from debtors import queries
from debtors.models import Agreement, Creditor, Debtor, Payment, PromiseToPay, User
from debtors.rules import promises as rules
from debtors.signals import balance_changed
from debtors.vocabulary import PromiseStatus

#: What a promise is while the money that came for it is still there.
HELD_TO = (PromiseStatus.KEPT, PromiseStatus.PARTLY_KEPT)


class PromiseRefusedError(Exception):
    """The promise cannot be taken; `reason` is "past", "too_far", "nothing", "too_much" or "one_open"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def promise(
    *,
    debtor: Debtor,
    creditor: Creditor,
    amount_cents: int,
    promised_on: date,
    made_to: User | None,
    now: datetime,
) -> PromiseToPay:
    """Keep what the debtor promised; contact rests until the day and its grace are over.

    Raises PromiseRefusedError for a day that is past or too far, an amount that is nothing or
    more than is owed on the promised day, and when another promise to the creditor is open.
    """
    owed = queries.balance_with(debtor_id=debtor.pk, creditor_id=creditor.pk, on=promised_on)
    reason = rules.refusal(
        amount_cents=amount_cents,
        promised_on=promised_on,
        owed_cents=owed.total_cents,
        today=timezone.localdate(now),
    )
    if reason:
        raise PromiseRefusedError(reason)
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        if PromiseToPay.objects.filter(debtor=debtor, creditor=creditor, status=PromiseStatus.OPEN).exists():
            raise PromiseRefusedError("one_open")
        made = PromiseToPay.objects.create(
            debtor=debtor,
            creditor=creditor,
            amount_cents=amount_cents,
            promised_on=promised_on,
            made_at=now,
            made_to=made_to,
        )
        balance_changed.send(PromiseToPay, debtor_id=debtor.pk, creditor_id=creditor.pk, now=now)
    return made


def cancel(made: PromiseToPay, *, now: datetime) -> None:
    """Withdraw an open promise; a promise already settled stays as it is."""
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=made.debtor_id)
        _settle(made, to=PromiseStatus.CANCELLED, now=now)


def follow_payments(*, debtor: Debtor, creditor: Creditor, now: datetime) -> None:
    """Settle the open promise to the creditor, if the money that came has kept it."""
    for made in _open_ones().filter(debtor=debtor, creditor=creditor):
        _judge(made, now=now)


def follow_reversal(*, debtor: Debtor, creditor: Creditor, now: datetime) -> None:
    """Judge the last kept promise anew, because money was taken back: open again while its day is to come.

    Where another promise to the creditor is open by now, that one alone binds.
    """
    promises = PromiseToPay.objects.filter(debtor=debtor, creditor=creditor)
    last = promises.filter(status__in=HELD_TO, agreement=None).order_by("-settled_at", "-pk").first()
    if last is None or promises.filter(status=PromiseStatus.OPEN).exists():
        return
    status = PromiseStatus(_verdict(last, now=now))
    if status != last.status:
        settled_at = None if status == PromiseStatus.OPEN else now
        PromiseToPay.objects.filter(pk=last.pk).update(status=status, settled_at=settled_at)


def settle_due(*, now: datetime) -> int:
    """Settle every open promise whose day and grace are over; return how many."""
    today = timezone.localdate(now)
    settled = 0
    for made in _open_ones().filter(promised_on__lt=today):
        with transaction.atomic():
            Debtor.objects.select_for_update().get(pk=made.debtor_id)
            made.refresh_from_db()
            settled += _judge(made, now=now)
    return settled


def expect(
    agreement: Agreement, *, amount_cents: int, promised_on: date, missed: PromiseStatus, now: datetime
) -> None:
    """Let the next payment of an agreement be what is promised; whoever calls holds the debtor's row.

    What the debtor had promised otherwise is settled first: kept when it was an earlier payment of the
    agreement, `missed` else.
    """
    open_ones = PromiseToPay.objects.filter(
        debtor=agreement.debtor_id, creditor=agreement.creditor_id, status=PromiseStatus.OPEN
    )
    found = open_ones.first()
    if found and found.agreement_id == agreement.pk and found.promised_on == promised_on:
        return
    if found:
        is_kept = found.agreement_id == agreement.pk and found.promised_on < promised_on
        open_ones.update(status=PromiseStatus.KEPT if is_kept else missed, settled_at=now)
    PromiseToPay.objects.create(
        debtor_id=agreement.debtor_id,
        creditor_id=agreement.creditor_id,
        agreement=agreement,
        amount_cents=amount_cents,
        promised_on=promised_on,
        made_at=now,
        made_to=agreement.accepted_by,
    )


def end_expecting(agreement: Agreement, *, to: PromiseStatus, now: datetime) -> None:
    """Settle what an agreement that has ended promised; whoever calls holds the debtor's row."""
    agreement.promises.filter(status=PromiseStatus.OPEN).update(status=to, settled_at=now)


def _open_ones() -> QuerySet[PromiseToPay]:
    """Return the open promises that stand for themselves; those of agreements follow their agreement."""
    return PromiseToPay.objects.filter(status=PromiseStatus.OPEN, agreement=None)


def _judge(made: PromiseToPay, *, now: datetime) -> bool:
    verdict = _verdict(made, now=now)
    return verdict != rules.OPEN and _settle(made, to=PromiseStatus(verdict), now=now)


def _verdict(made: PromiseToPay, *, now: datetime) -> str:
    return rules.verdict(
        amount_cents=made.amount_cents,
        paid_cents=_paid_since(made),
        promised_on=made.promised_on,
        today=timezone.localdate(now),
    )


def _settle(made: PromiseToPay, *, to: PromiseStatus, now: datetime) -> bool:
    """Move an open promise on, once; tell those above."""
    moved = PromiseToPay.objects.filter(pk=made.pk, status=PromiseStatus.OPEN).update(
        status=to, settled_at=now
    )
    if moved:
        made.refresh_from_db()
        balance_changed.send(PromiseToPay, debtor_id=made.debtor_id, creditor_id=made.creditor_id, now=now)
    return bool(moved)


def _paid_since(made: PromiseToPay) -> int:
    """Return what came in since the promise and was not taken back, in centavos."""
    paid = Payment.objects.filter(
        debtor_id=made.debtor_id,
        creditor_id=made.creditor_id,
        recorded_at__gte=made.made_at,
        paid_on__gte=timezone.localdate(made.made_at),
        taken_back__isnull=True,
    )
    return paid.aggregate(paid=Sum("amount_cents"))["paid"] or 0
