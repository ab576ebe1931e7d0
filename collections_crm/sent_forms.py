"""Lets a form be done once, however often its button is pressed.

Every form carries the token against forged requests, written anew each time a page is made. Who sent it,
where to, and everything in it, that token included, make its fingerprint: a double click or a proxy that
tries again sends the same one, and is led where the first one was. A form from a page that was opened
anew is another form, even in the same words.

Remembered are forms whose answer leads elsewhere, as it does after every deed; a form that is shown again
with its errors may be sent again. Parts that htmx swaps have fences of their own.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from time import monotonic, sleep
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from debtors.services import sent_forms

logger = structlog.get_logger(__name__)

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the field's name
#: Who holds a case gets that one back: pressing twice does nothing twice.
HARMLESS = frozenset({"dunning:call_next"})
#: How long the second of two clicks waits for what the first is told.
PATIENCE, PAUSE = 10.0, 0.1
CONFLICT = 409


class SentFormMiddleware:
    """Answer a form that was sent before with where it led."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if sent := getattr(request, "sent_form", None):
            form, begun_at, session = sent
            is_same_session = request.session.session_key == session
            is_deed = isinstance(response, HttpResponseRedirect) and is_same_session and not response.cookies
            _keep(form, begun_at=begun_at, leads_to=response["Location"] if is_deed else "")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Return where the same form led before; None when it is to be answered now."""
        if not _is_watched(request):
            return None
        form = fingerprint(request)
        try:
            led_to, begun_at = _begun(form)
        except sent_forms.StillAnsweringError:
            return render(request, "still_answering.html", status=CONFLICT)
        except DatabaseError:  # the view will find out too, and say so
            return None
        if led_to is not None:
            return HttpResponseRedirect(led_to)
        request.sent_form = form, begun_at, request.session.session_key  # type: ignore[attr-defined]
        return None


def fingerprint(request: HttpRequest) -> str:
    """Return the SHA-256, in hex, of who sends what where."""
    files = [(name, _digest(file)) for name, sent in request.FILES.lists() for file in sent]
    words = [request.user.pk, request.get_full_path(), sorted(request.POST.lists()), sorted(files)]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def _digest(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _is_watched(request: HttpRequest) -> bool:
    if request.method != "POST" or "HX-Request" in request.headers or TOKEN not in request.POST:
        return False
    match = request.resolver_match
    return request.user.is_authenticated and not (match and match.view_name in HARMLESS)


def _begun(form: str) -> tuple[str | None, datetime]:
    """Begin to answer, and return when; while another is at the same form, wait for what it says."""
    deadline = monotonic() + PATIENCE
    while True:
        try:
            now = timezone.now()
            return sent_forms.begin(form, now=now), now
        except sent_forms.StillAnsweringError:
            if monotonic() > deadline:
                raise
            sleep(PAUSE)


def _keep(form: str, *, begun_at: datetime, leads_to: str) -> None:
    """Remember an answer that leads elsewhere; "" is for one that does not, or is worth nothing again.

    Of that kind are logging in or out and choosing a language: what they do is in a cookie that came along.
    """
    try:
        if leads_to:
            sent_forms.answered(form, begun_at=begun_at, leads_to=leads_to)
        else:
            sent_forms.take_back(form, begun_at=begun_at)
    except (DatabaseError, InterfaceError):  # sent again, it is not known for a while what became of it
        logger.exception("a form's answer could not be kept")
