"""What a worker does with a task, the same in every engine: call it, and try again when the ground shook.

A task is only a bell: it may come twice, late or not at all, and the rows say what is to be done.
So nothing is kept here about a task: no result, no state, no slot. Periodic work needs no slot rows
either, because each bell does what is due now and does nothing the second time.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections
from django.tasks import Task
from django.utils.module_loading import import_string

from collections_crm.engines import heartbeat

logger = structlog.get_logger(__name__)

# A database that restarts or stays locked for a moment is back within seconds. Anything else is a
# fault of ours, which trying again does not mend.
PASSING_ERRORS = (OperationalError, InterfaceError, ConnectionError, TimeoutError)
WAITS = (0.5, 2.0, 5.0)  # seconds before the second, third and fourth try; each up to half longer


def execute(path: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> None:
    """Run the task at the dotted `path`, up to four times when a passing error stops it.

    Raises whatever the task raised last, for the engine to log, and `TypeError` when `path` leads
    to something that is not a task: a queue must not be able to call any function there is.
    """
    task = import_string(path)
    if not isinstance(task, Task):
        raise TypeError(f"{path} is not a task")
    with heartbeat.busy():
        _persist(lambda: task.call(*args, **(kwargs or {})), path=path)


def _persist(call: Callable[[], object], *, path: str) -> None:
    for attempt, wait in enumerate(WAITS, start=1):
        try:
            return _call_once(call)
        except PASSING_ERRORS as error:
            logger.warning("task tried again", task=path, attempt=attempt, error=type(error).__name__)
            time.sleep(wait * random.uniform(1.0, 1.5))  # noqa: S311 - to part the tries, not a secret
    return _call_once(call)


def _call_once(call: Callable[[], object]) -> None:
    close_old_connections()  # a worker lives longer than a connection may
    call()
