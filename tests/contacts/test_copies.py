"""A second copy of what there is to pay with: once a day, through the gate, with the debtor's own page."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact, Template
from contacts.services import copies, dispatch
from contacts.services.asked_for import NotWantedError
from contacts.vocabulary import Channel, ContactState, Purpose, TemplateState
from debtors.models import ContactPoint
from debtors.services import pay_links, payment_requests
from debtors.vocabulary import PointStatus
from dunning.services import defaults
from tests.factories import make_agent, make_debt, make_payment, make_policy
from tests.factories.paying import make_account, make_request

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def debt(settings, tmp_path):
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    defaults.ship()
    make_policy(now=MONDAY_10AM)
    made = make_debt(installments=[(MONDAY_10AM.date() - timedelta(days=30), 10_000)])
    make_account(creditor=made.creditor)
    return made


def left(settings):
    lines = settings.SANDBOX_FILE.read_text().splitlines() if settings.SANDBOX_FILE.exists() else []
    return [json.loads(line) for line in lines]


def pump(at=MONDAY_10AM):
    dispatch.pump(clock=lambda: at)


def test_a_copy_leaves_by_e_mail_with_page_and_code_although_asking_rests(debt, settings):
    issued = make_request(debt, now=MONDAY_10AM)

    first, again = (copies.want(issued, channel=Channel.EMAIL, now=MONDAY_10AM) for _ in range(2))
    pump()

    [message] = left(settings)
    assert first == again
    assert first.purpose == Purpose.SERVICE
    assert pay_links.address_of(issued.pk) in message["body"]
    assert issued.payload in message["body"]


def test_a_copy_of_what_was_paid_meanwhile_does_not_leave(debt, settings):
    issued = make_request(debt, now=MONDAY_10AM)
    other = make_request(debt, now=MONDAY_10AM, choice="part", part_cents=100)
    wanted = copies.want(issued, channel=Channel.EMAIL, now=MONDAY_10AM)
    make_payment(
        debtor=debt.debtor, creditor=debt.creditor, amount_cents=issued.amount_cents, now=MONDAY_10AM
    )

    pump()

    wanted.refresh_from_db()
    assert wanted.state == ContactState.FAILED
    assert left(settings) == []
    assert other.transit.state == "waiting"


def test_a_copy_waits_for_the_morning_like_any_message(debt):
    issued = make_request(debt, now=MONDAY_10AM)
    night = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
    wanted = copies.want(issued, channel=Channel.EMAIL, now=night)

    pump(night)

    wanted.refresh_from_db()
    assert (wanted.state, wanted.objections) == (ContactState.PLANNED, ["OUTSIDE_HOURS"])


@pytest.mark.parametrize("reason", ["over", "no_text", "no_point"])
def test_a_copy_that_cannot_be_is_refused(debt, reason):
    issued = make_request(debt, now=MONDAY_10AM)
    now = MONDAY_10AM
    if reason == "over":
        payment_requests.withdraw(issued, now=now)
        issued.refresh_from_db()
    elif reason == "no_text":
        Template.objects.filter(key=copies.TEMPLATE_KEY).update(state=TemplateState.RETIRED)
    else:
        ContactPoint.objects.update(status=PointStatus.INVALID)

    with pytest.raises(NotWantedError) as refused:
        copies.want(issued, channel=Channel.EMAIL, now=now)

    assert refused.value.reason == reason


def test_an_agent_sends_it_with_one_press_and_is_told_when_there_is_no_address(client, debt):
    issued = make_request(debt, now=timezone.now(), due_on=timezone.localdate() + timedelta(days=3))
    client.force_login(make_agent(permissions=["add_paymentrequest"]))
    address = reverse("contacts:send_copy", args=[issued.pk])

    sent = client.post(address, {"channel": "email"}, follow=True)
    refused = client.post(address, {"channel": "letter"}, follow=True)

    assert Contact.objects.get().channel == Channel.EMAIL
    assert "política de contato" in sent.content.decode()
    assert "endereço" in refused.content.decode()
    assert client.post(address, {"channel": "voice"}).status_code == 404
