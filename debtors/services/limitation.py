"""The only writer of the day from which a debt is prescribed, once the debt is known."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from debtors.models import Debt, Debtor
from debtors.rules import limitation
from debtors.rules.limitation import Cause, Interruption
from debtors.signals import balance_changed
from debtors.vocabulary import Instrument

ROUND = 500


def set_day(debt: Debt, *, on: date | None, now: datetime) -> None:
    """Say from which day the debt is prescribed, or that nobody knows.

    Taken under the debtor's lock: nothing is asked of him for a debt that was known to be prescribed
    when it left.
    """
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debt.debtor_id)
        Debt.objects.filter(pk=debt.pk).update(limitation_on=on)
        balance_changed.send(Debt, debtor_id=debt.debtor_id, creditor_id=debt.creditor_id, now=now)
    debt.limitation_on = on


def derive_unknown(*, now: datetime) -> int:
    """Fill in the day from which debts are prescribed where it is not known; return of how many.

    It follows from the last due date and what the law says of the instrument; an agreement is an
    acknowledgement, and begins the time anew. Where the law's term is not known it stays empty.
    """
    found, last = 0, 0
    while rows := list(_unknown(after=last)):
        last = rows[-1].pk
        found += _derive(rows, now=now)
    return found


def _unknown(*, after: int) -> QuerySet[Debt]:
    debts = Debt.objects.filter(limitation_on=None, pk__gt=after).exclude(instrument=Instrument.OTHER)
    return debts.prefetch_related("installments", "agreed__agreement").order_by("pk")[:ROUND]


def _derive(debts: Sequence[Debt], *, now: datetime) -> int:
    today, later = timezone.localdate(now), []
    for debt in debts:
        day = _day_of(debt)
        if day is None:
            continue
        if day <= today:  # contact ends with it, under the debtor's lock
            set_day(debt, on=day, now=now)
        debt.limitation_on = day
        later.append(debt)
    Debt.objects.bulk_update(later, ["limitation_on"])
    return len(later)


def _day_of(debt: Debt) -> date | None:
    """Return the first day on which nothing of a debt may be asked for; None when nobody knows."""
    acknowledged = [
        Interruption(timezone.localdate(each.agreement.activated_at), Cause.ACKNOWLEDGEMENT)
        for each in debt.agreed.all()
        if each.agreement.activated_at
    ]
    every = limitation.of_debt(
        due_dates=[each.due_on for each in debt.installments.all()],
        kind=limitation.KIND_OF_INSTRUMENT[Instrument(debt.instrument)],
        interruptions=acknowledged,
    )
    return max((each.prescribed_from for _due_on, each in every), default=None)
