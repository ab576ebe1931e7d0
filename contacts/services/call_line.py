"""How fast calls may be created: the account's calls per second, over all our processes, in one row.

A call above the rate waits in Twilio's own queue for up to a day and would ring when nobody is
there any more. So we wait before, and start nothing while that queue is not empty.
"""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from contacts.models import CallLine

LONGEST_WAIT = timedelta(seconds=3)  # an agent presses again rather than wait longer
LONGEST_QUEUE = timedelta(milliseconds=2_000)


class BusyLineError(Exception):
    """No call can be created within a few seconds."""


def take_turn(*, now: datetime) -> timedelta:
    """Reserve the next moment for a call and return how long to wait for it.

    Raises BusyLineError, and reserves nothing, when that is too long or calls wait at the provider.
    """
    with transaction.atomic():
        line = _locked(now=now)
        if _left_of_the_queue(line, now=now) > LONGEST_QUEUE:
            raise BusyLineError("calls wait at the provider")
        turn = max(line.next_at, now)
        if turn - now > LONGEST_WAIT:
            raise BusyLineError("too many calls at this moment")
        line.next_at = turn + timedelta(seconds=1 / settings.TWILIO_CALLS_PER_SECOND)
        line.save(update_fields=["next_at"])
    return turn - now


def wait_for_turn(*, now: datetime) -> datetime:
    """Wait until a call may be created and return that moment; no transaction may be open. As `take_turn`."""
    wait = take_turn(now=now)
    time.sleep(wait.total_seconds())
    return now + wait


def saw_queue(*, queue_ms: int, now: datetime) -> None:
    """Remember how long the provider says that the call just created will wait."""
    with transaction.atomic():
        line = _locked(now=now)
        line.queue_ms, line.queue_seen_at = queue_ms, now
        line.save(update_fields=["queue_ms", "queue_seen_at"])


def left_of_the_queue(*, now: datetime) -> timedelta:
    """Return how long calls still wait at the provider, by what it said of the last one."""
    line = CallLine.objects.filter(account=settings.TWILIO_ACCOUNT_SID).first()
    return _left_of_the_queue(line, now=now) if line else timedelta(0)


def _locked(*, now: datetime) -> CallLine:
    account = settings.TWILIO_ACCOUNT_SID
    CallLine.objects.get_or_create(account=account, defaults={"next_at": now})
    return CallLine.objects.select_for_update().get(account=account)


def _left_of_the_queue(line: CallLine, *, now: datetime) -> timedelta:
    """Return how much of the queue last seen is still to come: it empties while time passes."""
    if line.queue_seen_at is None:
        return timedelta(0)
    return timedelta(milliseconds=line.queue_ms) - (now - line.queue_seen_at)
