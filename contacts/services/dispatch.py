"""Carries admitted contacts to their channel: the row first, the wire second, no transaction open."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic, sleep

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from contacts import failpoints
from contacts.channels import registry
from contacts.channels.base import STOOD_STILL, Accepted, Message, NotSent, Result, ticks
from contacts.models import Attempt
from contacts.services import (
    admission,
    findings,
    instance,
    links,
    outbox,
    provider_answers,
    provider_texts,
    runs,
    senders,
    settling,
)
from contacts.services.journal import Journal
from contacts.services.outbox import ForbiddenMoveError
from contacts.services.provider_answers import REST_OF_A_STOPPED_LINE
from contacts.vocabulary import Channel, FindingKind
from debtors.services import ending

logger = logging.getLogger(__name__)
CHUNK = 20
LONGEST_RUN_SECONDS = 50
#: Seconds between two looks at senders that have no slot yet; who is told to end hears it so soon.
SHORTEST_WAIT, LONGEST_WAIT = 0.05, 5.0
#: How long a claim rests whose debtor somebody else holds.
REST_OF_A_BUSY_DEBTOR = timedelta(seconds=5)
#: Seconds before an answer is written down again that the database did not take.
WAITS = (0.5, 1.0, 2.0, 4.0)
BUSY = ("55P03", "40P01")  # PostgreSQL: a lock was not to be had in time; a deadlock


def pump(
    *,
    clock: Callable[[], datetime],
    longest_run_seconds: float = LONGEST_RUN_SECONDS,
    pause: Callable[[float], None] = sleep,
) -> int:
    """Send what is due until nothing is, or the time is up; return how many attempts left.

    `clock` answers the present moment and is asked before every decision: a run may last longer
    than a window. While senders are held, nothing is even claimed. Senders with a rate are waited
    for, by `pause`. A worker that is told to end lets the message it is at arrive, and leaves the
    others to the next.
    """
    deadline, now = monotonic() + longest_run_seconds, clock()
    left, watch = 0, senders.Watch()
    with _at_work():
        journal = instance.open_journal(now=now)
        if journal is None:
            return 0
        settling.take_over_from_the_dead(now=now)
        outbox.release_lost_claims(now=now)
        while monotonic() < deadline and not ending.is_near():
            claimed = 0
            for turn in watch.turns(most=CHUNK, clock=clock):
                mine = outbox.claim(now=clock(), limit=turn.most, channels=turn.channels)
                left += _carry_all(mine, turn=turn, watch=watch, journal=journal, clock=clock)
                claimed += len(mine)
            if not claimed and not _wait_for_a_turn(clock=clock, deadline=deadline, pause=pause):
                break
        settling.take_over([runs.mine(now=clock())], now=clock())  # what could not be settled
    return left


def send_one(claimed: outbox.Claimed, *, clock: Callable[[], datetime]) -> bool:
    """Admit one claimed contact and, if the gate permits, hand it over; return whether it was tried."""
    journal = instance.open_journal(now=clock())
    if journal is None or not _has_channel(claimed, clock=clock):
        return False
    with _at_work():
        admitted = admission.admit(claimed, now=clock())
        return admitted is not None and _send(admitted, journal=journal, clock=clock)


def _carry_all(
    claimed: Iterable[outbox.Claimed],
    *,
    turn: senders.Turn,
    watch: senders.Watch,
    journal: Journal,
    clock: Callable[[], datetime],
) -> int:
    """Admit what was claimed and carry what was admitted; return how many were tried."""
    used = tried = 0
    for batch in _batches(claimed):
        if ending.is_near():
            _put_back(batch, until=clock())
            continue
        admitted = _admit(batch, clock=clock)
        used += len(admitted)
        for each in admitted:
            # What is admitted and not handed over is planned again when the run ends.
            if not ending.is_near():
                tried += _carry(each, watch=watch, journal=journal, clock=clock)
    senders.end_turn(turn, used=used, now=clock())
    return tried


def _wait_for_a_turn(
    *, clock: Callable[[], datetime], deadline: float, pause: Callable[[float], None]
) -> bool:
    """Wait until a sender may send on for which something is due; False when there is none in time."""
    now = clock()
    wait = senders.next_turn_after(outbox.channels_due(now=now), now=now)
    if wait is None or monotonic() + wait.total_seconds() > deadline:
        return False
    pause(min(max(wait.total_seconds(), SHORTEST_WAIT), LONGEST_WAIT))
    return True


@contextmanager
def _at_work() -> Iterator[None]:
    """Send in this block. When trouble ends it, this run gives itself up, and others free what it held."""
    try:
        with runs.bounded_waits():
            yield
    except BaseException:
        runs.give_up()
        raise


def _batches(claimed: Iterable[outbox.Claimed]) -> list[list[outbox.Claimed]]:
    """Return the claims in lots to be judged at once: a debtor's second contact must count his first."""
    batches: list[dict[int, outbox.Claimed]] = []
    for each in claimed:
        fitting = (batch for batch in batches if each.debtor_id not in batch)
        batch = next(fitting, None)
        if batch is None:
            batches.append(batch := {})
        batch[each.debtor_id] = each
    return [list(batch.values()) for batch in batches]


