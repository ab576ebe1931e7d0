"""Twilio's calls to us: delivery reports and texts from debtors, believed by their signature only."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from collections_crm.lib import phones
from contacts.channels import twilio_signature
from contacts.rules.keywords import Meaning
from contacts.services import clock, delivery
from contacts.vocabulary import Channel, Outcome

logger = structlog.get_logger(__name__)

LARGEST_BODY_BYTES = 64 * 1024
FORM = "application/x-www-form-urlencoded"

#: Twilio's words for how a message fares (MessageStatus); None: Twilio has it, nothing is over.
OUTCOMES: Mapping[str, Outcome | None] = {
    "accepted": None,
    "scheduled": None,
    "queued": None,
    "sending": None,
    "sent": None,
    "partially_delivered": None,
    "delivered": Outcome.DELIVERED,
    "read": Outcome.DELIVERED,
    "undelivered": Outcome.FAILED,
    "failed": Outcome.FAILED,
    "canceled": Outcome.FAILED,
}
#: What error codes of a report teach us about the number (https://www.twilio.com/docs/api/errors).
BAD_ADDRESS = frozenset({"21211", "21614", "21635", "63024"})  # invalid, no mobile, a landline, no WhatsApp
OPTED_OUT = frozenset({"21610", "30004", "63014"})  # unsubscribed, blocked by the recipient

type View = Callable[[HttpRequest], HttpResponse]


def from_twilio(view: View) -> View:
    """Let through only what Twilio signed for our public address and our account.

    The address is the configured one, never what the request says of itself. Trouble with the
    database is answered 503, so that Twilio calls again.
    """

    @csrf_exempt  # the signature takes its place, and only in this module
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if _length(request) > LARGEST_BODY_BYTES:
            return HttpResponse(status=413)
        if complaint := _complaint(request):
            logger.warning("webhook refused", path=request.path, reason=complaint)
            return HttpResponse(status=403)
        try:
            return view(request)
        except (DatabaseError, InterfaceError) as error:
            logger.error("webhook not kept", path=request.path, error=type(error).__name__)
            return HttpResponse(status=503)

    return guarded


@from_twilio
def status(request: HttpRequest) -> HttpResponse:
    """Take a delivery report; `a` in the address is our own attempt."""
    form = request.POST
    if not (form.get("MessageSid") and form.get("MessageStatus")):
        return HttpResponse(status=400)
    word, code = form["MessageStatus"][:30], form.get("ErrorCode", "")
    if word not in OUTCOMES:
        logger.warning("unknown word for a message's status", word=word)
    delivery.apply_report(
        delivery.Report(
            provider="twilio",
            provider_id=form["MessageSid"],
            status=word,
            payload=payload_of(request),
            attempt_id=uuid_in(request.GET.get("a", "")),
            outcome=OUTCOMES.get(word),
            error_code=code[:40],
            is_bad_address=code in BAD_ADDRESS,
            is_opt_out=code in OPTED_OUT,
        ),
        now=clock.now(),
    )
    return HttpResponse(status=204)


@from_twilio
def inbound(request: HttpRequest) -> HttpResponse:
    """Take a text from a debtor; an opt-out is committed before this answers, and we answer nothing."""
    form = request.POST
    if not (form.get("MessageSid") and form.get("From")):
        return HttpResponse(status=400)
    kind, _, number = form["From"].rpartition(":")
    understood = {Meaning.OPT_OUT} if form.get("OptOutType", "").upper() == "STOP" else set()
    delivery.receive_text(
        delivery.Text(
            provider="twilio",
            provider_id=form["MessageSid"],
            channel=Channel.WHATSAPP if kind == "whatsapp" else Channel.SMS,
            sender=_as_we_keep_it(number),
            body=_storable(form.get("Body", "")),
            payload=payload_of(request),
            meanings=frozenset(understood),
        ),
        now=clock.now(),
    )
    return HttpResponse("<Response/>", content_type="text/xml")


def _as_we_keep_it(number: str) -> str:
    """Return a sender's number as debtors' numbers are kept.

    WhatsApp knows many Brazilian mobiles without their ninth digit: what they write is theirs all the same.
    """
    try:
        return phones.parse(number).e164
    except phones.PhoneError:
        return number


def _complaint(request: HttpRequest) -> str:
    """Return why a call is not believed; empty when it is Twilio's, for our account."""
    if request.content_type != FORM:
        return "not a form"
    if request.POST.get("AccountSid") != settings.TWILIO_ACCOUNT_SID or not settings.TWILIO_ACCOUNT_SID:
        return "another account"
    is_genuine = twilio_signature.is_genuine(
        url=settings.PUBLIC_URL.rstrip("/") + request.get_full_path(),
        fields={name: [str(value) for value in values] for name, values in request.POST.lists()},
        signature=request.headers.get(twilio_signature.SIGNATURE_HEADER, ""),
        tokens=[settings.TWILIO_AUTH_TOKEN, settings.TWILIO_AUTH_TOKEN_SECONDARY],
        settings_header=request.headers.get(twilio_signature.SETTINGS_HEADER, ""),
    )
    return "" if is_genuine else "bad signature"


def payload_of(request: HttpRequest) -> dict[str, Any]:
    """Return the raw form: a text for a field that came once, a list for one that was repeated."""
    fields = {name: [_storable(str(value)) for value in values] for name, values in request.POST.lists()}
    return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}


def _storable(text: str) -> str:
    """Return `text` without the one character PostgreSQL cannot keep."""
    return text.replace("\0", "")


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0


def uuid_in(text: str) -> UUID | None:
    """Return the id in a text; None where there is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
