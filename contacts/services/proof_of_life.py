"""The lock by which a sender proves that he lives, and anybody that he is dead: never a clock.

On PostgreSQL it is an advisory lock of the session that does the work: the server frees it the
moment the process is killed, and keeps it while the process is only stopped, swapped out or slow.
Workers must therefore reach the server directly, or through a pooler that pools sessions. On SQLite
it is a locked file, which the kernel frees and keeps in the same way.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID
from weakref import WeakSet

from django.conf import settings
from django.db import connection

#: The session or file that holds a lock, to be asked later whether it still does.
type Holder = object


class _LockedFile:
    """A run's file, locked until it is closed or nobody remembers it."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        _open_files.add(self)

    def close(self) -> None:
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    __del__ = close


_open_files: WeakSet[_LockedFile] = WeakSet()


def _close_in_the_child() -> None:
    """The lock belongs to all who have the file open: a forked child would prove a dead parent alive."""
    for file in list(_open_files):
        file.close()


os.register_at_fork(after_in_child=_close_in_the_child)


def take(run: UUID) -> Holder:
    """Take the lock of a new run, for as long as this session (on SQLite: this process) lives."""
    if connection.vendor != "postgresql":
        return _locked_file(run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_number(run)])
    return connection.connection


def is_held_by(holder: Holder) -> bool:
    """Return whether the session we speak through now is the one that took the lock, and is still there."""
    if isinstance(holder, _LockedFile):
        return holder.handle >= 0
    return connection.connection is holder and not getattr(holder, "closed", True)


def is_shown_by_the_server(run: UUID) -> bool:
    """Return whether the server says that this very session holds the lock; on SQLite the file is enough.

    It does not behind a pooler of transactions, which gives each of them to another session.
    """
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND granted AND objsubid = 1 AND (classid::bigint << 32 | objid::bigint) = %s)",
            [_number(run)],
        )
        return bool(cursor.fetchone()[0])


def give_up(run: UUID, holder: Holder) -> None:
    """Let a lock go that is held by this session or process."""
    if isinstance(holder, _LockedFile):
        holder.close()
        _path(run).unlink(missing_ok=True)
    elif is_held_by(holder):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_number(run)])


@contextmanager
def proved_dead(runs: Iterable[UUID]) -> Iterator[list[UUID]]:
    """Give those of the runs whose locks are free, and keep anybody from taking these for the block.

    Needs a transaction. On PostgreSQL locks of one's own session look free: leave one's own run out.
    """
    asked = list(runs)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            numbers = [_number(run) for run in asked]
            cursor.execute(
                "SELECT each FROM unnest(%s::bigint[]) AS each WHERE pg_try_advisory_xact_lock(each)",
                [numbers],
            )
            free = {row[0] for row in cursor.fetchall()}
        yield [run for run in asked if _number(run) in free]
        return
    with ExitStack() as locks:
        dead = [run for run in asked if _is_free(run, until=locks)]
        yield dead
        for run in dead:
            _path(run).unlink(missing_ok=True)


def _number(run: UUID) -> int:
    """Return the number of a run's lock: the first half of its id, as a signed integer."""
    return int.from_bytes(run.bytes[:8], signed=True)


def _path(run: UUID) -> Path:
    return Path(settings.VAR_DIR) / "runs" / f"{run}.lock"


def _locked_file(run: UUID) -> _LockedFile:
    path = _path(run)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)  # closed by exec, as all of Python's
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return _LockedFile(handle)


def _is_free(run: UUID, *, until: ExitStack) -> bool:
    """Return whether nobody holds a run's file, and hold it until the stack is unwound."""
    try:
        handle = os.open(_path(run), os.O_RDWR)
    except FileNotFoundError:  # as after a restore: nobody of this machine can live by it
        return True
    until.callback(os.close, handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
