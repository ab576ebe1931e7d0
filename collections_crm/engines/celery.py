"""The engine for more than one machine: Celery with Redis, one Celery task that rings all of ours."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import structlog
from celery import Celery
from celery.signals import setup_logging, worker_init
from django.db import transaction
from kombu.exceptions import OperationalError

from collections_crm.engines import preloading
from collections_crm.engines.base import BellBackend
from collections_crm.engines.execution import execute
from collections_crm.schedule import PERIODIC_WORK

logger = structlog.get_logger(__name__)

app = Celery("collections_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")


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
