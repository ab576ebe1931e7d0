"""How urgent a case is for an agent, and why: points that a person can read, by weights that managers set."""

from dataclasses import dataclass
from math import isqrt

CENTS_OF_A_REAL = 100
#: Of the square root of the reais due, and of the days late: what earns all the points of its kind.
ROOT_FOR_ALL = 300
DAYS_FOR_ALL = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How many points each reason is worth at most; 0 leaves it out."""

    callback: int = 1000
    reply: int = 500
    broken_agreement: int = 250
    broken_promise: int = 200
    broken_just_now: int = 100
    key_customer: int = 100
    first_delay: int = 40
    amount: int = 300
    age: int = 120


#: What holds where no manager has set anything.
USUAL = Weights()


@dataclass(frozen=True, slots=True)
class Urgency:
    """Points by reason, named as in `Weights`; zero parts are left out."""

    parts: tuple[tuple[str, int], ...]

    @property
    def points(self) -> int:
        """The sum, by which the queue is ordered."""
        return sum(points for _reason, points in self.parts)

    @property
    def strongest(self) -> tuple[tuple[str, int], ...]:
        """The two reasons that are worth most, the heavier first."""
        return tuple(sorted(self.parts, key=lambda part: -part[1])[:2])


def urgency(
    *,
    amount_cents: int,
    days_late: int,
    has_broken_promise: bool = False,
    has_broken_just_now: bool = False,
    has_broken_agreement: bool = False,
    is_callback_promised: bool = False,
    is_reply_waiting: bool = False,
    is_key_customer: bool = False,
    is_first_delay: bool = False,
    weights: Weights = USUAL,
) -> Urgency:
    """Return how urgent a case is by `weights`; as they usually are, a promised call comes before all else.

    The amount due (in centavos) counts by its square root in reais, all its points at R$ 90,000, so
    that large debts come first and small ones are not forgotten; days late count evenly up to 120.
    A promise or agreement broken since yesterday counts for `broken_just_now` as well.
    """
    root = min(isqrt(max(amount_cents, 0) // CENTS_OF_A_REAL), ROOT_FOR_ALL)
    days = min(max(days_late, 0), DAYS_FOR_ALL)
    parts = (
        ("callback", weights.callback * is_callback_promised),
        ("reply", weights.reply * is_reply_waiting),
        ("broken_agreement", weights.broken_agreement * has_broken_agreement),
        ("broken_promise", weights.broken_promise * (has_broken_promise and not has_broken_agreement)),
        ("broken_just_now", weights.broken_just_now * has_broken_just_now),
        ("key_customer", weights.key_customer * is_key_customer),
        ("first_delay", weights.first_delay * is_first_delay),
        ("amount", weights.amount * root // ROOT_FOR_ALL),
        ("age", weights.age * days // DAYS_FOR_ALL),
    )
    return Urgency(parts=tuple(part for part in parts if part[1]))
