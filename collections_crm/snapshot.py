"""How sending stands at one moment: everything that the page of operations and the metrics say."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collections_crm.engines import state as engines
from collections_crm.engines.state import EngineState
from contacts.models import Attempt, Finding, Instance, ListDelay, PolicyHead, Sender, WorkerRun
from contacts.queries import traffic
from contacts.queries.traffic import Queue, Rate
from contacts.services import instance, policy, skew
from contacts.vocabulary import ContactState
from dunning.models import Callback
from dunning.vocabulary import CallbackState


@dataclass(frozen=True)
class Snapshot:
    """Facts, each read once. `for_good` and `for_now` count what holds contacts back, by code."""

    at: datetime
    head: PolicyHead | None
    held: Instance | None
    standing: Mapping[str, Counter[str]]
    queue: Queue
    for_good: Counter[str]
    for_now: Counter[str]
    came_to_nothing: Sequence[tuple[str, str, int]]
    rates: Sequence[Rate]
    senders: Sequence[Sender]
    workers: Sequence[WorkerRun]
    open_findings: int
    contradictions: int
    missed_callbacks: int
    unclear_since: datetime | None
    list_delays: Sequence[ListDelay]
    engine: EngineState
    skew: timedelta

    def number(self, state: ContactState) -> int:
        """Return how many contacts stand in a state, by whatever channel."""
        return self.standing[state].total() if state in self.standing else 0

    @property
    def waiting_for_later(self) -> int:
        """How many are planned and not due yet."""
        return max(self.number(ContactState.PLANNED) - self.queue.due, 0)

    @property
    def working(self) -> list[WorkerRun]:
        """The workers that were seen lately."""
        return [run for run in self.workers if self.at - run.seen_at < traffic.SILENT_AFTER]

    @property
    def resting(self) -> list[Sender]:
        """The senders at rest."""
        return [each for each in self.senders if each.rests_until and each.rests_until > self.at]

    @property
    def behind(self) -> timedelta:
        """For how long the oldest due contact has been waiting."""
        return self.at - self.queue.oldest_at if self.queue.oldest_at else timedelta(0)


def take(*, now: datetime) -> Snapshot:
    """Return how everything stands, in a constant number of queries."""
    for_good, for_now = traffic.objections(now=now)
    return Snapshot(
        at=now,
        head=policy.in_force(),
        held=instance.held(),
        standing=traffic.standing(),
        queue=traffic.queue(now=now),
        for_good=for_good,
        for_now=for_now,
        came_to_nothing=traffic.came_to_nothing(now=now),
        rates=traffic.rates(now=now),
        senders=traffic.senders(),
        workers=traffic.workers(),
        open_findings=Finding.objects.filter(closed_at=None).count(),
        contradictions=Attempt.objects.filter(contradicted_at__gt=now - traffic.DAY).count(),
        missed_callbacks=Callback.objects.filter(
            state=CallbackState.MISSED, ended_at__gt=now - 7 * traffic.DAY
        ).count(),
        unclear_since=traffic.unclear_since(),
        list_delays=list(ListDelay.objects.all()),
        engine=engines.state(),
        skew=skew.measure(),
    )
