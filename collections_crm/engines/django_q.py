"""The embedded engine: django-q2 with its broker in our own database, nothing else to start."""

from typing import Any

from django_q.cluster import Cluster
from django_q.models import Schedule
from django_q.tasks import async_task

from collections_crm.engines.base import BellBackend
from collections_crm.engines.execution import execute
from collections_crm.schedule import PERIODIC_WORK
from debtors.services import ending

EXECUTE = f"{execute.__module__}.{execute.__qualname__}"


class OurCluster(Cluster):  # type: ignore[misc]
    """django-q2's cluster, which tells those it was the parent of when it is told to end."""

    def sig_handler(self, signum: int, frame: Any) -> None:
        """Let long work stop where it stands well; the cluster itself waits for all of it."""
        ending.tell()
        super().sig_handler(signum, frame)


class DjangoQBackend(BellBackend):
    """The bell is a row of the same database: it is committed with the work that rang it, or not at all."""

    def send(self, *, path: str, args: list[Any], kwargs: dict[str, Any]) -> None:
        """Write the bell into the broker's table."""
        async_task(EXECUTE, path, args, kwargs, task_name=path)


def write_schedule() -> None:
    """Make the engine's table of periodic work say what `schedule.py` says, no more and no less.

    When a row is next due is left as it is, so that a restart neither skips nor repeats a bell.
    """
    names = [work.name for work in PERIODIC_WORK]
    Schedule.objects.exclude(name__in=names).delete()
    for work in PERIODIC_WORK:
        Schedule.objects.update_or_create(
            name=work.name,
            defaults={
                "func": EXECUTE,
                "args": repr((work.task,)),
                "schedule_type": Schedule.MINUTES,
                "minutes": work.every_minutes,
                "repeats": -1,
            },
        )
