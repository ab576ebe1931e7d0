"""Terms entered in the admin ask nobody again for what he has paid, nor forget that others have changed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from debtors import queries
from debtors.admin.people import CreditorAdmin
from debtors.models import User
from debtors.services import ledger_audit, terms
from tests.factories import make_creditor, make_debt, make_payment

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


def test_an_admin_who_saves_a_creditor_does_not_forget_that_its_terms_changed_meanwhile(client, monkeypatch):
    creditor = make_creditor()
    client.force_login(User.objects.create_superuser("administrator", password=None))
    page = reverse("admin:debtors_creditor_change", args=[creditor.pk])
    shown = client.get(page).context
    fields = shown["adminform"].form
    form = {name: "" if (value := fields[name].value()) is None else value for name in fields.fields}
    for part in shown["inline_admin_formsets"]:
        form |= {f"{part.formset.prefix}-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    keep = CreditorAdmin.save_model

    def meanwhile(*args, **kwargs):
        terms.have_changed([creditor])
        keep(*args, **kwargs)

    monkeypatch.setattr(CreditorAdmin, "save_model", meanwhile)
    client.post(page, form | {"phone": "+551140000000"})

    creditor.refresh_from_db()
    assert (creditor.phone, creditor.resettle_from) == ("+551140000000", -1)
