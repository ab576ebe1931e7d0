"""Measures how late providers' lists show what they took, and says how long to wait before absence counts.

A message of unclear fate is held for absent when the list does not show it, twice. That proves
nothing while the list itself lags behind, so the wait is never shorter than twice the longest lag
that was ever seen.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Max

from contacts.channels import registry
from contacts.channels.base import Listed, Sought
from contacts.models import Attempt, ListDelay
from contacts.vocabulary import AttemptState, Channel

logger = structlog.get_logger(__name__)

#: Ways out whose providers list what they took.
LISTED = ((Channel.SMS, "twilio"), (Channel.WHATSAPP, "twilio"))
#: What was accepted longer ago is not chosen any more: its delay would be that of our own look.
FRESH = timedelta(minutes=2)
#: After that a watched message is given up: the list forgets it, or is broken.
LONGEST_WATCH = timedelta(hours=24)


def watch(*, clock: Callable[[], datetime]) -> None:
    """Look once at each provider's list for a message that it took; at most every LIST_WATCH_SECONDS."""
    if not settings.LIST_WATCH_SECONDS:
        return
    for channel, provider in LISTED:
        if registry.provider_of(channel) == provider:
            _watch(channel, provider, now=clock())


def wait(*, channel: str, provider: str, at_least: float) -> timedelta:
    """Return how long to wait before a look at a provider's list: `at_least` seconds, or twice its delay."""
    known = ListDelay.objects.filter(channel=channel, provider=provider)
    longest = known.aggregate(longest=Max("longest"))["longest"]
    return max(timedelta(seconds=at_least), 2 * (longest or timedelta(0)))


def _watch(channel: Channel, provider: str, *, now: datetime) -> None:
    """Look for the watched message, or choose one and look for it at once."""
    row = ListDelay.objects.filter(channel=channel, provider=provider).select_related("watched").first()
    watched = (row and row.watched) or _newest(channel, provider, now=now)
    if watched is None or watched.settled_at is None:
        return
    row, is_new = ListDelay.objects.get_or_create(
        channel=channel, provider=provider, defaults={"looked_at": now}
    )
    due_since = now - timedelta(seconds=settings.LIST_WATCH_SECONDS)
    due = ListDelay.objects.filter(pk=row.pk, looked_at__lte=due_since)
    if not is_new and not due.update(looked_at=now):
        return
    shown = _shows(watched, channel=channel, provider=provider)
    if shown is not None:
        _keep(row, watched, age=now - watched.settled_at, is_shown=shown)


def _newest(channel: Channel, provider: str, *, now: datetime) -> Attempt | None:
    """Return what the provider took last, if that was a moment ago."""
    taken = Attempt.objects.filter(
        contact__channel=channel, provider=provider, state=AttemptState.ACCEPTED, settled_at__gt=now - FRESH
    )
    return taken.order_by("-settled_at").first()


def _shows(attempt: Attempt, *, channel: Channel, provider: str) -> bool | None:
    """Return whether the list shows an attempt; None when it could not be asked."""
    if attempt.handed_at is None:
        return None
    evidence = registry.build(channel, provider=provider).find(
        Sought(attempt_id=str(attempt.pk), to=attempt.to, body="", handed_at=attempt.handed_at)
    )
    if not isinstance(evidence, Listed):
        return None
    return attempt.provider_id in evidence.exact + evidence.similar


def _keep(row: ListDelay, attempt: Attempt, *, age: timedelta, is_shown: bool) -> None:
    """Write down what a look has shown.

    Shown at the first look, a message tells of no delay. Shown after it was absent, it came at some
    moment between two looks: the later one counts.
    """
    if not is_shown:
        row.longest = max(row.longest, age)
        row.watched, row.absent_for = (None, timedelta(0)) if age > LONGEST_WATCH else (attempt, age)
    else:
        row.last = age if row.absent_for else timedelta(0)
        row.longest = max(row.longest, row.last)
        row.watched, row.absent_for = None, timedelta(0)
    row.save(update_fields=["watched", "absent_for", "last", "longest"])
    seconds = row.longest.total_seconds()
    if 2 * seconds > settings.SETTLE_SECONDS:
        logger.warning("list lags behind", provider=row.provider, seconds=round(seconds))
