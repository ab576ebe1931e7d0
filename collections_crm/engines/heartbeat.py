"""Signs of life that a cluster of workers leaves in a folder, for the supervisor beside it.

The folder is named by `WORKER_HEARTBEATS` and belongs to one supervisor on one machine. A worker at
work has a file named by its pid there; the file `last` is touched whenever a task ends, `begun` when
the cluster was started.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FOLDER_VARIABLE = "WORKER_HEARTBEATS"
BEGUN, LAST = "begun", "last"


@contextmanager
def busy() -> Iterator[None]:
    """Mark this process as at work for the block; does nothing where no supervisor asked for it."""
    name = os.environ.get(FOLDER_VARIABLE)
    if not name:
        yield
        return
    mark = Path(name) / str(os.getpid())
    mark.touch()
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)
        (Path(name) / LAST).touch()


def silence_seconds(folder: Path) -> float:
    """Return for how long nothing has stirred: 0 while a worker is busy, else seconds since the last task."""
    if any(_is_alive(int(mark.name)) for mark in folder.iterdir() if mark.name.isdigit()):
        return 0.0
    return time.time() - (folder / (LAST if has_worked(folder) else BEGUN)).stat().st_mtime


def has_worked(folder: Path) -> bool:
    """Return whether any task has ended since the cluster was started."""
    return (folder / LAST).exists()


def begin(folder: Path) -> None:
    """Start counting anew: forget the marks of workers that were killed at work."""
    for mark in folder.iterdir():
        mark.unlink()
    (folder / BEGUN).touch()


def _is_alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False
