"""A contract's own late fee and interest: whoever changes them asks nobody again for what he has paid."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from debtors import queries
from debtors.models import User
from debtors.services import ledger_audit
from tests.factories import make_debt, make_payment

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def owed(debt) -> int:
    return queries.balances(debts=[debt.pk], on=NOW.date())[debt.pk].total_cents


@pytest.mark.parametrize("rate", ["0.0500", "0.0000"])
def test_a_contract_that_was_paid_does_not_owe_again_when_a_manager_enters_its_own_interest(client, rate):
    debt = make_debt(installments=[(date(2026, 9, 1), 100_000)])
    make_payment(debtor=debt.debtor, amount_cents=owed(debt), now=NOW)
    form = {"portfolio": debt.portfolio_id, "instrument": "boleto", "monthly_interest_rate": rate}
    form |= {"installments-TOTAL_FORMS": 0, "installments-INITIAL_FORMS": 0}

    with time_machine.travel(NOW, tick=False):
        client.force_login(User.objects.create_superuser("administrator", password=None))
        client.post(reverse("admin:debtors_debt_change", args=[debt.pk]), form)

    debt.refresh_from_db()
    assert debt.monthly_interest_rate == Decimal(rate)
    assert owed(debt) == 0
    assert ledger_audit.look_over(now=NOW) == 0