def _admit(claimed: Sequence[outbox.Claimed], *, clock: Callable[[], datetime]) -> list[admission.Admitted]:
    """Return what may leave. Whatever is wrong with one contact costs it a rest, and the others nothing.

    This is the pump's edge. Trouble with the database itself is everybody's, and for the engine to
    try again; any other is looked for one contact at a time. A debtor whom somebody else holds is
    left to him for a moment.
    """
    usable = [each for each in claimed if _has_channel(each, clock=clock)]
    if not usable:
        return []
    try:
        return admission.admit_many(usable, now=clock())
    except (OperationalError, InterfaceError) as error:
        if not _is_busy(error):
            findings.try_to_note(FindingKind.DATABASE, error=error, now=clock())
            raise
        _put_back(usable, until=clock() + REST_OF_A_BUSY_DEBTOR)
        return []
    except Exception as error:
        if len(usable) > 1:
            return [admitted for each in usable for admitted in _admit([each], clock=clock)]
        logger.exception("contact %s cannot be judged", usable[0].contact_id)
        kind = FindingKind.DATABASE if isinstance(error, DatabaseError) else FindingKind.CONTACT
        findings.try_to_note(kind, error=error, now=clock())
        outbox.put_back(usable[0], until=clock() + REST_OF_A_STOPPED_LINE)
        return []


def _put_back(claimed: Iterable[outbox.Claimed], *, until: datetime) -> None:
    for each in claimed:
        outbox.put_back(each, until=until)


def _has_channel(claimed: outbox.Claimed, *, clock: Callable[[], datetime]) -> bool:
    """Whether the claimed contact's channel can be used; if not, the claim is given up for a while."""
    try:
        registry.channel_for(claimed.channel)
    except (registry.NoSuchChannelError, ValueError):
        logger.critical("the channel %s cannot be used: its settings are incomplete", claimed.channel)
        outbox.put_back(claimed, until=clock() + REST_OF_A_STOPPED_LINE)
        return False
    return True


def _carry(
    admitted: admission.Admitted, *, watch: senders.Watch, journal: Journal, clock: Callable[[], datetime]
) -> bool:
    """Send one of a batch; what goes wrong with it is logged, and the others go on."""
    try:
        return _send(admitted, watch=watch, journal=journal, clock=clock)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("attempt %s could not be settled", admitted.attempt.pk)
        return True


