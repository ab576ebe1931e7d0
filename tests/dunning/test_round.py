"""What runs by itself: the round of the house, and the bell that rings for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact
from contacts.services import holds
from contacts.vocabulary import Channel, HoldKind
from dunning.models import Case
from dunning.services import round
from dunning.services.round import Round
from dunning.tasks import open_and_plan
from dunning.vocabulary import CaseState
from tests.factories import make_case, make_debt, make_strategy, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ladder(db):
    make_template(key="first_notice", channel=Channel.EMAIL)
    return make_strategy()


def test_a_round_opens_plans_and_finds_nothing_to_do_the_second_time(monday_10am):
    make_debt(installments=[((monday_10am - timedelta(days=6)).date(), 10_000)])

    assert round.go(now=monday_10am) == Round(moved=0, opened=1, planned=1)
    assert round.go(now=monday_10am) == Round(moved=0, opened=0, planned=0)
    assert Contact.objects.count() == 1


def test_a_round_lets_held_cases_rest_before_it_plans(monday_10am):
    case = make_case(now=monday_10am, days_late=6, is_callable=False)
    holds.place(debtor=case.debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=monday_10am)

    assert round.go(now=monday_10am) == Round(moved=1, opened=0, planned=0)
    assert Contact.objects.count() == 0


def test_the_bell_does_what_is_due_now():
    make_debt(installments=[((timezone.now() - timedelta(days=6)).date(), 10_000)])

    open_and_plan.enqueue()

    assert Case.objects.get().state == CaseState.OPEN
    assert Contact.objects.count() == 1


def test_a_new_case_of_a_held_debtor_rests_from_the_beginning(monday_10am):
    debt = make_debt(installments=[((monday_10am - timedelta(days=6)).date(), 10_000)])
    holds.place(debtor=debt.debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=monday_10am)

    assert round.go(now=monday_10am) == Round(opened=1, moved=1, planned=0)
    assert Contact.objects.count() == 0
