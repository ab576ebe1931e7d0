"""The two pages behind a message's links, for whoever got it: no log-in, and nothing told about anybody.

A page of a token that is not ours looks like any other, so that nobody learns from it whom we know.
"""

from datetime import datetime
from typing import Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from contacts.services import clock, links, refusals
from debtors.services import guesses

TOO_MANY_REQUESTS = 429


class Answer(Protocol):
    """What follows from pressing the button."""

    def __call__(self, *, contact_id: int, now: datetime) -> bool: ...


@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """Ask a stranger whether the message was not for him; the button takes his number out of use."""
    return _page(request, token, answer=refusals.not_me, template="contacts/answers/not_me.html")


@csrf_exempt  # a mail program presses this button itself (RFC 8058): it has the token and no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether no more such messages are wanted; the button ends them."""
    return _page(request, token, answer=refusals.stop, template="contacts/answers/stop.html")


def _page(request: HttpRequest, token: str, *, answer: Answer, template: str) -> HttpResponse:
    contact_id = links.contact_id_of(token)
    if contact_id is None and guesses.is_one_too_many(request.META.get("REMOTE_ADDR", "")):
        return HttpResponse(status=TOO_MANY_REQUESTS)
    if request.method == "POST" and contact_id is not None:
        answer(contact_id=contact_id, now=clock.now())
    return render(request, template, {"is_done": request.method == "POST"})
