"""Money of an agreement is taken back: it is in force again, unless other money already fills its place."""

from datetime import UTC, date, datetime, timedelta

import pytest

from debtors import queries
from debtors.models import LedgerDoubt, PromiseToPay
from debtors.services import ledger, ledger_audit
from debtors.vocabulary import AgreementState, PromiseStatus
from tests.factories import make_agent, make_debt, make_payment
from tests.factories.agreements import make_agreement, make_offer_rules

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
LATE = [(date(2026, 10, 24), 100_000)]  # 30 days: R$ 1.000 with fee 20 and interest 10
AGREED = 92_700


@pytest.fixture
def debt():
    made = make_debt(installments=LATE)
    make_offer_rules(creditor=made.creditor)
    return made


@pytest.fixture
def agreement(debt):
    agent = make_agent(permissions=["negotiate_agreement"])
    return make_agreement(debt, total_cents=AGREED, by=agent, now=MONDAY)


def pay(debt, amount_cents: int = AGREED):
    return make_payment(debtor=debt.debtor, amount_cents=amount_cents, now=TUESDAY)


def owed(debt, *, on: datetime) -> int:
    return queries.balances(debts=[debt.pk], on=on.date())[debt.pk].total_cents


def is_sound() -> bool:
    ledger_audit.look_over(now=WEDNESDAY)
    return not LedgerDoubt.objects.exists()


def test_a_payment_taken_back_brings_the_agreement_back(debt, agreement):
    payment = pay(debt)

    ledger.reverse_payment(payment, reason="returned Pix", now=WEDNESDAY)

    agreement.refresh_from_db()
    assert (agreement.state, owed(debt, on=MONDAY)) == (AgreementState.ACTIVE, AGREED)
    assert PromiseToPay.objects.get(status=PromiseStatus.OPEN).amount_cents == AGREED
    assert is_sound()


def test_who_paid_twice_keeps_his_agreement_when_one_of_the_payments_is_taken_back(debt, agreement):
    first, second = pay(debt), pay(debt)

    ledger.reverse_payment(first, reason="returned Pix", now=WEDNESDAY)

    agreement.refresh_from_db()
    assert (agreement.state, owed(debt, on=WEDNESDAY)) == (AgreementState.FULFILLED, 0)
    assert ledger.unallocated_cents(second) == 0
    assert not PromiseToPay.objects.filter(status=PromiseStatus.OPEN).exists()
    assert is_sound()


def test_of_a_payment_taken_back_only_what_other_money_does_not_fill_is_promised_again(debt, agreement):
    first, _second = pay(debt), pay(debt, 50_000)

    ledger.reverse_payment(first, reason="returned Pix", now=WEDNESDAY)

    agreement.refresh_from_db()
    assert agreement.state == AgreementState.ACTIVE
    assert PromiseToPay.objects.get(status=PromiseStatus.OPEN).amount_cents == AGREED - 50_000
    assert is_sound()
