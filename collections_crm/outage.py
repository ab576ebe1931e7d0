"""What somebody sees while a table cannot be read: a plain sentence, and nothing has left."""

from collections.abc import Callable

import structlog
from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from contacts.services import findings
from contacts.vocabulary import FindingKind

logger = structlog.get_logger(__name__)

#: The database did not answer, or not as it should: whatever was asked of it is not known.
TROUBLE = (OperationalError, ProgrammingError, InternalError, InterfaceError)
UNAVAILABLE = 503


class OutageMiddleware:
    """Answer a page that could not read the database with a calm one, and keep what it was for a manager."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the calm page where the database is the trouble; anything else goes its way."""
        if not isinstance(exception, TROUBLE):
            return None
        logger.exception("the database could not be read", path=request.path)
        findings.try_to_note(FindingKind.DATABASE, error=exception, now=timezone.now())
        return render(request, "503.html", status=UNAVAILABLE)
