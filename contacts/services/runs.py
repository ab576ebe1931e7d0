"""Worker runs: who sends at this moment, and who is proved to do so no more."""

import os
import platform
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.db import Error, connection, transaction
from django.db.transaction import TransactionManagementError

from contacts.models import WorkerRun
from contacts.services import proof_of_life

logger = structlog.get_logger(__name__)

#: How often a run that works says so. It informs, and proves nothing.
HEARTBEAT = timedelta(seconds=5)
#: A run is forgotten so long after its death.
KEPT = timedelta(days=30)
#: What a session of PostgreSQL is told while it sends. Nobody waits long for a sender that is stopped
#: inside a transaction: ending it is safe, because permission is given by a commit only. A machine that
#: is lost is noticed by its silence.
WHILE_SENDING = {
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "5s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
#: A hand-over that was committed must survive a crash of the server, whatever others are content with.
DURABLE = """
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') = 'off'
"""


@dataclass
class _Life:
    """What this thread remembers of its run."""

    run: UUID
    pid: int
    holder: proof_of_life.Holder
    seen_at: datetime


class _Mine(threading.local):
    life: _Life | None = None


_mine = _Mine()


def mine(*, now: datetime) -> UUID:
    """Return the run of this thread: begun when there is none, or when its session is another than it was.

    Its heartbeat is written every few seconds. To be called outside of transactions.
    """
    life = _mine.life
    is_ours = life and life.pid == os.getpid() and proof_of_life.is_held_by(life.holder)
    if life and is_ours and (abs(now - life.seen_at) < HEARTBEAT or _is_seen(life, now=now)):
        return life.run
    give_up()  # the session is another, or somebody found us dead: be it
    return _begin(now=now)


def give_up() -> None:
    """Stop living as this run: whatever it still holds is free for others to take over."""
    life, _mine.life = _mine.life, None
    if life:
        with suppress(Error, TransactionManagementError):  # the lock is gone with what is broken
            proof_of_life.give_up(life.run, life.holder)


def end(*, now: datetime) -> None:
    """Stop living as this thread's run, whose work is done: nobody has to find it dead."""
    if life := _mine.life:
        WorkerRun.objects.filter(pk=life.run, ended_at=None).update(ended_at=now)
    give_up()


@contextmanager
def bounded_waits() -> Iterator[None]:
    """Let this session wait for nobody long, and nobody wait long for it, while it sends."""
    if connection.vendor != "postgresql":
        yield
        return
    _configure(WHILE_SENDING, and_then=DURABLE)
    try:
        yield
    finally:
        # What is broken or aborted is closed, or rolled back, by whoever opened it.
        with suppress(Error, TransactionManagementError):
            _configure(dict.fromkeys([*WHILE_SENDING, "synchronous_commit"]))


@contextmanager
def found_dead(*, now: datetime) -> Iterator[list[UUID]]:
    """Give the runs that are proved dead, in one transaction with what is done about what they left.

    Only a lock that is free proves a death: a run that is merely stopped, however long, keeps what it
    holds. Each is found dead once; this thread's own is never among them.
    """
    own = mine(now=now)
    with transaction.atomic():
        suspects = WorkerRun.objects.filter(ended_at=None).exclude(pk=own).values_list("pk", flat=True)
        with proof_of_life.proved_dead(list(suspects)) as free:
            # Asked again, under the locks: somebody may have buried one of them a moment ago.
            dead = list(suspects.filter(pk__in=free)) if free else []
            yield dead
            if dead:
                WorkerRun.objects.filter(pk__in=dead).update(ended_at=now)
                logger.info("worker runs found dead", runs=[str(run) for run in dead])


def forget_the_long_dead(*, now: datetime) -> int:
    """Delete runs that have been dead so long that nobody asks for them; return how many."""
    deleted, _ = WorkerRun.objects.filter(ended_at__lt=now - KEPT).delete()
    return deleted


def _is_seen(life: _Life, *, now: datetime) -> bool:
    """Write the heartbeat; False for a run that was found dead, whose row is gone, or that has no lock."""
    if not proof_of_life.is_shown_by_the_server(life.run):
        logger.critical("a worker run has lost its lock: is the database behind a pooler of transactions?")
        return False
    alive = WorkerRun.objects.filter(pk=life.run, ended_at=None)
    life.seen_at = now
    return alive.update(seen_at=now) == 1


def _begin(*, now: datetime) -> UUID:
    """Begin a run: the lock first, then the row, so that nobody finds a row without its lock."""
    run = uuid4()
    connection.ensure_connection()
    holder = proof_of_life.take(run)
    WorkerRun.objects.create(id=run, host=platform.node()[:100], pid=os.getpid(), started_at=now, seen_at=now)
    _mine.life = _Life(run=run, pid=os.getpid(), holder=holder, seen_at=now)
    return run


def _configure(values: Mapping[str, str | None], *, and_then: str = "") -> None:
    """Set these of the session; None puts a value back to what the server gives everybody."""
    orders = [
        f"RESET {name}" if value is None else f"SET {name} = '{value}'" for name, value in values.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute("; ".join([*orders, and_then]))
