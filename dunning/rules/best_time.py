"""At which hours somebody answers the telephone, by the calls there were."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

HOURS = 2  # a band of the day


@dataclass(frozen=True, slots=True)
class Band:
    """Two hours of the day, by the debtor's own clock: how often he was called then, and answered."""

    begins: int
    answered: int
    tried: int

    @property
    def ends(self) -> int:
        """The hour at which it ends."""
        return self.begins + HOURS


def best(calls: Iterable[tuple[datetime, bool]]) -> Band | None:
    """Return the two hours in which the largest share of calls was answered; None while none was.

    Each call is its moment in the debtor's own zone, and whether a person spoke with us. Of two bands
    alike the one with more answers is better, then the earlier. One answer counts a little less
    than many: the share is of one call more than there were.
    """
    bands: Mapping[int, list[bool]] = {hour: [] for hour in range(0, 24, HOURS)}
    for at, is_answered in calls:
        bands[at.hour - at.hour % HOURS].append(is_answered)
    found = [Band(begins, sum(calls), len(calls)) for begins, calls in bands.items() if any(calls)]
    return max(found, key=_worth, default=None)


def _worth(band: Band) -> tuple[float, int, int]:
    return band.answered / (band.tried + 1), band.answered, -band.begins
