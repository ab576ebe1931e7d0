"""Finds out what became of messages of unclear fate: by evidence, twice, and else by a person."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from contacts import failpoints
from contacts.channels import registry
from contacts.channels.base import Evidence, Listed, NoList, Sought, Unclear
from contacts.models import Attempt, Contact
from contacts.services import instance, list_delays, outbox, settling
from contacts.services.outbox import ForbiddenMoveError
from contacts.vocabulary import AttemptState
from debtors.models import User

logger = structlog.get_logger(__name__)

LONGEST_RUN_SECONDS = 50
CHUNK = 50
#: How long an attempt rests that could not be looked for, or of which nothing was learnt.
REST = timedelta(seconds=min(60.0, settings.SETTLE_SECONDS))
#: What is older than this and still leaving is in the hands of a worker that stands still.
STANDS_STILL = timedelta(minutes=10)
#: Who may say what became of a message when no evidence can.
MAY_DECIDE = "contacts.decide_attempt"
DID_NOT_LEAVE = "a person: it did not leave"


class DecidedError(Exception):
    """The attempt does not wait for a person any more: evidence came, or a colleague was quicker."""


def reconcile(*, clock: Callable[[], datetime], longest_run_seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Look for every attempt whose time has come; return how many were looked for.

    What dead workers left is taken over first. Each attempt is judged under its row's lock by how it
    stands then: two who reconcile at once do no harm. While senders are held nothing is looked for:
    what an old copy of the database holds for un-handed may have left.
    """
    deadline, now = monotonic() + longest_run_seconds, clock()
    if instance.open_journal(now=now) is None:
        return 0
    settling.take_over_from_the_dead(now=now)
    looked = 0
    while monotonic() < deadline:
        found = list(_due(now=clock())[:CHUNK])
        if not found:
            break
        for attempt in found:
            _look(attempt, clock=clock)
        looked += len(found)
    list_delays.watch(clock=clock)
    return looked


def standing_still(*, now: datetime) -> QuerySet[Attempt]:
    """Return what a worker took to send and has not sent for minutes: it lives, and stands still."""
    old = Attempt.objects.filter(state=AttemptState.SENDING, started_at__lt=now - STANDS_STILL)
    old = old.exclude(provider=registry.PRINTED)  # a letter may well lie for days
    return old.select_related("run", "contact__debtor").order_by("started_at", "pk")


def contradicted(*, since: datetime) -> QuerySet[Attempt]:
    """Return what turned out to have left although it was held not to have: the late-evidence alarms."""
    late = Attempt.objects.filter(contradicted_at__gte=since)
    return late.select_related("contact__debtor").order_by("-contradicted_at", "pk")


def decide(attempt: Attempt, *, left: bool, by: User, now: datetime) -> None:
    """Keep what a person says became of an attempt that waits for one; it is written who said so.

    What did not leave is planned again, and the gate is asked anew; an agent's call is not, for he
    is not at the telephone any more. Raises PermissionDenied, and DecidedError when it waits no more.
    """
    if not by.has_perm(MAY_DECIDE):
        raise PermissionDenied(MAY_DECIDE)
    with transaction.atomic():
        if settling.state_of(attempt.pk) != AttemptState.PARKED:
            raise DecidedError(str(attempt.pk))
        if left:
            settling.settle_accepted(attempt.pk, provider_id=f"told-{attempt.pk}", now=now, by=by)
        else:
            settling.settle_not_sent(attempt.pk, reason=DID_NOT_LEAVE, retry_at=now, now=now, by=by)
            outbox.cancel(Contact.objects.filter(pk=attempt.contact_id, agent__isnull=False))
    logger.info("unclear attempt decided", attempt=str(attempt.pk), left=left, by=by.pk)


def _due(*, now: datetime) -> QuerySet[Attempt]:
    due = Attempt.objects.filter(state=AttemptState.UNKNOWN, look_at__lte=now)
    return due.select_related("contact").order_by("look_at", "pk")


def _look(attempt: Attempt, *, clock: Callable[[], datetime]) -> None:
    """Ask the provider about one attempt, and do what follows from what it shows."""
    failpoints.reached("looking")
    evidence = _evidence_of(attempt)
    failpoints.reached("looked")
    now = clock()
    match evidence:
        case Listed():
            _weigh(attempt, evidence, now=now)
        case NoList():
            settling.park(attempt.pk, reason=settling.NO_LIST, now=now)
        case Unclear():
            _look_later(attempt, evidence.reason, now=now)


def _evidence_of(attempt: Attempt) -> Evidence:
    if attempt.handed_at is None:
        return NoList()
    try:
        channel = registry.build(attempt.contact.channel, provider=attempt.provider)
    except (registry.NoSuchChannelError, ValueError) as error:
        return Unclear(reason=f"{attempt.provider}: {type(error).__name__}")
    return channel.find(
        Sought(
            attempt_id=str(attempt.pk),
            to=attempt.to,
            body=attempt.contact.body,
            handed_at=attempt.handed_at,
        )
    )


def _weigh(attempt: Attempt, evidence: Listed, *, now: datetime) -> None:
    """Follow what a list shows. Messages that are other attempts' are nobody else's.

    Two equal texts to one number are one message each, whichever is whose. While another message to
    the number is under way nothing is concluded: what is listed may be that one.
    """
    exact = _not_known(evidence.exact)
    if exact and not _is_another_under_way(attempt):
        _accept(attempt, provider_id=exact[0], now=now)
    elif exact or _not_known(evidence.similar):
        _look_later(attempt, "a message to the same number, perhaps another", now=now)
    else:
        again = now + list_delays.wait(
            channel=attempt.contact.channel,
            provider=attempt.provider,
            at_least=settings.SECOND_LOOK_SECONDS,
        )
        stands = settling.seen_absent(attempt, look_again_at=again, now=now)
        logger.info("message not found", attempt=str(attempt.pk), looks=attempt.looks + 1, now=str(stands))


def _accept(attempt: Attempt, *, provider_id: str, now: datetime) -> None:
    try:
        settling.settle_accepted(attempt.pk, provider_id=provider_id, now=now)
    except ForbiddenMoveError as contradiction:  # somebody settled it, or took the message, meanwhile
        _look_later(attempt, str(contradiction), now=now)
    else:
        logger.info("message found", attempt=str(attempt.pk), provider_id=provider_id)


def _look_later(attempt: Attempt, why: str, *, now: datetime) -> None:
    """Let an attempt rest of which nothing was learnt; after a day a person has to decide."""
    doubted_at = attempt.settled_at or attempt.started_at
    if now - doubted_at >= timedelta(seconds=settings.PARK_AFTER_SECONDS):
        settling.park(attempt.pk, reason=settling.NEVER_CLEAR, now=now)
    else:
        settling.look_later(attempt, at=now + REST)
    logger.warning("message still unclear", attempt=str(attempt.pk), reason=why)


def _not_known(provider_ids: tuple[str, ...]) -> list[str]:
    """Return those of the provider's messages that no attempt of ours is known to be."""
    known = set(Attempt.objects.filter(provider_id__in=provider_ids).values_list("provider_id", flat=True))
    return [each for each in provider_ids if each not in known]


def _is_another_under_way(attempt: Attempt) -> bool:
    others = Attempt.objects.filter(to=attempt.to, state=AttemptState.SENDING, handed_at__isnull=False)
    return others.exclude(pk=attempt.pk).exists()
