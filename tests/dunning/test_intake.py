"""Which debts become cases."""

from datetime import date, timedelta

import pytest

from dunning.models import Case
from dunning.services import intake
from dunning.vocabulary import CaseState
from tests.factories import (
    house_creditor,
    make_case,
    make_creditor,
    make_debt,
    make_debtor,
    make_payment,
    make_portfolio,
    make_strategy,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(monday_10am) -> date:
    return monday_10am.date()


@pytest.fixture(autouse=True)
def ladder(db):
    return make_strategy()


def late(today, days):
    return [(today - timedelta(days=days), 10_000)]


def opened(now) -> list[tuple[int, int, date]]:
    intake.open_cases(now=now)
    return list(Case.objects.order_by("pk").values_list("debtor_id", "creditor_id", "anchor_on"))


def test_late_debts_with_one_creditor_become_one_case_of_the_oldest_due_date(monday_10am, today):
    debtor = make_debtor()
    make_debt(debtor=debtor, installments=late(today, 5))
    oldest = make_debt(debtor=debtor, portfolio=make_portfolio(), installments=late(today, 9))

    assert opened(monday_10am) == [(debtor.pk, house_creditor().pk, today - timedelta(days=9))]
    assert Case.objects.get().portfolio == oldest.portfolio


def test_two_creditors_of_one_debtor_are_two_cases(monday_10am, today):
    debtor, other = make_debtor(), make_creditor()
    make_debt(debtor=debtor, installments=late(today, 5))
    make_debt(debtor=debtor, creditor=other, installments=late(today, 5))

    assert {(d, c) for d, c, _ in opened(monday_10am)} == {
        (debtor.pk, house_creditor().pk),
        (debtor.pk, other.pk),
    }


@pytest.mark.parametrize(("days_ahead", "is_opened"), [(3, True), (4, False), (0, True), (-1, True)])
def test_what_falls_due_within_the_ladders_early_steps_is_opened_as_well(
    monday_10am, today, days_ahead, is_opened
):
    make_debt(installments=[(today + timedelta(days=days_ahead), 10_000)])

    assert bool(opened(monday_10am)) == is_opened


def test_a_creditors_own_ladder_says_how_early_its_cases_open(monday_10am, today, ladder):
    own = make_creditor()
    make_strategy(creditor=own, steps=[(-10, "system", "email", "due_soon")])
    make_debt(creditor=own, installments=[(today + timedelta(days=10), 10_000)])

    [(_debtor, creditor, _anchor)] = opened(monday_10am)

    assert creditor == own.pk
    assert Case.objects.get().strategy.creditor == own


def test_what_was_paid_is_not_opened_and_the_next_installment_only_in_its_time(monday_10am, today):
    debtor = make_debtor()
    make_debt(debtor=debtor, installments=[*late(today, 5), (today + timedelta(days=25), 10_000)])
    make_payment(debtor=debtor, amount_cents=10_000 + 217, now=monday_10am)

    assert opened(monday_10am) == []
    assert opened(monday_10am + timedelta(days=22)) == [
        (debtor.pk, house_creditor().pk, today + timedelta(days=25))
    ]


def test_opening_again_opens_nothing(monday_10am, today):
    make_debt(installments=late(today, 5))

    assert [intake.open_cases(now=monday_10am) for _ in range(3)] == [1, 0, 0]


def test_a_debt_that_is_open_again_after_its_case_closed_gets_a_new_case(monday_10am, today):
    old = make_case(now=monday_10am, state=CaseState.OPEN)
    Case.objects.filter(pk=old.pk).update(
        state=CaseState.CLOSED, close_reason="paid", closed_at=monday_10am, callable_from=None
    )

    intake.open_cases(now=monday_10am)

    assert Case.objects.exclude(pk=old.pk).get().debtor == old.debtor


def test_without_a_ladder_nothing_is_opened_and_the_log_says_so(monday_10am, today, ladder, caplog):
    ladder.is_active = False
    ladder.save()
    make_debt(installments=late(today, 5))

    assert intake.open_cases(now=monday_10am) == 0
    assert "no ladder for creditor" in caplog.text


@pytest.mark.parametrize("debtors", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_debts(
    monday_10am, today, debtors, django_assert_max_num_queries
):
    for _ in range(debtors):
        make_debt(installments=late(today, 5))

    with django_assert_max_num_queries(9):
        assert intake.open_cases(now=monday_10am) == debtors
