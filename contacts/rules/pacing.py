"""Spreading contacts over time: nothing bursts, neither at the minute a window opens nor at any other.

Each sender (a number or address of ours) has a rate. A message takes the sender's next slot, and the
slot after it comes a little later than the rate asks, by chance: people do not write like clocks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

LONGEST_SPREAD = timedelta(minutes=45)
#: Slots that begin so soon are taken now, so that a fast sender is not asked for each one by itself.
AHEAD = timedelta(seconds=1)
#: A number that warms up begins with this share of its rate.
FIRST_SHARE = 0.1
#: How much later than the rate asks a slot may come: no sender is ever faster than its rate.
MOST_JITTER = 0.25


@dataclass(frozen=True, slots=True)
class Slots:
    """Slots taken of a sender: how long each of them occupies it, and when the next one begins."""

    steps: tuple[timedelta, ...]
    next_at: datetime

    @property
    def count(self) -> int:
        """How many messages may leave by them."""
        return len(self.steps)

    def without(self, unused: int) -> datetime:
        """Return when the next slot begins once the last `unused` of them were given back."""
        kept = self.count - unused
        return self.next_at - sum(self.steps[kept:], timedelta(0))


def spread(moment: datetime, *, seed: int, over: timedelta = LONGEST_SPREAD) -> datetime:
    """Return a moment up to `over` later, always the same for the same seed.

    Whether that moment is still allowed is for the gate to say when it comes.
    """
    return moment + over * _chance(str(seed))


def take_slots(*, per_minute: int, next_at: datetime | None, now: datetime, most: int) -> Slots:
    """Return up to `most` slots of a sender that begin now or within a second.

    `next_at` is when its next slot begins, None for one that never sent. Time in which nothing was
    sent is not saved up: after a night a sender begins as slowly as it goes on.
    """
    interval = timedelta(minutes=1) / per_minute
    at = max(next_at or now, now)
    steps: list[timedelta] = []
    while len(steps) < most and at < now + AHEAD:
        steps.append(interval * (1 + MOST_JITTER * _chance(at.isoformat())))
        at += steps[-1]
    return Slots(tuple(steps), at)


def warmed_up(*, per_minute: int, began_at: datetime | None, hours: int, now: datetime) -> int:
    """Return how many messages a minute a sender may send that warms up for so many hours; 1 at least.

    The rate rises evenly with time, from a tenth at its first message (`began_at`, None before it).
    """
    passed = (now - (began_at or now)) / timedelta(hours=hours) if hours else 1.0
    share = min(FIRST_SHARE + (1 - FIRST_SHARE) * passed, 1.0)
    return max(int(per_minute * share), 1)


def _chance(seed: str) -> float:
    """Return a number from 0 up to 1, always the same for the same seed."""
    return int.from_bytes(blake2b(seed.encode(), digest_size=4).digest()) / 2**32
