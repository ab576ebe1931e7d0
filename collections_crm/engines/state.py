"""How the task engine stands: which one it is, and how many bells wait in its queue."""

from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError

#: Seconds for an answer from the broker: a page must not hang because it does not.
PATIENCE = 1.0
#: Bells come once a minute and are done in seconds: so many waiting mean that nobody takes them.
MANY = 50


@dataclass(frozen=True)
class EngineState:
    """`waiting` is how many bells wait; None where the broker does not answer, or there is no queue."""

    engine: str
    waiting: int | None
    is_reachable: bool = True

    @property
    def is_behind(self) -> bool:
        """Whether bells pile up."""
        return self.waiting is not None and self.waiting > MANY


def state() -> EngineState:
    """Return how the engine of the settings stands; asking never raises, and never takes long."""
    ask = {"django_q": _django_q, "celery": _celery}.get(settings.TASK_ENGINE)
    if ask is None:
        return EngineState(settings.TASK_ENGINE, None)
    waiting = ask()
    return EngineState(settings.TASK_ENGINE, waiting, is_reachable=waiting is not None)


def _django_q() -> int | None:
    from django_q.models import OrmQ  # models are ready only when somebody asks

    try:
        return int(OrmQ.objects.count())
    except DatabaseError:
        return None


def _celery() -> int | None:
    from redis import Redis
    from redis.exceptions import RedisError

    broker = Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=None
    )
    try:
        return int(str(broker.llen("celery")))
    except RedisError:
        return None
    finally:
        broker.close()
