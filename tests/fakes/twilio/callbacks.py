"""The stand-in's own calls to our webhooks: signed as Twilio signs them, repeated when they fail."""

import base64
import hashlib
import hmac
import random
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import parse_qs, urldefrag, urlencode, urlsplit, urlunsplit

from tests.fakes.twilio import whatsapp
from tests.fakes.twilio.account import START_WORDS, STOP_WORDS, Account, StoredMessage
from tests.fakes.twilio.moods import fate_of


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What a webhook answered; status 0 when it could not be reached."""

    status: int
    body: str


def signature(*, token: str, url: str, fields: dict[str, str]) -> str:
    """Return X-Twilio-Signature for a form call: HMAC-SHA1 over the address and the sorted fields."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def call(account: Account, *, address: str, fields: dict[str, str], token: str = "") -> Heard:
    """Call a webhook once, at the address asked for or where `callback_base` says it really is.

    With a `token` that is not ours it is a forgery.
    """
    url, _ = urldefrag(address)  # what follows # tells us how often to try; it is never sent or signed
    if account.transport:
        return account.transport(url, fields, signature(token=account.auth_token, url=url, fields=fields))
    target = urlsplit(url)
    if account.callback_base:
        base = urlsplit(account.callback_base)
        target = target._replace(scheme=base.scheme, netloc=base.netloc)
    request = urllib.request.Request(
        urlunsplit(target),
        data=urlencode(fields).encode(),
        headers={
            "X-Twilio-Signature": signature(token=token or account.auth_token, url=url, fields=fields),
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": fields.get("MessageSid") or fields["CallSid"],
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return Heard(status=answer.status, body=answer.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return Heard(status=error.code, body=error.read().decode(errors="replace"))
    except OSError as error:
        return Heard(status=0, body=type(error).__name__)


def call_until_heard(account: Account, *, address: str, fields: dict[str, str]) -> Heard:
    """Call a webhook, and again after a failure as often as its address asks for with #rc=N."""
    retries = int(parse_qs(urldefrag(address).fragment).get("rc", ["1"])[0])
    heard = call(account, address=address, fields=fields)
    for attempt in range(retries):
        if 0 < heard.status < 500:
            break
        time.sleep(min(0.2 * 2**attempt, 2))
        heard = call(account, address=address, fields=fields)
    return heard


def report_in_background(account: Account, message: StoredMessage) -> None:
    """Let a message go its way, telling its StatusCallback of each step, without anybody waiting."""
    threading.Thread(target=_report, args=(account, message), daemon=True).start()


def deliver_inbound(account: Account, message: StoredMessage, *, address: str) -> Heard:
    """Hand a received message to our webhook and return what it answered."""
    word = message.fields["Body"].strip().upper()
    fields = _common(account, message) | {
        "Body": message.fields["Body"],
        "SmsMessageSid": message.sid,
        "SmsStatus": "received",
        "NumMedia": "0",
        "NumSegments": "1",
        "FromCountry": "BR",
        "ToCountry": "BR",
        "FromCity": "",
    }
    if word in STOP_WORDS | START_WORDS:
        fields["OptOutType"] = "STOP" if word in STOP_WORDS else "START"
    return call_until_heard(account, address=address, fields=fields)


def _report(account: Account, message: StoredMessage) -> None:
    fate = whatsapp.fate_of(account, message) or fate_of(message.fields["To"])
    steps = [step for step in fate for _ in range(account.callback_repeat)]
    lots = random.Random(message.sid)
    if lots.random() >= account.callback_share:
        return
    if account.is_shuffled:
        lots.shuffle(steps)
    for status, error_code in steps:
        time.sleep(account.callback_delay_seconds)
        account.move(message, status=status, error_code=error_code)
        if address := message.fields.get("StatusCallback"):
            fields = _common(account, message) | {"MessageStatus": status, "SmsStatus": status}
            if error_code:
                fields["ErrorCode"] = str(error_code)
            if lots.random() < account.forged_share:
                heard = call(
                    account, address=address, fields=fields | {"MessageStatus": "failed"}, token="no"
                )
                account.forgeries.append(heard.status)
            call_until_heard(account, address=address, fields=fields)


def _common(account: Account, message: StoredMessage) -> dict[str, str]:
    return {
        "AccountSid": account.account_sid,
        "ApiVersion": "2010-04-01",
        "From": message.fields.get("From", "+551140040000"),
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "To": message.fields["To"],
    }
