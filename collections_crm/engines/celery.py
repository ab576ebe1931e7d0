"""The engine for more than one machine: Celery with Redis, one Celery task that rings all of ours."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import structlog
from celery import Celery
from celery.signals import setup_logging, worker_init, worker_shutting_down
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from collections_crm.engines import preloading
from collections_crm.engines.base import BellBackend
from collections_crm.engines.execution import execute
from collections_crm.schedule import PERIODIC_WORK
from debtors.services import ending

logger = structlog.get_logger(__name__)

app = Celery("collections_crm")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": settings.TASK_REDELIVERY,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 3,
    },
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=settings.TASK_TIME_LIMIT,
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_step": 0.2},
    worker_concurrency=settings.TASK_WORKERS,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=15.0,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    # One connection a task is three times slower; `engines.execution` renews what went stale.
    CELERY_DB_REUSE_MAX=500,  # the name by which Celery's own part for Django asks
)


@app.task(name="collections_crm.ring")  # type: ignore[untyped-decorator]
def ring(path: str, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None) -> None:
    """Run the task at the dotted `path` with the given arguments."""
    execute(path, args, kwargs)


app.conf.beat_schedule = {
    work.name: {
        "task": ring.name,
        "schedule": work.every_minutes * 60.0,
        "args": [work.task],
        "options": {
            "expires": work.every_minutes * 60.0
        },  # an hour without workers rings once, not sixty times
    }
    for work in PERIODIC_WORK
}


@setup_logging.connect  # type: ignore[untyped-decorator]
def _keep_our_logging(**_kwargs: object) -> None:
    """Celery leaves logging alone when somebody answers this signal: the settings have set it up."""


@worker_init.connect  # type: ignore[untyped-decorator]
def _preload(**_kwargs: object) -> None:
    """Import in the parent what its workers need: one that was killed is replaced by a ready one."""
    preloading.preload()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _tell_workers(**_kwargs: object) -> None:
    """Let long work stop where it stands well; Celery itself would wait for all of it."""
    ending.tell()


class CeleryBackend(BellBackend):
    """The bell is a message: sent after the commit, so that no worker looks for rows not yet there."""

    def send(self, *, path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
        """Send the bell when the transaction is committed, at once when there is none."""
        transaction.on_commit(partial(_send, path, args, kwargs))


def _send(path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
    """Send the bell; a broker that is away costs the bell, never the request that rang it."""
    try:
        ring.delay(path, args, kwargs)
    except OperationalError as error:
        logger.warning("bell lost, the next tick finds the work", task=path, error=type(error).__name__)
