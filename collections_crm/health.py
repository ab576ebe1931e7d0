"""Answers for whoever watches over the processes: are they alive, and can they do their work?"""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts.queries import traffic


@never_cache
@require_safe
def live(_request: HttpRequest) -> JsonResponse:
    """Answer 200 whenever the process answers at all."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers too, and has the tables that this code expects; else 503.

    Why is in the log, not in the answer.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        is_migrated = _is_migrated()
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if not is_migrated:
        return JsonResponse({"status": "not migrated"}, status=503)
    return JsonResponse({"status": "ready"})


@never_cache
@require_safe
def workers(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when a worker was seen within the last two minutes and a half, else 503.

    For alarms; not for whoever decides whether the web process gets requests.
    """
    try:
        is_working = traffic.is_somebody_working(now=timezone.now())
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    if not is_working:
        return JsonResponse({"status": "no worker"}, status=503)
    return JsonResponse({"status": "working"})


def _is_migrated() -> bool:
    """Say whether every migration of this code was applied; once it is so, it stays so for this process."""
    try:
        return _ask_whether_migrated()
    except _NotYetError:
        return False


class _NotYetError(Exception):
    """Kept from being remembered: the answer may be another one in a moment."""


@cache
def _ask_whether_migrated() -> bool:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _NotYetError
    return True
