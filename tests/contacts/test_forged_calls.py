"""Who calls our webhooks and is not Twilio: twelve kinds of forgery, fifty of each, and nothing changes."""

import json
import random
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from contacts.models import Attempt, Contact, OptOut, ProviderEvent
from contacts.services import clock
from contacts.vocabulary import AttemptState
from tests.contacts.test_twilio_webhooks import NEW_TOKEN, PUBLIC, SID, THEIRS, TOKEN, make_attempt
from tests.fakes.twilio.callbacks import signature

FORGERIES = 50
FORM = "application/x-www-form-urlencoded"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def account(settings):
    settings.TWILIO_ACCOUNT_SID = SID
    settings.TWILIO_AUTH_TOKEN = TOKEN
    settings.TWILIO_AUTH_TOKEN_SECONDARY = NEW_TOKEN
    settings.PUBLIC_URL = PUBLIC


class Call:
    """One call as Twilio would make it, to be spoilt."""

    def __init__(self, attempt, lots):
        self.path = f"{reverse('contacts:twilio_status')}?a={attempt.pk}"
        word = lots.choice(["sent", "delivered", "undelivered", "failed", "read"])
        self.fields = {
            "AccountSid": SID,
            "MessageSid": f"SM{lots.getrandbits(128):032x}",
            "MessageStatus": word,
        }
        self.signed_url, self.token = PUBLIC + self.path, TOKEN
        self.lots = lots

    def signature(self):
        return signature(token=self.token, url=self.signed_url, fields=self.fields)

    def made(self, fields=None, *, signed=None, path="", kind=FORM):
        signed = self.signature() if signed is None else signed
        given = fields or self.fields
        body = json.dumps(given) if kind == "application/json" else urlencode(given)
        headers = {"X-Twilio-Signature": signed} if signed else {}
        return Client().post(path or self.path, body, content_type=kind, headers=headers).status_code


def _without_signature(call):
    return call.made(signed="")


def _cut_short(call):
    return call.made(signed=call.signature()[: call.lots.randrange(1, 27)])


def _by_another_token(call):
    call.token = f"{call.lots.getrandbits(128):032x}"
    return call.made()


def _for_another_host(call):
    call.signed_url = call.signed_url.replace("office.example", "office.example.net")
    return call.made()


def _for_plain_http(call):
    call.signed_url = call.signed_url.replace("https:", "http:")
    return call.made()


def _for_another_port(call):
    call.signed_url = call.signed_url.replace("example/", f"example:{call.lots.randrange(444, 9999)}/")
    return call.made()


def _with_a_field_more(call):
    return call.made(call.fields | {"ErrorCode": "21610"}, signed=call.signature())


def _with_a_field_less(call):
    signed = call.signature()
    del call.fields[call.lots.choice(["MessageSid", "MessageStatus"])]
    return call.made(signed=signed)


def _with_a_field_changed(call):
    return call.made(call.fields | {"MessageStatus": "canceled"}, signed=call.signature())


def _about_another_attempt(call):
    other = call.path[:-4] + f"{call.lots.getrandbits(16):04x}"
    return call.made(signed=call.signature(), path=other if other != call.path else call.path + "0")


def _as_json(call):
    return call.made(kind="application/json")


def _of_another_account(call):
    call.fields["AccountSid"] = f"AC{call.lots.getrandbits(128):032x}"
    return call.made()


KINDS = (
    _without_signature, _cut_short, _by_another_token, _for_another_host, _for_plain_http, _for_another_port,
    _with_a_field_more, _with_a_field_less, _with_a_field_changed, _about_another_attempt, _as_json,
    _of_another_account,
)  # fmt: skip


def test_there_are_twelve_kinds():
    assert len(KINDS) == len(set(KINDS)) == 12


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_forged_is_refused_and_changes_nothing(kind):
    attempt = make_attempt(now=clock.now(), state=AttemptState.SENDING)
    before, lots = _everything(), random.Random(kind.__name__)

    answers = [kind(Call(attempt, lots)) for _ in range(FORGERIES)]

    assert answers == [403] * FORGERIES
    assert _everything() == before


def test_the_same_call_unspoilt_is_believed():
    """The negative control: what is refused above is refused for its one fault."""
    attempt = make_attempt(now=clock.now(), state=AttemptState.SENDING)
    before = _everything()

    assert Call(attempt, random.Random(1)).made() == 204

    assert _everything() != before


def test_a_true_call_that_somebody_repeats_is_harmless():
    attempt = make_attempt(now=clock.now(), state=AttemptState.SENDING)
    call = Call(attempt, random.Random(1))
    call.made()
    before = _everything()

    assert [call.made() for _ in range(FORGERIES)] == [204] * FORGERIES

    assert _everything() == before


def _everything():
    """Return all that a call could change."""
    return [
        list(rows.order_by("pk").values())
        for rows in (Attempt.objects, Contact.objects, OptOut.objects, ProviderEvent.objects)
    ]


@pytest.mark.parametrize("kind", [_without_signature, _cut_short, _by_another_token, _of_another_account])
def test_a_forged_wish_to_be_left_alone_binds_nobody(kind):
    make_attempt(now=clock.now())
    lots = random.Random(kind.__name__)
    before = _everything()

    def forged():
        call = Call(Attempt.objects.get(), lots)
        call.path = reverse("contacts:twilio_inbound")
        call.signed_url = PUBLIC + call.path
        call.fields |= {"From": THEIRS, "To": "+551140040000", "Body": "PARAR"}
        return kind(call)

    assert [forged() for _ in range(5)] == [403] * 5
    assert _everything() == before
