"""The debtor's own page behind a sealed address: what is proposed to him, and the button that accepts it.

No log-in. Four digits of his tax id are asked for before anything is shown; that they were right is
kept in a cookie, signed for this proposal alone, sent to its address only and good for half an hour.
So the document opens by a plain link and a page loads again, and neither digits nor a secret stand in
an address or in what the page contains.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from debtors.models import Agreement, ReceivingAccount
from debtors.queries import offers as reads
from debtors.services import (
    agreed_requests,
    agreement_papers,
    agreements,
    guesses,
    pay_links,
    payment_requests,
    pdf,
    proposal_links,
    proposals_online,
)
from debtors.services.proposals_online import Heard
from debtors.views.sealed import TOO_MANY_REQUESTS, UNAVAILABLE, hidden
from debtors.vocabulary import AgreementState, PartyKind, RequestState

COOKIE = "proposal"
CONFIRMED_FOR = timedelta(minutes=30)
UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, token: str) -> HttpResponse:
    """Show whoever has the address and the digits what is proposed, and put in force what he accepts."""
    found, now = _of(token), timezone.now()
    if found is None and guesses.is_one_too_many(_address(request)):
        return HttpResponse(status=TOO_MANY_REQUESTS)
    if found is None or not _is_there(found, now=now):
        return hidden(render(request, "debtors/agreements/public.html", {"stands": "unknown"}, status=404))
    if request.method != "POST":
        return hidden(_page(request, found, token, now=now))
    if not _is_confirmed(request, found):
        return hidden(_confirm(request, found, token, now=now))
    if "pay" in request.POST:
        proposals_online.ask_to_pay(found, now=now)
    elif not proposals_online.accept(found, seen=request.POST.get("seen", ""), now=now):
        return hidden(_page(request, found, token, now=now, is_refused=True))
    return hidden(redirect("proposal", token))


@require_safe
def document(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the document of a proposal as PDF, to whoever was confirmed on its page."""
    found, now = _of(token), timezone.now()
    if found is None or not _is_there(found, now=now):
        raise Http404
    is_shown = found.activated_at or not agreements.obstacles(found, now=now)
    if not (is_shown and _is_confirmed(request, found)):
        return hidden(redirect("proposal", token))
    try:
        printed = agreement_papers.print_of(found)
    except pdf.CannotPrintError:
        return HttpResponse(status=UNAVAILABLE)
    response = HttpResponse(printed, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="acordo-{found.pk}.pdf"'
    return hidden(response)


def _of(token: str) -> Agreement | None:
    agreement_id = proposal_links.agreement_id_of(token)
    if agreement_id is None:
        return None
    rows = Agreement.objects.select_related("debtor", "creditor", "proposed_by")
    return rows.filter(pk=agreement_id).first()


def _is_there(found: Agreement, *, now: datetime) -> bool:
    """Return whether there is something to show: what may still be accepted, and what was."""
    if found.state == AgreementState.PROPOSED:
        return timezone.localdate(now) <= reads.open_until(found)
    return found.state in proposals_online.KEPT


def _confirm(request: HttpRequest, found: Agreement, token: str, *, now: datetime) -> HttpResponse:
    """Hear the digits; the right ones open the page for half an hour."""
    heard = proposals_online.confirm(found, typed=request.POST.get("digits", ""), now=now)
    if heard is Heard.RIGHT:
        response = redirect("proposal", token)
        response.set_signed_cookie(
            COOKIE,
            str(found.pk),
            salt=_salt(found),
            max_age=CONFIRMED_FOR,
            path=reverse("proposal", args=[token]),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response
    if heard is Heard.TOO_MANY or guesses.is_one_too_many(_address(request)):
        return _asked(request, found, status=TOO_MANY_REQUESTS, heard=Heard.TOO_MANY)
    return _asked(request, found, status=UNPROCESSABLE, heard=heard)


def _is_confirmed(request: HttpRequest, found: Agreement) -> bool:
    kept = request.get_signed_cookie(COOKIE, default="", salt=_salt(found), max_age=CONFIRMED_FOR)
    return bool(kept == str(found.pk))


def _salt(found: Agreement) -> str:
    return f"{proposal_links.PURPOSE}.{found.pk}"


def _page(
    request: HttpRequest, found: Agreement, token: str, *, now: datetime, is_refused: bool = False
) -> HttpResponse:
    if not _is_confirmed(request, found):
        return _asked(request, found)
    shown: dict[str, Any] = {
        "token": token,
        "agreement": found,
        "creditor": found.creditor,
        "payments": list(found.payments.all()),
        "debts": list(found.debts.select_related("debt")),
        "until": reads.open_until(found),
        "is_refused": is_refused,
    }
    shown |= _in_force(found, now=now) if found.activated_at else _to_accept(found, now=now)
    return render(request, "debtors/agreements/public.html", shown)


def _to_accept(found: Agreement, *, now: datetime) -> dict[str, Any]:
    """Return whether it may be accepted just now, and what is needed for that; else nothing of it is shown.

    What nobody has approved is no offer yet (Consumer Code, art. 30: an offer binds whoever makes it).
    """
    obstacles = agreements.obstacles(found, now=now)
    if obstacles:
        return {"stands": "looked_at" if agreements.WAITING & set(obstacles) else "over"}
    return {
        "stands": "open",
        "sentence": agreement_papers.sentence_of(found).replace("R$ ", "R$\N{NO-BREAK SPACE}"),
        "seen": agreement_papers.hash_of(found),
    }


def _in_force(found: Agreement, *, now: datetime) -> dict[str, Any]:
    """Return how far it has come, and what there is to pay with."""
    if found.state == AgreementState.FULFILLED:
        return {"stands": "fulfilled"}
    waiting = agreed_requests.waiting(found, now=now)
    kinds = payment_requests.kinds_of(ReceivingAccount.objects.filter(creditor=found.creditor_id).first())
    return {
        "stands": "in_force",
        "next": reads.progress_of(found, on=timezone.localdate(now)).next_payment,
        "ready": [
            (each, pay_links.token_of(each.pk))
            for each in reversed(waiting)
            if each.state == RequestState.READY
        ],
        "is_asked": any(each.state != RequestState.READY for each in waiting),
        "may_ask": bool(kinds) and not waiting,
    }


def _asked(
    request: HttpRequest, found: Agreement, *, status: int = 200, heard: Heard | None = None
) -> HttpResponse:
    shown = {
        "stands": "asked",
        "heard": heard,
        "brand": found.creditor.brand,
        "phone": found.creditor.phone,
        "is_company": found.debtor.kind == PartyKind.COMPANY,
    }
    return render(request, "debtors/agreements/public.html", shown, status=status)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))
