"""How many lines `contact_decisions` answers, beside a program that only reads and writes the JSON."""

import json
import subprocess
import sys
from collections.abc import Iterator
from random import Random

from tests.bench.measuring import Figure, best_seconds
from tests.oracle.comparing import random_lines

LINES = 20_000
SEED = 2026
ONLY_JSON = "import json, sys\nfor line in sys.stdin: print(json.dumps(json.loads(line)))"


def measure() -> Iterator[Figure]:
    """Give the one figure; what it takes to start each program is taken off."""
    lines = [line for line in random_lines(Random(SEED), LINES) if _is_json(line)]
    text = "\n".join(lines)
    ours = _seconds([sys.executable, "manage.py", "contact_decisions"], text=text)
    plain = _seconds([sys.executable, "-c", ONLY_JSON], text=text)
    yield Figure(
        path="contact_decisions",
        unit="lines",
        per_second=len(lines) / ours,
        yardstick="reading and writing the JSON",
        yardstick_per_second=len(lines) / plain,
    )


def _seconds(command: list[str], *, text: str) -> float:
    def run(given: str) -> None:
        # Its status is 1 when some lines are malformed, as a few of these are on purpose.
        subprocess.run(command, input=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)

    return max(best_seconds(lambda: run(text)) - best_seconds(lambda: run("")), 1e-6)


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
