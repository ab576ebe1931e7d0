"""The only writer of the day from which a debt is prescribed, once the debt is known."""

from datetime import date, datetime

from django.db import transaction

from debtors.models import Debt, Debtor
from debtors.signals import balance_changed


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
