"""Agents pressing *Call next* until nothing is left: in threads, or as processes of their own.

`python -m tests.dunning.claiming CLAIM AGENT_ID NOW` says that it is ready, waits for a line, and
prints the ids of the cases it was given.
`naive` is how it must not be done; it shows that the race is real.
"""

import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import django

if __name__ == "__main__":
    django.setup()

from debtors.models import User
from dunning import queries
from dunning.models import Case
from dunning.services import workqueue


def naive(*, agent: User, now: datetime) -> Case | None:
    """Read, think, write: what two agents can do at the same time."""
    case = queries.callable_at(now, agent=agent).order_by("-urgency", "pk").first()
    if case:
        time.sleep(0.02)
        Case.objects.filter(pk=case.pk).update(agent=agent, leased_until=now + timedelta(minutes=5))
    return case


CLAIMS: dict[str, Callable[..., Case | None]] = {"take_next": workqueue.take_next, "naive": naive}


def take_all(claim: str, *, agent_id: int, now: datetime) -> list[int]:
    """Take case after case, be done with each, and return their ids."""
    agent, taken = User.objects.get(pk=agent_id), []
    while case := CLAIMS[claim](agent=agent, now=now):
        taken.append(case.pk)
        Case.objects.filter(pk=case.pk).update(agent=None, leased_until=None, callable_from=None)
    return taken


if __name__ == "__main__":
    claim, agent_id, now = sys.argv[1:]
    print("ready", flush=True)
    sys.stdin.readline()
    for pk in take_all(claim, agent_id=int(agent_id), now=datetime.fromisoformat(now)):
        print(pk)
