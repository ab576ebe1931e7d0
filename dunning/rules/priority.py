"""How urgent a case is for an agent, and why: points that a person can read."""

from dataclasses import dataclass
from math import isqrt

CALLBACK_POINTS = 1000
REPLY_POINTS = 500
BROKEN_PROMISE_POINTS = 200
MOST_AMOUNT_POINTS = 300
MOST_AGE_POINTS = 120
CENTS_OF_A_REAL = 100


@dataclass(frozen=True, slots=True)
class Urgency:
    """Points by reason: `callback`, `reply`, `broken_promise`, `amount`, `age`; zero parts are left out."""

    parts: tuple[tuple[str, int], ...]

    @property
    def points(self) -> int:
        """The sum, by which the queue is ordered."""
        return sum(points for _reason, points in self.parts)


def urgency(
    *,
    amount_cents: int,
    days_late: int,
    has_broken_promise: bool = False,
    is_callback_promised: bool = False,
    is_reply_waiting: bool = False,
) -> Urgency:
    """Return how urgent a case is; a call that we promised comes before everything else.

    The amount due (in centavos) counts by its square root in reais, up to 300 points (R$ 90,000),
    so that large debts come first and small ones are not forgotten; each day late counts one
    point, up to 120.
    """
    parts = (
        ("callback", CALLBACK_POINTS * is_callback_promised),
        ("reply", REPLY_POINTS * is_reply_waiting),
        ("broken_promise", BROKEN_PROMISE_POINTS * has_broken_promise),
        ("amount", min(isqrt(max(amount_cents, 0) // CENTS_OF_A_REAL), MOST_AMOUNT_POINTS)),
        ("age", min(max(days_late, 0), MOST_AGE_POINTS)),
    )
    return Urgency(parts=tuple(part for part in parts if part[1]))
