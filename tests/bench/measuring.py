"""How a figure is taken: the median of three runs, beside a yardstick taken in the same breath."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

RUNS = 3


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a path reached, and what the yardstick did with the same amount, both per second."""

    path: str
    unit: str
    per_second: float
    yardstick: str
    yardstick_per_second: float
    goal: str

    @property
    def ratio(self) -> float:
        """How much of the yardstick the path reaches; 1.0 is all of it."""
        return self.per_second / self.yardstick_per_second

    def __str__(self) -> str:
        reached = f"{self.path:<30}{self.per_second:>9,.0f} {self.unit + '/s':<11}"
        beside = f"{self.ratio:>7.3f} of {self.yardstick} ({self.yardstick_per_second:,.0f}/s)"
        return f"{reached}{beside:<62} goal: {self.goal}"


def medians(
    ours: Callable[[], object],
    yardstick: Callable[[], object],
    *,
    before: Callable[[], object] = lambda: None,
    before_yardstick: Callable[[], object] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, float]:
    """Return the medians of the seconds that both took, run in turn, so that both meet the same weather.

    What is done `before` each one is not counted.
    """
    pairs = [
        (
            seconds(ours, before=before, clock=clock),
            seconds(yardstick, before=before_yardstick or before, clock=clock),
        )
        for _ in range(RUNS)
    ]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def seconds(
    do: Callable[[], object],
    *,
    before: Callable[[], object] = lambda: None,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the seconds of one run."""
    before()
    gc.collect()
    began = clock()
    do()
    return clock() - began
