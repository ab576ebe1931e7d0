"""Whatever is paid, repeated, taken back, agreed on, broken, disputed: the books say what a model says."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contacts.services import holds
from contacts.vocabulary import HoldKind
from debtors import queries
from debtors.models import Agreement, Creditor, Debt, LedgerEntry, Payment, TakenBack
from debtors.queries import offers
from debtors.services import agreements, agreements_kept, arrivals, ledger, ledger_audit, terms
from debtors.services.arrivals import Told
from debtors.vocabulary import (
    AgreementState,
    ForgivenFor,
    PaymentMethod,
    PaymentSource,
    PromiseStatus,
    WhenBroken,
)
from tests.factories import make_creditor, make_debt, make_debtor, make_manager
from tests.factories.agreements import make_agreement, make_offer_rules

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
FREE = {"late_fee_rate": Decimal(0), "monthly_interest_rate": Decimal(0)}
CHARGED = {"late_fee_rate": Decimal("0.02"), "monthly_interest_rate": Decimal("0.01")}
LEAST_PAYMENT = 1_000
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
        self.now = NOW

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.open.__exit__(None, None, None)

    @initialize(
        charges=st.booleans(),
        order=st.sampled_from(["fee_first", "interest_first"]),
        owed=st.sampled_from([10_000, 60_000, 200_000]),
    )
    def begin(self, charges: bool, order: str, owed: int) -> None:
        self.debtor, self.creditor = make_debtor(), make_creditor(**(CHARGED if charges else FREE))
        Creditor.objects.filter(pk=self.creditor.pk).update(settling_order=order)
        make_offer_rules(creditor=self.creditor, when_broken=WhenBroken.UNDONE)
        self.manager = make_manager()
        self.is_free = not charges
        self.add_debt(owed, 40)

    @rule(amount=cents, ago=st.integers(-30, 90))
    def add_debt(self, amount: int, ago: int) -> None:
        due_on = self.today - timedelta(days=ago)
        make_debt(debtor=self.debtor, creditor=self.creditor, installments=[(due_on, amount)])
        ledger.make_room(debtor_id=self.debtor.pk, creditor_id=self.creditor.pk, now=self.now)
        self.charged += amount

    @rule(amount=st.integers(1, 3_000), ago=days_ago)
    def add_cost(self, amount: int, ago: int) -> None:
        debt = self.debts()[-1]
        ledger.add_cost(
            debt, amount_cents=amount, incurred_on=self.day(ago), reason="x", by=None, now=self.now
        )
        self.charged += amount

    @rule(target=payments, amount=cents, ago=days_ago, names_a_debt=st.booleans())
    def pay(self, amount: int, ago: int, names_a_debt: bool) -> Payment:
        self.number += 1
        debt = self.debts()[-1] if names_a_debt else None
        payment = self.record(amount, self.day(ago), number=f"P{self.number}", debt=debt)
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
            ledger.reverse_payment(payment, reason="x", now=self.now)
            del self.paid[payment.pk]
        else:
            with pytest.raises(ledger.AlreadyReversedError):
                ledger.reverse_payment(payment, reason="x", now=self.now)

    @rule(target=payments, amount=cents, ago=days_ago, times=st.integers(1, 3))
    def hear_from_the_bank(self, amount: int, ago: int, times: int) -> Payment:
        self.number += 1
        told = Told(
            PaymentSource.BANK, f"B{self.number}", amount, self.day(ago), PaymentMethod.BOLETO, "paid",
            document=self.debts()[0].contract,
        )  # fmt: skip
        for _ in range(times):
            arrivals.take_in([told], creditor=self.creditor, file=None, now=self.now)
        payment = Payment.objects.get(source=PaymentSource.BANK, external_id=f"B{self.number}")
        self.paid[payment.pk] = amount
        return payment

    @rule(percent=st.integers(66, 100), count=st.integers(1, 4))
    def agree(self, percent: int, count: int) -> None:
        between = {"debtor_id": self.debtor.pk, "creditor_id": self.creditor.pk}
        found = offers.negotiable(**between, on=self.today)
        total = found.owed.items.total_cents * percent // 100
        if found.obstacle or total < LEAST_PAYMENT * count or self.in_force():
            return
        self.now += timedelta(seconds=1)  # what was paid before was paid earlier
        make_agreement(
            self.debts()[0], total_cents=total, by=self.manager, now=self.now, payments=count,
            first_on=self.today,
        )  # fmt: skip
        self.now += timedelta(seconds=1)

    @precondition(lambda self: hasattr(self, "debtor") and self.in_force())
    @rule(target=payments)
    def keep_the_agreement(self) -> Payment:
        self.number += 1
        left = offers.progress_of(self.in_force(), on=self.today).left_cents
        payment = self.record(left, self.today, number=f"K{self.number}")
        self.paid[payment.pk] = left
        return payment

    @precondition(lambda self: self.now < NOW + timedelta(days=200))
    @rule(days=st.integers(1, 20))
    def let_days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        agreements_kept.settle_due(now=self.now)

    @rule()
    def break_off(self) -> None:
        if found := self.in_force():
            agreements.withdraw(found, reason="x", by=self.manager, now=self.now)

    @rule()
    def dispute(self) -> None:
        holds.place(debtor=self.debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=self.now)

    @rule(rate=st.sampled_from([Decimal(0), Decimal("0.01"), Decimal("0.05")]))
    def change_terms(self, rate: Decimal) -> None:
        if self.is_free:
            return
        settled = [debt for debt, left in self.principal_left().items() if not left]
        Creditor.objects.filter(pk=self.creditor.pk).update(monthly_interest_rate=rate)
        terms.have_changed([self.creditor])
        terms.settle_by_new_terms(now=self.now)
        found = queries.balances(debts=settled, on=self.today)
        assert [balance.total_cents for balance in found.values()] == [0] * len(settled)

    @invariant()
    def the_books_say_what_the_model_says(self) -> None:
        if not hasattr(self, "debtor"):
            return
        balance = queries.balance_with(debtor_id=self.debtor.pk, creditor_id=self.creditor.pk, on=self.today)
        unmet = {pk: ledger.unallocated_cents(Payment.objects.get(pk=pk)) for pk in self.paid}
        assert min([balance.total_cents, balance.principal_cents, *unmet.values()]) >= 0
        assert balance.excess_cents == 0
        assert balance.paid_cents + sum(unmet.values()) == sum(self.paid.values())
        if self.is_free:
            settled = sum(self.paid.values()) + sum(forgiven(each) for each in Agreement.objects.all())
            assert balance.total_cents == max(0, self.charged - settled)
            assert sum(unmet.values()) == max(0, settled - self.charged)

    @invariant()
    def an_agreement_that_is_kept_forgives_what_was_agreed_and_one_that_ended_nothing(self) -> None:
        if not hasattr(self, "debtor"):
            return
        for agreement in Agreement.objects.all():
            is_kept = agreement.state in (AgreementState.ACTIVE, AgreementState.FULFILLED)
            agreed = agreement.discount_cents if is_kept else 0
            if self.is_free:
                assert forgiven(agreement, ForgivenFor.AGREED) == agreed
            else:  # where less is owed by other terms, less needs to be forgiven
                assert 0 <= forgiven(agreement, ForgivenFor.AGREED) <= agreed
            assert forgiven(agreement) == forgiven(agreement, ForgivenFor.AGREED) or is_kept
            awaited = agreement.promises.filter(status=PromiseStatus.OPEN).count()
            assert awaited == (agreement.state == AgreementState.ACTIVE)

    @invariant()
    def the_entries_add_up_and_nothing_is_in_doubt(self) -> None:
        if not hasattr(self, "debtor"):
            return
        balances = queries.balances(debts=[debt.pk for debt in self.debts()], on=self.today)
        assert self.principal_left() == {debt: found.principal_cents for debt, found in balances.items()}
        assert ledger_audit.look_over(now=self.now) == 0
        assert TakenBack.objects.count() + len(self.paid) == Payment.objects.count()

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def in_force(self) -> Agreement | None:
        return offers.in_force(debtor_id=self.debtor.pk, creditor_id=self.creditor.pk)

    def debts(self) -> list[Debt]:
        return list(Debt.objects.filter(debtor=self.debtor).order_by("pk"))

    def principal_left(self) -> dict[int, int]:
        """What the entries of each debt add up to."""
        rows = LedgerEntry.objects.order_by().filter(debt__debtor=self.debtor).values_list("debt")
        return dict(rows.annotate(left=Sum("amount_cents")))

    def record(
        self, amount: int, paid_on: date, *, number: str, source: str = "hand", debt: Debt | None = None
    ) -> Payment:
        return ledger.record_payment(
            debtor=self.debtor, creditor=self.creditor, amount_cents=amount, paid_on=paid_on,
            method=PaymentMethod.PIX, source=PaymentSource(source), external_id=number, recorded_by=None,
            now=self.now, debt=debt,
        )  # fmt: skip


def forgiven(agreement: Agreement, *why: ForgivenFor) -> int:
    """Return what an agreement forgives and was not undone."""
    entries = LedgerEntry.objects.filter(forgiven_by__agreement=agreement, reversal__isnull=True)
    if why:
        entries = entries.filter(forgiven_by__forgiven_for__in=why)
    return -(entries.aggregate(sum=Sum("amount_cents"))["sum"] or 0)


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
