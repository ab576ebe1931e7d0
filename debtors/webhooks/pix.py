"""The bank's calls to us about Pix: believed by a shared secret, and by what else is configured."""

import hashlib
import hmac
import json

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from debtors.models import Creditor
from debtors.rules import pix_notice
from debtors.rules.pix_notice import MalformedNoticeError, PixMoney
from debtors.services import arrivals
from debtors.services.arrivals import Told
from debtors.vocabulary import PaymentMethod, PaymentSource

logger = structlog.get_logger(__name__)

LARGEST_BODY_BYTES = 256 * 1024


@csrf_exempt  # the secret takes its place, and only here
@require_POST
def arrived(request: HttpRequest, creditor_id: int) -> HttpResponse:
    """Take a notice of Pix received by a creditor; the same one again changes nothing.

    Without a secret configured, or with a database in trouble, the answer is 503: the bank calls again.
    """
    if _length(request) > LARGEST_BODY_BYTES:
        return HttpResponse(status=413)
    if not settings.PIX_WEBHOOK_SECRET:
        return HttpResponse(status=503)
    if complaint := _complaint(request):
        logger.warning("webhook refused", path=request.path, reason=complaint)
        return HttpResponse(status=403)
    try:
        money = pix_notice.parse(json.loads(request.body))
    except (ValueError, MalformedNoticeError) as error:
        logger.warning("webhook refused", path=request.path, reason=type(error).__name__)
        return HttpResponse(status=400)
    try:
        creditor = Creditor.objects.filter(pk=creditor_id).first()
        if creditor is None:
            return HttpResponse(status=404)
        arrivals.take_in([_told(each) for each in money], creditor=creditor, file=None, now=timezone.now())
    except (DatabaseError, InterfaceError) as error:
        logger.error("webhook not kept", path=request.path, error=type(error).__name__)
        return HttpResponse(status=503)
    return HttpResponse(status=200)


def _told(money: PixMoney) -> Told:
    return Told(
        source=PaymentSource.PIX,
        external_id=money.external_id,
        amount_cents=money.amount_cents,
        paid_on=money.paid_on,
        method=PaymentMethod.PIX,
        meaning="refund" if money.is_refund else "paid",
        payer_tax_id=money.payer_tax_id,
        our_number=money.txid,
        is_doubtful=money.is_refund,
    )


def _complaint(request: HttpRequest) -> str:
    """Return why a call is not believed; empty when everything configured agrees."""
    told = request.headers.get("X-Webhook-Secret", "") or request.GET.get("hmac", "")
    if not _is_same(told, settings.PIX_WEBHOOK_SECRET):
        return "another secret"
    name, _, value = settings.PIX_WEBHOOK_CLIENT_HEADER.partition("=")
    if name and not _is_same(request.headers.get(name, ""), value):
        return "no client certificate"
    if key := settings.PIX_WEBHOOK_SIGNING_KEY:
        expected = hmac.new(key.encode(), request.body, hashlib.sha256).hexdigest()
        if not _is_same(request.headers.get("X-Signature", "").removeprefix("sha256="), expected):
            return "bad signature"
    return ""


def _is_same(told: str, expected: str) -> bool:
    """Compare in constant time, whatever characters somebody sends."""
    return hmac.compare_digest(told.encode(), expected.encode())


def _length(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0
