"""The engine of the tests: a task runs where it is enqueued, and what it raises is raised."""

from __future__ import annotations  # Django's TaskResult takes type parameters in its stubs only

import sys
from typing import Any

from django.dispatch import receiver
from django.tasks import TaskResult, TaskResultStatus
from django.tasks.backends.immediate import ImmediateBackend
from django.tasks.signals import task_finished


class RaisingBackend(ImmediateBackend):
    """Django's immediate backend, which would swallow the exception of a task."""


@receiver(task_finished, sender=RaisingBackend)
def _raise_again(*, task_result: TaskResult[Any, Any], **_kwargs: object) -> None:
    """Let the task's exception through: the signal is sent while it is being handled."""
    error = sys.exc_info()[1]
    if task_result.status == TaskResultStatus.FAILED and error is not None:
        raise error
