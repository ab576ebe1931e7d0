"""The debtor's own page behind a sealed address: how to pay one Pix or boleto. No log-in, and no name."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from debtors.models import PaymentRequest
from debtors.rules import boleto
from debtors.services import guesses, pay_links, pdf, request_papers
from debtors.views.pay import boleto_response
from debtors.views.sealed import TOO_MANY_REQUESTS, UNAVAILABLE, hidden
from debtors.vocabulary import RequestState, TransitState


@require_safe
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Show whoever has the address what is to be paid, to whom, and how; that and nothing else."""
    found = _of(token)
    if found is None and guesses.is_one_too_many(request.META.get("REMOTE_ADDR", "")):
        return HttpResponse(status=TOO_MANY_REQUESTS)
    shown = {"token": token, **(_shown(found) if found else {"stands": "unknown"})}
    return hidden(render(request, "debtors/pay/public.html", shown, status=200 if found else 404))


@require_safe
def boleto_print(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the boleto out as PDF while it can be paid."""
    found = _of(token)
    if found is None or not found.is_boleto or _stands(found) != "open":
        raise Http404
    try:
        return hidden(boleto_response(found))
    except pdf.CannotPrintError:
        return HttpResponse(status=UNAVAILABLE)


def _of(token: str) -> PaymentRequest | None:
    request_id = pay_links.request_id_of(token)
    if request_id is None:
        return None
    rows = PaymentRequest.objects.filter(state=RequestState.READY).select_related(
        "creditor", "debtor", "transit"
    )
    return rows.filter(pk=request_id).first()


def _stands(found: PaymentRequest) -> str:
    """Return `open`, `paid`, `over` (its day is past) or `withdrawn`."""
    if found.transit is None or found.transit.state == TransitState.WITHDRAWN:
        return "withdrawn"
    if found.transit.state == TransitState.ARRIVED:
        return "paid"
    return "over" if found.transit.expires_on < timezone.localdate() else "open"


def _shown(found: PaymentRequest) -> dict[str, Any]:
    stands = _stands(found)
    shown: dict[str, Any] = {"stands": stands, "found": found, "creditor": found.creditor}
    if stands == "open" and found.payload:
        shown["qr"] = request_papers.qr_address(found.payload)
    if stands == "open" and found.line:
        shown["line"] = boleto.format_line(found.line)
    return shown
