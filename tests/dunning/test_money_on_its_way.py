"""A boleto or Pix that was issued parks the ladder until it has expired and had time to arrive."""

from datetime import timedelta

import pytest
from django.urls import reverse

from contacts import queries as contact_queries
from contacts.vocabulary import Channel
from debtors.models import MoneyInTransit
from debtors.services import transit
from debtors.vocabulary import TransitKind, TransitState
from dunning.models import Case
from tests.factories import make_agent, make_case, make_creditor, make_debt, make_payment, make_policy

pytestmark = pytest.mark.django_db


def issue(case, *, now, cents=10_000, kind=TransitKind.BOLETO, expires_in=0, number=""):
    return transit.issue(
        debtor=case.debtor, creditor=case.creditor, kind=kind, amount_cents=cents, number=number,
        expires_on=now.date() + timedelta(days=expires_in), by=None, now=now,
    )  # fmt: skip


def reasons(case, *, now, creditor_id=None):
    asked = contact_queries.may_contact(
        debtor=case.debtor, channel=Channel.SMS, now=now, creditor_id=creditor_id or case.creditor_id
    )
    return asked.best.reasons


@pytest.mark.parametrize(("kind", "days"), [(TransitKind.BOLETO, 3), (TransitKind.PIX, 1)])
def test_contact_rests_until_expiry_and_the_creditors_working_days(monday_10am, kind, days):
    make_policy(now=monday_10am)
    case = make_case(now=monday_10am)

    made = issue(case, now=monday_10am, kind=kind)

    assert made.rests_until == monday_10am.date() + timedelta(days=days)
    assert reasons(case, now=monday_10am + timedelta(days=days)) == ("MONEY_IN_TRANSIT",)
    assert reasons(case, now=monday_10am + timedelta(days=days + 1)) == ()


def test_the_ladder_takes_no_step_meanwhile_and_agents_are_given_nothing(monday_10am):
    case = make_case(now=monday_10am)

    made = issue(case, now=monday_10am)

    case.refresh_from_db()
    assert case.next_plan_on == made.rests_until + timedelta(days=1)
    assert case.callable_from is None


def test_what_is_withdrawn_lets_the_ladder_go_on_today(monday_10am):
    make_policy(now=monday_10am)
    case = make_case(now=monday_10am)
    made = issue(case, now=monday_10am)

    transit.withdraw(made, now=monday_10am + timedelta(hours=1))

    case.refresh_from_db()
    assert case.next_plan_on == monday_10am.date()
    assert reasons(case, now=monday_10am) == ()


def test_contact_about_another_creditor_goes_on(monday_10am):
    make_policy(now=monday_10am)
    case = make_case(now=monday_10am)
    other = make_debt(debtor=case.debtor, creditor=make_creditor())

    issue(case, now=monday_10am)

    assert reasons(case, now=monday_10am, creditor_id=other.creditor_id) == ()


def test_the_same_amount_that_arrives_ends_it_and_another_does_not(monday_10am):
    case = make_case(now=monday_10am, amount_cents=50_000)
    made = issue(case, now=monday_10am, cents=5_000)

    make_payment(debtor=case.debtor, creditor=case.creditor, amount_cents=4_000, now=monday_10am)
    made.refresh_from_db()
    assert made.state == TransitState.WAITING
    make_payment(debtor=case.debtor, creditor=case.creditor, amount_cents=5_000, now=monday_10am)

    made.refresh_from_db()
    assert made.state == TransitState.ARRIVED
    assert Case.objects.get().next_plan_on == monday_10am.date()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"cents": 0}, "nothing"),
        ({"expires_in": -1}, "past"),
        ({"expires_in": 61}, "too_far"),
        ({"number": "TWICE"}, "number_twice"),
    ],
)
def test_what_cannot_be_is_refused(monday_10am, values, reason):
    case = make_case(now=monday_10am)
    issue(case, now=monday_10am, number="TWICE")

    with pytest.raises(transit.TransitRefusedError, match=reason):
        issue(case, now=monday_10am, **values)


def test_an_agent_notes_it_on_a_page_and_takes_it_back(client):
    from django.utils import timezone

    case = make_case(now=timezone.now())
    client.force_login(make_agent(permissions=["add_moneyintransit", "view_debtor"]))
    page = reverse("debtors:transit", args=[case.debtor_id, case.creditor_id])
    day = timezone.localdate().strftime("%d/%m/%Y")

    assert (
        client.post(page, {"kind": "boleto", "amount": "50", "expires_on": "01/01/2020"}).status_code == 422
    )
    client.post(page, {"kind": "boleto", "amount": "50,00", "expires_on": day})
    made = MoneyInTransit.objects.get()
    assert "50,00" in client.get(reverse("contacts:debtor", args=[case.debtor_id])).content.decode()
    client.post(reverse("debtors:transit_withdraw", args=[made.pk]))

    made.refresh_from_db()
    assert (made.amount_cents, made.state) == (5_000, TransitState.WITHDRAWN)
