"""What both engines' backends share: a task is checked, sent as path and ids, and forgotten."""

from __future__ import annotations  # Django's Task takes type parameters in its stubs only

from typing import Any

from django.tasks import Task, TaskResult, TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.utils import timezone
from django.utils.crypto import get_random_string


class BellBackend(BaseTaskBackend):
    """A backend of Django's task API that keeps no results: the rows are the truth.

    An engine says how a bell is sent, in `send`. It must be sent only when the transaction around
    it is committed, and may be lost: the next tick finds what is due.
    """

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any, Any]:
        """Send the task; the answer only says that it was sent."""
        self.validate_task(task)
        sent: TaskResult[Any, Any] = TaskResult(
            task=task,
            id=get_random_string(32),
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            finished_at=None,
            last_attempted_at=None,
            args=list(args),  # refuses at once what JSON cannot carry
            kwargs=dict(kwargs),
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        self.send(path=task.module_path, args=sent.args, kwargs=sent.kwargs)
        return sent

    def send(self, *, path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
        """Hand the bell to the engine, once the current transaction is committed."""
        raise NotImplementedError
