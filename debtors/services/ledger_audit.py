"""The only writer of doubts: derives every debt's entries anew, and stops contact where they differ."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, Sum

from debtors import queries
from debtors.models import Debt, Debtor, LedgerDoubt, LedgerEntry, Payment
from debtors.rules import ledger_audit
from debtors.rules.ledger_audit import Difference, Entry
from debtors.signals import balance_changed
from debtors.vocabulary import EntryKind

logger = logging.getLogger(__name__)

CHUNK = 500  # debts


def look_over(*, now: datetime) -> int:
    """Check every debt; keep a doubt where something differs, close those that are mended; return the new.

    Debts of creditors whose terms have just changed wait until their payments are settled anew.
    """
    found, after = 0, 0
    settled = Debt.objects.filter(creditor__resettle_from=None).order_by("pk")
    while debts := list(settled.filter(pk__gt=after).values_list("pk", flat=True)[:CHUNK]):
        found += _look_at(debts, now=now)
        after = debts[-1]
    return found


def look_again(doubt: LedgerDoubt, *, now: datetime) -> bool:
    """Check the debt of a doubt; return whether it is mended."""
    _look_at([doubt.debt_id], now=now)
    return not LedgerDoubt.objects.filter(pk=doubt.pk, closed_at=None).exists()


def _look_at(debts: list[int], *, now: datetime) -> int:
    """Check some debts, first without locks; what seems to differ is checked under its debtor's lock."""
    suspects = set(_differences(debts))
    doubted = LedgerDoubt.objects.filter(debt__in=debts, closed_at=None).values_list("debt", flat=True)
    return sum(_judge(debt, now=now) for debt in sorted(suspects.union(doubted)))


def _judge(debt_id: int, *, now: datetime) -> bool:
    """Keep or close the doubt about one debt; return whether it is a new one."""
    debt = Debt.objects.get(pk=debt_id)
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debt.debtor_id)
        differences = _differences([debt_id]).get(debt_id, [])
        known = LedgerDoubt.objects.filter(debt=debt_id, closed_at=None)
        if not differences:
            if known.update(closed_at=now):
                balance_changed.send(Debt, debtor_id=debt.debtor_id, creditor_id=debt.creditor_id, now=now)
            return False
        told = [asdict(each) for each in differences]
        if known.update(last_at=now, differences=told):
            return False
        LedgerDoubt.objects.create(debt=debt, differences=told, found_at=now, last_at=now)
        balance_changed.send(Debt, debtor_id=debt.debtor_id, creditor_id=debt.creditor_id, now=now)
    logger.error("ledger in doubt: debt %s", debt.pk)
    return True


def _differences(debts: list[int]) -> dict[int, list[Difference]]:
    """Return what differs, by the id of the debt."""
    entries: dict[int, list[Entry]] = defaultdict(list)
    rows = LedgerEntry.objects.order_by().filter(debt__in=debts)
    told = rows.values_list("debt", "pk", "kind", "amount_cents", "payment", "reverses")
    for debt, pk, kind, amount_cents, payment, reverses in told:
        entries[debt].append(Entry(pk, kind, amount_cents, payment, reverses))
    found = {
        debt: ledger_audit.differences(entries=entries[debt], history=history)
        for debt, history in queries.histories(debts=debts).items()
    }
    beyond = _spent_beyond({each.payment for own in entries.values() for each in own if each.payment})
    for debt, own in entries.items():
        found[debt] += [beyond[pk] for pk in beyond if any(each.payment == pk for each in own)]
    return {debt: differences for debt, differences in found.items() if differences}


def _spent_beyond(payments: Iterable[int]) -> dict[int, Difference]:
    """Return the payments whose entries exceed what came in, or that count although they were taken back."""
    live = Q(entries__kind=EntryKind.PAYMENT, entries__reversal__isnull=True)
    rows = (
        Payment.objects.order_by()
        .filter(pk__in=list(payments))
        .annotate(met=-Sum("entries__amount_cents", filter=live))
        .filter(Q(met__gt=F("amount_cents")) | Q(taken_back__isnull=False, met__gt=0))
        .values_list("pk", "amount_cents", "met", "taken_back")
    )
    return {pk: Difference("over_payment", 0 if back else amount, met) for pk, amount, met, back in rows}
