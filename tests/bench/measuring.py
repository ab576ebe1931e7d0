"""How a figure is taken: the best of a few runs, beside a yardstick taken in the same breath."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a path reached, and what the yardstick did with the same amount, both per second."""

    path: str
    unit: str
    per_second: float
    yardstick: str
    yardstick_per_second: float

    @property
    def ratio(self) -> float:
        """How much of the yardstick the path reaches; 1.0 is all of it."""
        return self.per_second / self.yardstick_per_second

    def __str__(self) -> str:
        reached = f"{self.per_second:>12,.0f} {self.unit}/s"
        beside = f"{self.ratio:>7.3f} of {self.yardstick} ({self.yardstick_per_second:,.0f}/s)"
        return f"{self.path:<28}{reached:<26}{beside}"


def best_seconds(do: Callable[[], object], *, runs: int = 3) -> float:
    """Return the seconds of the fastest of some runs: everything slower was somebody else's work."""
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    return min(taken)
