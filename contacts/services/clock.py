"""The clock by which contacts leave: the database's own, one for every process and machine."""

from datetime import UTC, datetime

from django.db import connection


def now() -> datetime:
    """Return the database's present moment; on SQLite, which has none of its own, the host's."""
    if connection.vendor != "postgresql":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
