"""Keeps debtors' data out of every cache: what a colleague is shown is stored by no browser and no proxy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control


class NeverStoredMiddleware:
    """Mark each answer to somebody who is logged in as never to be stored.

    All of them, not only pages with names on them: the Back button of a shared computer then shows
    the login page, and a page that gains a name tomorrow needs no thought of this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_logged_in = request.user.is_authenticated  # asked first: logging out makes it nobody's answer
        response = self.get_response(request)
        if was_logged_in or request.user.is_authenticated:
            patch_cache_control(response, private=True, no_store=True)
        return response
