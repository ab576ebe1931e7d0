"""WhatsApp through Twilio: approved texts by name, with consent; words of our own for a day only."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from twilio.http.response import Response

from contacts.channels import twilio_answers
from contacts.channels.base import Accepted, Message, NotSent, Rejected, Unknown
from contacts.channels.twilio_api import TwilioAccount
from contacts.channels.twilio_whatsapp import TwilioWhatsAppChannel
from contacts.models import Consent, Contact, ProviderText
from contacts.rules import provider_text
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import dispatch, outbox
from contacts.vocabulary import Channel, ContactState, Purpose
from tests.factories import house_creditor, make_contact, make_debt, make_debtor, make_policy, make_template
from tests.fakes.twilio import Account, TwilioFake

SID, TOKEN, SERVICE = "AC" + "1" * 32, "a-token", "MG" + "4" * 32
OURS, THEIRS = "+551140040000", "+5511987654321"
CONTENT_SID = "HX" + "a1" * 16
NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday in São Paulo
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
BODY = "Ola, {{ name }}. Aqui e a {{ brand }}. Protocolo {{ protocol }}."


@pytest.fixture
def twilio():
    account = Account(account_sid=SID, auth_token=TOKEN, callback_delay_seconds=0.01)
    account.contents[CONTENT_SID] = provider_text.as_approved(BODY)
    with TwilioFake(account) as fake:
        yield fake


@pytest.fixture
def office(db, settings, twilio):
    settings.CHANNELS = settings.CHANNELS | {"whatsapp": "twilio"}
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = SID, TOKEN
    settings.TWILIO_API_BASE_URL, settings.TWILIO_WHATSAPP_FROM = twilio.url, OURS
    make_policy(now=NOON, windows=ALWAYS, consent_required=["whatsapp"], minor_age=None)


def channel(url, **changes):
    account = TwilioAccount(account_sid=SID, auth_token=TOKEN, sender=OURS, api_base_url=url)
    return TwilioWhatsAppChannel(account=replace(account, **changes))


def message(**changes):
    return Message(**{"attempt_id": "7f0c", "to": THEIRS, "body": "Olá", "at": NOON} | changes)


def want(*, now=NOON, template=None, body="", consent=True, phone=THEIRS, name="Maria Souza"):
    """Return a WhatsApp message that is wanted for a debtor of its own."""
    debtor = make_debtor(name=name, phone=phone, email=None)
    make_debt(debtor=debtor)
    if consent:
        Consent.objects.create(debtor=debtor, channel="whatsapp", active_from=now, source="contrato")
    return outbox.want(
        Contact(
            wanted_by=f"test:{phone}:{name}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.WHATSAPP,
            purpose=Purpose.COLLECTION if template else Purpose.REPLY,
            template=template,
            body=body,
            not_before=now,
            created_at=now,
        )
    )


def approved():
    template = make_template(key="whats", channel=Channel.WHATSAPP, body=BODY)
    ProviderText.objects.create(template=template, content_sid=CONTENT_SID)
    return template


def pump(now=NOON):
    dispatch.pump(clock=lambda: now)


def standing(contact):
    contact.refresh_from_db()
    return contact.state, contact.objections


# --- the wire


def test_an_approved_text_goes_by_its_name_and_values_only(twilio):
    answer = channel(twilio.url).send(
        message(content_sid=CONTENT_SID, content_variables={"1": "Ana", "2": "Loja", "3": "7KQ2XW"})
    )

    (accepted,) = twilio.accepted()
    assert answer == Accepted(provider_id=accepted.sid)
    assert accepted.fields == {
        "To": f"whatsapp:{THEIRS}",
        "From": f"whatsapp:{OURS}",
        "ContentSid": CONTENT_SID,
        "ContentVariables": json.dumps({"1": "Ana", "2": "Loja", "3": "7KQ2XW"}),
        "ValidityPeriod": "300",
    }
    assert accepted.text == "Ola, Ana. Aqui e a Loja. Protocolo 7KQ2XW."


def test_words_of_our_own_go_as_they_are(twilio):
    channel(twilio.url).send(message(body="Recebido, obrigado!"))

    (accepted,) = twilio.accepted()
    assert accepted.fields["Body"] == "Recebido, obrigado!"
    assert "ContentSid" not in accepted.fields


def test_a_messaging_service_keeps_its_own_name(twilio):
    channel(twilio.url, sender=SERVICE).send(message(content_sid=CONTENT_SID, content_variables={"1": "A"}))

    (accepted,) = twilio.accepted()
    assert (accepted.fields["MessagingServiceSid"], accepted.fields["To"]) == (SERVICE, f"whatsapp:{THEIRS}")


def test_a_message_whose_window_is_over_never_reaches_the_wire(twilio):
    answer = channel(twilio.url).send(message(valid_for_seconds=0))

    assert (type(answer), twilio.accepted()) == (NotSent, [])


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, 63014, Rejected(code="63014", detail="the recipient has blocked us", is_opt_out=True)),
        (400, 63024, Rejected(code="63024", detail="not a WhatsApp number", is_bad_address=True)),
        (400, 63016, Rejected(code="63016")),
        (400, 63018, NotSent(reason="twilio: too many requests", retry_after_seconds=30)),
        (500, 63016, Unknown(reason="twilio: status 500, code 63016")),
    ],
)
def test_whatsapp_s_own_codes_are_understood(status, code, expected):
    assert twilio_answers.classify(Response(status, json.dumps({"code": code}))) == expected


# --- the whole road


def test_an_approved_text_leaves_with_consent_and_is_unlike_any_other(office, twilio):
    template = approved()
    contacts = [want(template=template, phone=f"+551198765000{number}") for number in range(3)]

    pump()

    sent = twilio.accepted()
    assert len({message.fields["ContentVariables"] for message in sent}) == 3
    for contact in contacts:
        contact.refresh_from_db()
    assert sorted(message.text for message in sent) == sorted(contact.body for contact in contacts)


def test_without_consent_nothing_leaves(office, twilio):
    contact = want(template=approved(), consent=False)

    pump()

    assert standing(contact) == (ContactState.BLOCKED, ["CONSENT_MISSING"])
    assert twilio.accepted() == []


def test_a_text_nobody_approved_is_words_of_our_own(office, twilio):
    contact = want(template=make_template(key="whats", channel=Channel.WHATSAPP, body=BODY))

    pump()

    assert standing(contact) == (ContactState.BLOCKED, ["WHATSAPP_WINDOW"])
    assert twilio.accepted() == []


@pytest.mark.parametrize(
    ("hours_ago", "state"),
    [(23.9, ContactState.SENT), (24.1, ContactState.BLOCKED), (None, ContactState.BLOCKED)],
)
def test_words_of_our_own_leave_within_a_day_after_his_last_word_only(office, twilio, hours_ago, state):
    contact = want(body="Recebido, obrigado!")
    if hours_ago:
        wrote_at = NOON - timedelta(hours=hours_ago)
        inbound = make_contact(
            debtor=contact.debtor, at=wrote_at, channel=Channel.WHATSAPP, outcome="inbound"
        )
        Contact.objects.filter(pk=inbound.pk).update(is_inbound=True)

    pump()

    assert standing(contact)[0] == state
    assert len(twilio.accepted()) == (state == ContactState.SENT)


def test_ten_minutes_before_the_window_closes_no_whatsapp_is_started_any_more(office, twilio):
    make_policy(now=NOON, windows={"mon": [["08:00", "12:10"]], "tue": [["08:00", "12:00"]]}, minor_age=None)
    late, in_time = want(template=approved()), want(template=approved_already(), phone="+5511987654322")

    dispatch.send_one(
        outbox.claim_one(in_time, now=NOON - timedelta(seconds=1)), clock=lambda: NOON - timedelta(seconds=1)
    )
    dispatch.send_one(outbox.claim_one(late, now=NOON), clock=lambda: NOON)

    assert (standing(in_time)[0], standing(late)[0]) == (ContactState.SENT, ContactState.PLANNED)


def approved_already():
    return ProviderText.objects.get().template


def test_whatsapp_is_off_until_a_manager_switches_it_on():
    assert "whatsapp" not in DEFAULT_POLICY["channels"]
    assert "whatsapp" in DEFAULT_POLICY["consent_required"]
