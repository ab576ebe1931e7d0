"""Payments are told once, every centavo has its entry, and nobody can edit what is written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from debtors import queries
from debtors.models import AppendOnlyError, LedgerEntry, Payment, PromiseToPay
from debtors.services import ledger, promises
from debtors.vocabulary import EntryKind, PaymentMethod, PaymentSource, PromiseStatus
from tests.factories import make_creditor, make_debt, make_debtor

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
TODAY = MONDAY.date()


def test_the_same_payment_told_twice_counts_once():
    debt = _debt_of(10_000)

    first = _pay(debt, 4_000, external_id="E1")
    second = _pay(debt, 4_000, external_id="E1")

    assert first == second
    assert _owed(debt) == 6_000


def test_two_equal_payments_with_their_own_numbers_both_count():
    debt = _debt_of(10_000)

    _pay(debt, 4_000, external_id="E1")
    _pay(debt, 4_000, external_id="E2")

    assert _owed(debt) == 2_000


def test_the_same_number_with_another_amount_is_refused_and_changes_nothing():
    debt = _debt_of(10_000)
    _pay(debt, 4_000, external_id="E1")

    with pytest.raises(ledger.PaymentConflictError):
        _pay(debt, 5_000, external_id="E1")

    assert _owed(debt) == 6_000


@pytest.mark.parametrize(("amount_cents", "days"), [(0, 0), (-1, 0), (100, 1)])
def test_a_payment_of_nothing_or_of_tomorrow_is_refused(amount_cents, days):
    debt = _debt_of(10_000)

    with pytest.raises(ledger.PaymentRefusedError):
        _pay(debt, amount_cents, paid_on=TODAY + timedelta(days=days))

    assert not Payment.objects.exists()


def test_what_exceeds_the_debt_stays_unallocated_and_the_balance_is_not_negative():
    debt = _debt_of(10_000)

    payment = _pay(debt, 13_000)

    assert ledger.unallocated_cents(payment) == 3_000
    assert _owed(debt) == 0


def test_the_entries_of_a_debt_add_up_to_its_open_principal_when_interest_was_paid():
    debt = _debt_of(10_000, days_late=30)

    _pay(debt, 5_300)

    entries = LedgerEntry.objects.filter(debt=debt).values_list("kind", "amount_cents")
    assert set(entries) == {
        (EntryKind.CHARGE, 10_000),
        (EntryKind.PAYMENT, -5_300),
        (EntryKind.INTEREST, 100),
        (EntryKind.LATE_FEE, 200),
    }
    assert sum(amount for _kind, amount in entries) == _owed(debt) == 5_000


def test_a_payment_meets_the_oldest_debt_first():
    debtor, creditor = make_debtor(), make_creditor(late_fee_rate=0, monthly_interest_rate=0)
    old = make_debt(debtor=debtor, creditor=creditor, installments=[(date(2026, 9, 1), 3_000)])
    new = make_debt(debtor=debtor, creditor=creditor, installments=[(date(2026, 10, 1), 3_000)])

    _pay(new, 4_000)

    assert (_owed(old), _owed(new)) == (0, 2_000)


def test_a_payment_for_one_contract_goes_to_that_contract():
    debtor, creditor = make_debtor(), make_creditor(late_fee_rate=0, monthly_interest_rate=0)
    old = make_debt(debtor=debtor, creditor=creditor, installments=[(date(2026, 9, 1), 3_000)])
    new = make_debt(debtor=debtor, creditor=creditor, installments=[(date(2026, 10, 1), 3_000)])

    _pay(new, 3_500, only_to=new)

    assert (_owed(old), _owed(new)) == (2_500, 0)


def test_a_payment_taken_back_is_owed_again_with_its_additions():
    debt = _debt_of(10_000, days_late=30)
    before = _owed(debt)
    payment = _pay(debt, 5_300)

    ledger.reverse_payment(payment, reason="cheque returned", now=MONDAY)

    assert _owed(debt) == before
    assert sum(LedgerEntry.objects.filter(debt=debt).values_list("amount_cents", flat=True)) == 10_000
    with pytest.raises(ledger.AlreadyReversedError):
        ledger.reverse_payment(payment, reason="again", now=MONDAY)


def test_a_payment_that_arrives_late_with_an_earlier_date_corrects_the_interest():
    debt = _debt_of(10_000, days_late=60)
    _pay(debt, 1_000, external_id="late", paid_on=TODAY)

    _pay(debt, 5_000, external_id="early", paid_on=TODAY - timedelta(days=59))

    open_principal = queries.balances(debts=[debt.pk], on=TODAY)[debt.pk].principal_cents
    assert sum(LedgerEntry.objects.filter(debt=debt).values_list("amount_cents", flat=True)) == open_principal


def test_a_payment_told_late_never_meets_a_debt_that_later_money_has_settled_already():
    debtor, creditor = make_debtor(), make_creditor()
    old = make_debt(debtor=debtor, creditor=creditor, installments=[(TODAY - timedelta(days=60), 10_000)])
    new = make_debt(debtor=debtor, creditor=creditor, installments=[(TODAY - timedelta(days=30), 10_000)])
    _pay(old, 10_400, external_id="today", only_to=old)

    early = _pay(old, 10_300, external_id="yesterday", paid_on=TODAY - timedelta(days=1))

    assert (_owed(old), _owed(new)) == (0, 0)
    assert ledger.unallocated_cents(early) == 3  # a day's interest that never came to be
    assert queries.balances(debts=[old.pk], on=TODAY)[old.pk].excess_cents == 0


def test_a_payment_told_late_fills_what_later_money_left_open():
    debtor, creditor = make_debtor(), make_creditor(late_fee_rate=0, monthly_interest_rate=0)
    old = make_debt(debtor=debtor, creditor=creditor, installments=[(TODAY - timedelta(days=60), 10_000)])
    new = make_debt(debtor=debtor, creditor=creditor, installments=[(TODAY - timedelta(days=30), 10_000)])
    _pay(old, 6_000, external_id="today")

    _pay(old, 10_000, external_id="last week", paid_on=TODAY - timedelta(days=7))

    assert (_owed(old), _owed(new)) == (0, 4_000)


def test_entries_and_payments_cannot_be_edited_through_the_models():
    debt = _debt_of(10_000)

    with pytest.raises(AppendOnlyError):
        LedgerEntry.objects.filter(debt=debt).update(amount_cents=1)
    with pytest.raises(AppendOnlyError):
        LedgerEntry.objects.filter(debt=debt).delete()


@pytest.mark.parametrize("table", ["debtors_payment", "debtors_ledgerentry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET amount_cents = 1", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_edit_money(table, statement):
    _pay(_debt_of(10_000), 4_000)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_a_promise_is_kept_the_moment_the_money_is_there():
    debt = _debt_of(10_000)
    promise = _promise(debt, 4_000)

    _pay(debt, 3_999, external_id="almost")
    promise.refresh_from_db()
    assert promise.status == PromiseStatus.OPEN
    _pay(debt, 1, external_id="rest")

    promise.refresh_from_db()
    assert promise.status == PromiseStatus.KEPT


def test_a_payment_made_before_the_promise_does_not_keep_it():
    debt = _debt_of(10_000)
    _pay(debt, 4_000, now=MONDAY - timedelta(hours=1))

    promise = _promise(debt, 4_000)
    promises.settle_due(now=MONDAY + timedelta(days=5))

    promise.refresh_from_db()
    assert promise.status == PromiseStatus.BROKEN


def test_a_payment_taken_back_no_longer_keeps_the_promise():
    debt = _debt_of(10_000)
    promise = _promise(debt, 4_000)
    payment = _pay(debt, 4_000)

    ledger.reverse_payment(payment, reason="cheque returned", now=MONDAY)

    promise.refresh_from_db()
    assert (promise.status, promise.settled_at) == (PromiseStatus.OPEN, None)


def test_a_payment_taken_back_after_the_promised_day_leaves_the_promise_broken():
    debt = _debt_of(10_000)
    promise = _promise(debt, 4_000)
    payment = _pay(debt, 4_000)

    ledger.reverse_payment(payment, reason="cheque returned", now=MONDAY + timedelta(days=5))

    promise.refresh_from_db()
    assert promise.status == PromiseStatus.BROKEN


def test_a_promise_breaks_only_when_its_day_and_grace_are_over():
    promise = _promise(_debt_of(10_000), 4_000)

    assert promises.settle_due(now=MONDAY + timedelta(days=3)) == 0
    assert promises.settle_due(now=MONDAY + timedelta(days=4)) == 1
    assert promises.settle_due(now=MONDAY + timedelta(days=4)) == 0

    promise.refresh_from_db()
    assert promise.status == PromiseStatus.BROKEN


def test_only_one_promise_to_a_creditor_is_open_at_a_time():
    debt = _debt_of(10_000)
    _promise(debt, 4_000)

    with pytest.raises(promises.PromiseRefusedError, match="one_open"):
        _promise(debt, 4_000)

    assert PromiseToPay.objects.count() == 1


def test_a_withdrawn_promise_makes_room_for_another():
    debt = _debt_of(10_000)

    promises.cancel(_promise(debt, 4_000), now=MONDAY)

    assert _promise(debt, 5_000).amount_cents == 5_000


@pytest.mark.parametrize("number_of_debts", [1, 3])
def test_balances_of_many_debts_take_three_queries_and_on_postgresql_one_errand(
    django_assert_num_queries, number_of_debts
):
    debts = [_debt_of(10_000).pk for _ in range(number_of_debts)]

    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 3):
        assert len(queries.balances(debts=debts, on=TODAY)) == number_of_debts


def _debt_of(amount_cents, *, days_late=0):
    return make_debt(
        installments=[(TODAY - timedelta(days=days_late), amount_cents)], creditor=make_creditor()
    )


def _pay(debt, amount_cents, *, external_id="E1", paid_on=TODAY, now=MONDAY, only_to=None):
    return ledger.record_payment(
        debtor=debt.debtor,
        creditor=debt.creditor,
        amount_cents=amount_cents,
        paid_on=paid_on,
        method=PaymentMethod.PIX,
        source=PaymentSource.HAND,
        external_id=external_id,
        recorded_by=None,
        now=now,
        debt=only_to,
    )


def _promise(debt, amount_cents):
    return promises.promise(
        debtor=debt.debtor,
        creditor=debt.creditor,
        amount_cents=amount_cents,
        promised_on=TODAY + timedelta(days=2),
        made_to=None,
        now=MONDAY,
    )


def _owed(debt):
    return queries.balances(debts=[debt.pk], on=TODAY)[debt.pk].total_cents
