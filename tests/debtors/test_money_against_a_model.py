"""Whatever is paid, repeated, taken back, imported and disputed: the books say what a plain model says."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from contacts.services import holds
from contacts.vocabulary import HoldKind
from debtors import queries
from debtors.models import Creditor, Debt, LedgerEntry, Payment, TakenBack
from debtors.services import arrivals, ledger, ledger_audit, terms
from debtors.services.arrivals import Told
from debtors.vocabulary import PaymentMethod, PaymentSource
from tests.factories import make_creditor, make_debt, make_debtor

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
TODAY = NOW.date()
FREE = {"late_fee_rate": Decimal(0), "monthly_interest_rate": Decimal(0)}
CHARGED = {"late_fee_rate": Decimal("0.02"), "monthly_interest_rate": Decimal("0.01")}
cents = st.integers(1, 30_000)
days_ago = st.integers(0, 90)


class Books(RuleBasedStateMachine):
    """One debtor and one creditor, beside a model: what was charged, and what came in and stayed."""

    payments = Bundle("payments")

    def __init__(self) -> None:
        super().__init__()
        self.open = transaction.atomic()
        self.open.__enter__()
        self.charged = 0
        self.paid: dict[int, int] = {}
        self.number = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.open.__exit__(None, None, None)

    @initialize(charges=st.booleans(), order=st.sampled_from(["fee_first", "interest_first"]))
    def begin(self, charges: bool, order: str) -> None:
        self.debtor, self.creditor = make_debtor(), make_creditor(**(CHARGED if charges else FREE))
        Creditor.objects.filter(pk=self.creditor.pk).update(settling_order=order)
        self.is_free = not charges
        self.add_debt(10_000, 40)

    @rule(amount=cents, ago=st.integers(-30, 90))
    def add_debt(self, amount: int, ago: int) -> None:
        due_on = TODAY - timedelta(days=ago)
        make_debt(debtor=self.debtor, creditor=self.creditor, installments=[(due_on, amount)])
        ledger.make_room(debtor_id=self.debtor.pk, creditor_id=self.creditor.pk, now=NOW)
        self.charged += amount

    @rule(amount=st.integers(1, 3_000), ago=days_ago)
    def add_cost(self, amount: int, ago: int) -> None:
        debt = self.debts()[-1]
        ledger.add_cost(debt, amount_cents=amount, incurred_on=day(ago), reason="x", by=None, now=NOW)
        self.charged += amount

    @rule(target=payments, amount=cents, ago=days_ago, names_a_debt=st.booleans())
    def pay(self, amount: int, ago: int, names_a_debt: bool) -> Payment:
        self.number += 1
        debt = self.debts()[-1] if names_a_debt else None
        payment = self.record(amount, day(ago), number=f"P{self.number}", debt=debt)
        self.paid[payment.pk] = amount
        return payment

    @rule(payment=payments)
    def repeat(self, payment: Payment) -> None:
        again = self.record(
            payment.amount_cents, payment.paid_on, number=payment.external_id, source=payment.source
        )
        assert again == payment

    @rule(payment=payments)
    def repeat_with_other_content(self, payment: Payment) -> None:
        with pytest.raises(ledger.PaymentConflictError):
            self.record(
                payment.amount_cents + 1, payment.paid_on, number=payment.external_id, source=payment.source
            )

    @rule(payment=payments)
    def take_back(self, payment: Payment) -> None:
        if payment.pk in self.paid:
            ledger.reverse_payment(payment, reason="x", now=NOW)
            del self.paid[payment.pk]
        else:
            with pytest.raises(ledger.AlreadyReversedError):
                ledger.reverse_payment(payment, reason="x", now=NOW)

    @rule(target=payments, amount=cents, ago=days_ago, times=st.integers(1, 3))
    def hear_from_the_bank(self, amount: int, ago: int, times: int) -> Payment:
        self.number += 1
        told = Told(
            PaymentSource.BANK, f"B{self.number}", amount, day(ago), PaymentMethod.BOLETO, "paid",
            document=self.debts()[0].contract,
        )  # fmt: skip
        for _ in range(times):
            arrivals.take_in([told], creditor=self.creditor, file=None, now=NOW)
        payment = Payment.objects.get(source=PaymentSource.BANK, external_id=f"B{self.number}")
        self.paid[payment.pk] = amount
        return payment

    @rule()
    def dispute(self) -> None:
        holds.place(debtor=self.debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=NOW)

    @rule(rate=st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("0.05")]))
    def change_terms(self, rate: Decimal) -> None:
        if not self.is_free:
            Creditor.objects.filter(pk=self.creditor.pk).update(monthly_interest_rate=rate)
            terms.have_changed([self.creditor])
            terms.settle_by_new_terms(now=NOW)

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        if not hasattr(self, "debtor"):
            return
        balance = queries.balance_with(debtor_id=self.debtor.pk, creditor_id=self.creditor.pk, on=TODAY)
        unmet = {pk: ledger.unallocated_cents(Payment.objects.get(pk=pk)) for pk in self.paid}
        assert min([balance.total_cents, balance.principal_cents, *unmet.values()]) >= 0
        assert balance.excess_cents == 0
        assert balance.paid_cents + sum(unmet.values()) == sum(self.paid.values())
        if self.is_free:
            assert balance.total_cents == max(0, self.charged - sum(self.paid.values()))
            assert sum(unmet.values()) == max(0, sum(self.paid.values()) - self.charged)

    @invariant()
    def the_entries_add_up_and_nothing_is_in_doubt(self) -> None:
        if not hasattr(self, "debtor"):
            return
        open_cents = queries.balances(debts=[debt.pk for debt in self.debts()], on=TODAY)
        for debt in self.debts():
            entries = LedgerEntry.objects.filter(debt=debt).aggregate(sum=Sum("amount_cents"))["sum"]
            assert entries == open_cents[debt.pk].principal_cents
        assert ledger_audit.look_over(now=NOW) == 0
        assert TakenBack.objects.count() + len(self.paid) == Payment.objects.count()

    def debts(self) -> list[Debt]:
        return list(Debt.objects.filter(debtor=self.debtor).order_by("pk"))

    def record(
        self, amount: int, paid_on: date, *, number: str, source: str = "hand", debt: Debt | None = None
    ) -> Payment:
        return ledger.record_payment(
            debtor=self.debtor, creditor=self.creditor, amount_cents=amount, paid_on=paid_on,
            method=PaymentMethod.PIX, source=PaymentSource(source), external_id=number, recorded_by=None,
            now=NOW, debt=debt,
        )  # fmt: skip


def day(ago: int) -> date:
    return TODAY - timedelta(days=ago)


def lives(runs: int, steps: int) -> Any:
    return settings(
        max_examples=runs,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


def test_the_books_agree_with_a_plain_model_through_short_lives():
    run_state_machine_as_test(Books, settings=lives(8, 8))


@pytest.mark.full
def test_the_books_agree_with_a_plain_model_through_two_thousand_long_lives():
    run_state_machine_as_test(Books, settings=lives(2_000, 50))
