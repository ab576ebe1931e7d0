"""The stand-in calling our webhooks in the test's own thread, so that both see one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.test import Client

from tests.fakes.twilio.account import Account
from tests.fakes.twilio.callbacks import Heard
from tests.fakes.twilio.server import TwilioFake

SID, TOKEN = "AC" + "3" * 32, "the-token"
PUBLIC = "https://office.example"
OURS = "+551140040000"


def post(url: str, fields: dict[str, str], signed: str) -> Heard:
    """Call one of our webhooks in this very thread."""
    whole = urlsplit(url)
    response = Client(enforce_csrf_checks=True).post(
        f"{whole.path}?{whole.query}",
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signed},
    )
    return Heard(status=response.status_code, body=response.content.decode())


@contextmanager
def telephones(settings: Any) -> Iterator[TwilioFake]:
    """Let calls leave by the stand-in while the test lasts; it plays them when it is told to."""
    with TwilioFake(Account(account_sid=SID, auth_token=TOKEN, transport=post)) as fake:
        settings.CHANNELS = settings.CHANNELS | {"voice": "twilio"}
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = SID, TOKEN
        settings.TWILIO_API_BASE_URL, settings.TWILIO_VOICE_FROM = fake.url, OURS
        settings.PUBLIC_URL, settings.TWILIO_CALLS_PER_SECOND = PUBLIC, 1_000_000
        yield fake
