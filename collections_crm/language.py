"""Each request in the language its user chose; Portuguese when nobody said otherwise."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from debtors.services import access

LANGUAGE_COOKIE = settings.LANGUAGE_COOKIE_NAME
KNOWN_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class UserLanguageMiddleware:
    """Activate the user's stored language, else the browser's cookie, else Brazilian Portuguese.

    The browser's Accept-Language is not asked: an English-language browser in a Brazilian office
    is common, an agent who wants English pages chooses them once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: HttpRequest) -> str:
    """Return the code of the language this request is answered in."""
    stored = getattr(request.user, "language", "") if request.user.is_authenticated else ""
    for code in (stored, request.COOKIES.get(LANGUAGE_COOKIE, "")):
        if code in KNOWN_LANGUAGES:
            return code
    return settings.LANGUAGE_CODE


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language on the user, and in a cookie for the login page; go back."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = redirect(back)
    language = request.POST.get("language", "")
    if language in KNOWN_LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 24 * 3600, samesite="Lax")
        if request.user.is_authenticated:
            access.choose_language(request.user, language=language)
    return response
