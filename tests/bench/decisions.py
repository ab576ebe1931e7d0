"""How many lines `contact_decisions` answers, beside a program that only reads and writes the JSON."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.bench.measuring import Figure, medians
from tests.oracle.comparing import random_lines

LINES = 10_000
SEED = 2026
ONLY_JSON = "import json, sys\nfor line in sys.stdin: json.loads(line)"
GOAL = "20,000 lines/s a core"


def measure() -> Iterator[Figure]:
    """Give two figures: a policy of its own on every line, and one day's lines under one policy."""
    cases = [json.loads(line) for line in random_lines(Random(SEED), LINES) if _is_json(line)]
    policies = [case["policy"] for case in cases if isinstance(case, dict) and case.get("policy")]
    replay = [case | {"policy": policies[0]} for case in cases if isinstance(case, dict)]
    yield _figure("decide, policies all different", cases)
    yield _figure("decide, one policy for a day", replay)


def _figure(path: str, cases: list[Any]) -> Figure:
    text = "\n".join(json.dumps(case) for case in cases)
    ours, plain = [sys.executable, "manage.py", "contact_decisions"], [sys.executable, "-c", ONLY_JSON]
    took, plain_took = _medians(ours, plain, text)
    started, plain_started = _medians(ours, plain, "")
    return Figure(
        path=path,
        unit="lines",
        per_second=len(cases) / (took - started),
        yardstick="json.loads alone",
        yardstick_per_second=len(cases) / (plain_took - plain_started),
        goal=GOAL,
    )


def _medians(ours: list[str], plain: list[str], text: str) -> tuple[float, float]:
    return medians(lambda: _run(ours, text), lambda: _run(plain, text), clock=_core_seconds)


def _run(command: list[str], text: str) -> None:
    # Its status is 1 when some lines are malformed, as a few of these are on purpose.
    subprocess.run(command, input=text, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)


def _core_seconds() -> float:
    """Return what the programs we ran have had of a core: who else is busy here takes nothing from it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True
