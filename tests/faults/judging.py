"""The judge of the fault tests: what Twilio's stand-in took is the truth, and the books must say the same."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Verdict:
    """The numbers that got a message twice, those that got none, and how many alarms were raised."""

    sent_twice: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    alarms: int = 0


SPOTLESS = Verdict()


def judge(*, wanted: Iterable[str], taken: Iterable[str], alarms: int = 0) -> Verdict:
    """Compare the numbers that were wanted a message with those that the provider took one for."""
    times = Counter(taken)
    return Verdict(
        sent_twice=tuple(sorted(number for number, count in times.items() if count > 1)),
        lost=tuple(sorted(set(wanted) - times.keys())),
        alarms=alarms,
    )


def taken_by(log: Path) -> list[str]:
    """Return the number of each message in the stand-in's log of what it took."""
    return [json.loads(line)["To"] for line in log.read_text().splitlines()] if log.exists() else []
