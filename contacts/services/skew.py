"""Whether this machine's clock agrees with the database's and the provider's: all of them must be right.

Deadlines within one send are measured by a clock that only runs forward, decisions by the database's.
On SQLite that is this machine's own: there only the provider's answers can tell. A machine whose
clock is far off writes wrong moments into logs and journals, and one whose database is far off would
call people at night: then nothing is admitted until somebody has looked.
"""

import platform
from datetime import UTC, datetime, timedelta

import structlog
from django.db import connection

from contacts.channels import clocks
from contacts.services import clock, findings
from contacts.vocabulary import FindingKind

logger = structlog.get_logger(__name__)

NOTICED = timedelta(seconds=5)
TOO_FAR = timedelta(seconds=30)


def measure() -> timedelta:
    """Return how far this machine's clock is ahead of the database's or a provider's, whichever is more."""
    return max(_ahead_of_the_database(), clocks.ahead(), key=abs)


def may_send(*, now: datetime) -> bool:
    """Say whether the clocks agree well enough to send; what differs by seconds is kept for a manager."""
    seconds = abs(measure().total_seconds())
    if seconds <= NOTICED.total_seconds():
        return True
    logger.critical("clocks differ", seconds=round(seconds))
    findings.note(FindingKind.CLOCK, detail=platform.node(), now=now)
    return seconds <= TOO_FAR.total_seconds()


def _ahead_of_the_database() -> timedelta:
    """Return how far this machine's clock is ahead; SQLite has none of its own to compare it with."""
    if connection.vendor != "postgresql":
        return timedelta(0)
    before = datetime.now(UTC)
    there = clock.now()
    after = datetime.now(UTC)
    return before + (after - before) / 2 - there
