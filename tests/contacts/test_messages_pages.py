"""The sandbox's messages, and the outbox with its reasons."""

import uuid

import pytest
from django.utils import timezone

from contacts.channels.base import Message
from contacts.channels.sandbox import SandboxChannel
from contacts.vocabulary import Channel, ContactState
from debtors.queries import paging
from tests.factories import make_agent, make_contact, make_debt, make_debtor, make_manager, make_portfolio

pytestmark = pytest.mark.django_db

MESSAGES, OUTBOX = "/contacts/messages/", "/contacts/outbox/"


@pytest.fixture
def manager(client):
    client.force_login(make_manager())


@pytest.fixture
def sandbox(settings, tmp_path):
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"

    def keep(body: str, *, channel: str = "sms", to: str = "+5511987654321", subject: str = "") -> None:
        message = Message(attempt_id=str(uuid.uuid4()), to=to, body=body, subject=subject, at=timezone.now())
        SandboxChannel(name=channel, path=settings.SANDBOX_FILE).send(message)

    return keep


def bodies(response) -> list[str]:
    return [message.body for message in response.context["kept"]]


def test_messages_are_newest_first_25_at_a_time(client, manager, sandbox):
    for number in range(26):
        sandbox(f"Recado {number}")

    first, second = client.get(MESSAGES), client.get(MESSAGES, {"page": 2})

    assert bodies(first) == [f"Recado {number}" for number in range(25, 0, -1)]
    assert bodies(second) == ["Recado 0"]
    assert (first.context["older"], second.context["older"]) == (2, 0)


def test_what_a_message_holds_is_text_and_never_markup(client, manager, sandbox):
    sandbox("<script>alert(1)</script>", channel="email", to="ana@example.com", subject="<b>Oi</b>")

    text = client.get(MESSAGES).content.decode()

    assert "<script>alert" not in text
    assert "<b>Oi" not in text


def test_before_the_first_message_the_page_says_what_will_come(client, manager, sandbox):
    assert client.get(MESSAGES, {"page": "x"}).status_code == 200


def test_the_outbox_says_why_a_message_may_not_leave(client, manager):
    refused = make_contact(debtor=make_debtor(), at=timezone.now(), state=ContactState.BLOCKED)
    refused.objections = ["HOLD_COMPLAINT", "BIRTHDAY"]
    refused.save()

    ((contact, why),) = client.get(OUTBOX).context["rows"]

    assert contact == refused
    assert len(why) == 2
    assert all(reason.text and reason.basis and reason.text.upper() != reason.text for reason in why)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"state": "blocked"}, {"blocked"}),
        ({"channel": "email"}, {"planned"}),
        ({"state": "blocked", "channel": "email"}, set()),
        ({"state": "nonsense"}, {"blocked", "planned"}),
    ],
)
def test_the_filters_stand_in_the_address(client, manager, filters, found):
    make_contact(debtor=make_debtor(), at=timezone.now(), state=ContactState.BLOCKED)
    make_contact(debtor=make_debtor(), at=timezone.now(), state=ContactState.PLANNED, channel=Channel.EMAIL)

    rows = client.get(OUTBOX, filters).context["rows"]

    assert {contact.state for contact, _why in rows} == found


def test_the_outbox_of_an_agent_holds_his_portfolios_only(client):
    mine = make_portfolio()
    own = make_debt(portfolio=mine).debtor
    make_contact(debtor=own, at=timezone.now())
    make_contact(debtor=make_debt(portfolio=make_portfolio()).debtor, at=timezone.now())
    client.force_login(make_agent(portfolios=[mine], permissions=["view_contact"]))

    assert [contact.debtor for contact, _why in client.get(OUTBOX).context["rows"]] == [own]


@pytest.mark.parametrize("page", [MESSAGES, OUTBOX])
def test_without_the_permission_there_is_nothing_to_read(client, page):
    client.force_login(make_agent(permissions=["view_debtor"]))

    assert client.get(page).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_outbox_asks_as_often_for_one_row_as_for_three(client, manager, rows, django_assert_num_queries):
    for _number in range(rows):
        make_contact(debtor=make_debtor(), at=timezone.now())
    client.get(OUTBOX)

    with django_assert_num_queries(7):
        client.get(OUTBOX)


def test_a_long_outbox_is_not_counted_to_its_end(client, manager, monkeypatch):
    monkeypatch.setattr(paging, "MOST_COUNTED", 2)
    debtor = make_debtor()
    wanted = [make_contact(debtor=debtor, at=timezone.now()) for _ in range(3)]

    answer = client.get(OUTBOX)

    assert [contact for contact, _why in answer.context["rows"]] == wanted[:0:-1]
    assert "há mais de 2" in answer.content.decode()