def _send(
    admitted: admission.Admitted,
    *,
    journal: Journal,
    clock: Callable[[], datetime],
    watch: senders.Watch | None = None,
) -> bool:
    """Carry an admitted attempt to its channel, if it still may leave; return whether it was tried.

    What left is not tried again, whatever goes wrong afterwards.
    """
    attempt, now = admitted.attempt, clock()
    if attempt.provider == registry.PRINTED:  # it is printed, and leaves when somebody posts it
        return False
    if now - attempt.started_at > admission.MARGIN:  # this process stood still: the permission is stale
        provider_answers.settle(attempt, STOOD_STILL, now=now)
        return False
    if watch and attempt.contact.channel in watch.resting:
        provider_answers.settle(attempt, NotSent(reason="its sender rests"), now=now)
        return False
    channel = registry.channel_for(attempt.contact.channel)
    until = ticks() + channel.patience_seconds  # from before the hand-over: standing still uses it up
    if not outbox.hand_over(attempt, now=now):
        return False
    failpoints.reached("handed")
    refused = _note(attempt, journal=journal, now=now)
    result = refused or channel.send(_message(attempt, admitted.valid_for, until=until))
    failpoints.reached("answered")
    _keep_answer(attempt, result, clock=clock)
    failpoints.reached("settled")
    if watch and refused is None:
        watch.note(attempt.contact.channel, result, clock=clock)
    return True


def _note(attempt: Attempt, *, journal: Journal, now: datetime) -> NotSent | None:
    """Write the hand-over into the journal; what cannot be written down must not leave."""
    try:
        contact = attempt.contact
        journal.note(attempt.pk, point=contact.point_id, wanted_by=contact.wanted_by, now=now)
    except OSError as error:
        logger.critical("the journal of what left cannot be written: %s", type(error).__name__)
        return NotSent(reason="no journal", retry_after_seconds=60)
    return None


def _keep_answer(attempt: Attempt, result: Result, *, clock: Callable[[], datetime]) -> None:
    """Write an answer down, through a database that is away for a moment.

    Once it was away, this run has lost the session that proves its life: when the answer is kept the
    trouble is raised all the same, and the engine begins a new run. What cannot be kept at all is in
    doubt as soon as this run is found dead.
    """
    lost: OperationalError | InterfaceError | None = None
    for wait in (0.0, *WAITS):
        sleep(wait)
        try:
            provider_answers.settle(attempt, result, now=clock())
        except ForbiddenMoveError as contradiction:  # this process stood still, and was taken for dead
            if isinstance(result, Accepted):
                settling.contradict(attempt.pk, now=clock())
            logger.critical("an answer that contradicts the books: %s", contradiction)
        except (OperationalError, InterfaceError) as error:
            if not _is_busy(error):
                lost = error
                if not connection.in_atomic_block:
                    connection.close()
            continue
        break
    if lost:
        raise lost


def _is_busy(error: Exception) -> bool:
    """Return whether the database is well, and only somebody else was before us."""
    if connection.vendor == "sqlite":
        return "locked" in str(error)
    return getattr(error.__cause__, "sqlstate", "") in BUSY


def _message(attempt: Attempt, valid_for: timedelta, *, until: float) -> Message:
    contact = attempt.contact
    is_mail = contact.channel == Channel.EMAIL
    content_sid, content_variables = provider_texts.spoken_as(contact)
    return Message(
        attempt_id=str(attempt.pk),
        to=attempt.to,
        subject=contact.subject,
        body=contact.body + (links.foot_of_a_mail(contact.pk) if is_mail else ""),
        sender=contact.creditor.brand if contact.creditor and is_mail else "",
        valid_for_seconds=int(valid_for.total_seconds()),
        at=attempt.started_at,
        stop_url=links.stop(contact.pk) if is_mail else "",
        not_me_url=links.not_me(contact.pk) if is_mail else "",
        content_sid=content_sid,
        content_variables=content_variables,
        agent_phone=contact.agent.phone if contact.agent and contact.channel == Channel.VOICE else "",
        until=until,
    )
