"""What waits, what is on its way, what stands still and why, and how fast each sender sends."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Case, Count, IntegerField, Min, Sum, Value, When

from contacts.models import Attempt, Contact, Sender, WorkerRun
from contacts.models.contact import CAME_TO_NOTHING, UNFINISHED
from contacts.vocabulary import AttemptState, ContactState

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: The bell rings once a minute, and an embedded one may be half a minute late.
SILENT_AFTER = timedelta(seconds=150)
WORKERS_SHOWN = 20


@dataclass(frozen=True)
class Queue:
    """What is due at this moment and has not been taken up yet. `oldest_at` is since when at the longest."""

    due: int
    oldest_at: datetime | None


@dataclass
class Rate:
    """What one sender did: attempts by how they stand, in the last hour and the last day."""

    channel: str
    provider: str
    sender: str
    hour: Counter[str] = field(default_factory=Counter)
    day: Counter[str] = field(default_factory=Counter)

    @property
    def accepted_in_the_hour(self) -> int:
        """How many the provider took in the last hour."""
        return self.hour[AttemptState.ACCEPTED]

    @property
    def accepted_in_the_day(self) -> int:
        """How many the provider took in the last day."""
        return self.day[AttemptState.ACCEPTED]

    @property
    def others_in_the_day(self) -> list[tuple[str, int]]:
        """What else came of attempts in the last day, by its word, most first."""
        rest = ((AttemptState(state), number) for state, number in self.day.most_common())
        return [(str(state.label), number) for state, number in rest if state != AttemptState.ACCEPTED]


def standing() -> Mapping[str, Counter[str]]:
    """Return how many contacts that have not ended stand in each state, by channel: one query."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = Contact.objects.order_by().filter(state__in=UNFINISHED)
    for state, channel, number in rows.values_list("state", "channel").annotate(number=Count("*")):
        found[state][channel] = number
    return found


def queue(*, now: datetime) -> Queue:
    """Return what is due and waits for a worker, in one query; calls wait for their agents, not for us."""
    due = Contact.objects.order_by().filter(
        state=ContactState.PLANNED, not_before__lte=now, agent__isnull=True
    )
    found = due.aggregate(number=Count("pk"), oldest=Min("not_before"))
    return Queue(found["number"], found["oldest"])


def unclear_since() -> datetime | None:
    """Return since when the oldest message of unclear fate is in doubt; None where there is none."""
    unclear = Attempt.objects.order_by().filter(state=AttemptState.UNKNOWN)
    oldest: datetime | None = unclear.aggregate(oldest=Min("settled_at"))["oldest"]
    return oldest


def objections(*, now: datetime) -> tuple[Counter[str], Counter[str]]:
    """Return what holds contacts back, by code: for good, and for now; one query.

    A contact with three objections counts under each of them.
    """
    for_good: Counter[str] = Counter()
    for_now: Counter[str] = Counter()
    rows = Contact.objects.order_by().refused(now=now).values_list("state", "objections")
    for state, codes, number in rows.annotate(number=Count("pk")):
        for code in codes:
            (for_good if state == ContactState.BLOCKED else for_now)[code] += number
    return for_good, for_now


def came_to_nothing(*, now: datetime) -> list[tuple[str, str, int]]:
    """Return what ended without leaving in the last day: state, the provider's code, how many; most first."""
    rows = Contact.objects.order_by().filter(state__in=CAME_TO_NOTHING, concluded_at__gt=now - DAY)
    counted = rows.values_list("state", "error_code").annotate(number=Count("pk"))
    return sorted(counted, key=lambda row: (-row[2], row[0], row[1]))


def rates(*, now: datetime) -> list[Rate]:
    """Return what each sender did in the last hour and day, by channel, in one query."""
    is_recent = Case(When(started_at__gt=now - HOUR, then=Value(1)), default=Value(0))
    rows = (
        Attempt.objects.order_by()
        .filter(started_at__gt=now - DAY)
        .values_list("contact__channel", "provider", "sender", "state")
        .annotate(day=Count("pk"), hour=Sum(is_recent, output_field=IntegerField()))
    )
    found: dict[tuple[str, str, str], Rate] = {}
    for channel, provider, sender, state, day, hour in rows:
        rate = found.setdefault((channel, provider, sender), Rate(channel, provider, sender))
        rate.day[state] += day
        rate.hour[state] += hour
    return [found[key] for key in sorted(found)]


def senders() -> list[Sender]:
    """Return our numbers and addresses as they stand."""
    return list(Sender.objects.all())


def workers() -> list[WorkerRun]:
    """Return the lives of senders that nobody found dead, last seen first."""
    return list(WorkerRun.objects.filter(ended_at=None).order_by("-seen_at")[:WORKERS_SHOWN])


def is_somebody_working(*, now: datetime) -> bool:
    """Return whether a worker was seen so lately that it must be alive: each is, at every bell."""
    return WorkerRun.objects.filter(ended_at=None, seen_at__gt=now - SILENT_AFTER).exists()
