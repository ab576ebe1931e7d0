"""An agreement in force lets its case rest until it is broken; then somebody asks kindly."""

from datetime import UTC, datetime, timedelta

import pytest

from debtors.services import agreements_kept
from dunning import queries
from dunning.vocabulary import CaseState
from tests.factories import make_agent, make_case
from tests.factories.agreements import make_agreement, make_offer_rules

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_an_agreement_in_force_lets_the_case_rest_until_it_is_broken():
    case = make_case(now=MONDAY)
    make_offer_rules(creditor=case.creditor)
    agent = make_agent(permissions=["negotiate_agreement"])
    debt = case.debtor.debts.get()
    owed = sum(each.amount_cents for each in debt.installments.all())

    make_agreement(debt, total_cents=owed, by=agent, now=MONDAY)
    case.refresh_from_db()
    assert (case.state, case.callable_from) == (CaseState.PROMISED, None)
    assert not queries.cases_without_next_action(now=MONDAY).exists()

    later = MONDAY + timedelta(days=7)
    agreements_kept.settle_due(now=later)
    case.refresh_from_db()
    assert (case.state, case.callable_from) == (CaseState.OPEN, later)
