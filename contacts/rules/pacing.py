"""Spreading contacts over time, so that nothing bursts at the minute at which a window opens."""

from datetime import datetime, timedelta
from hashlib import blake2b

LONGEST_SPREAD = timedelta(minutes=45)


def spread(moment: datetime, *, seed: int, over: timedelta = LONGEST_SPREAD) -> datetime:
    """Return a moment up to `over` later, always the same for the same seed.

    Whether that moment is still allowed is for the gate to say when it comes.
    """
    share = int.from_bytes(blake2b(str(seed).encode(), digest_size=4).digest()) / 2**32
    return moment + over * share
