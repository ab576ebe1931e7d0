"""How many lines `contact_decisions` answers, beside a program that only reads and writes the JSON."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from random import Random

from tests.bench.measuring import Figure, medians
from tests.oracle.comparing import random_lines

#: So many that starting either program, which is not counted, is the smaller part of a run.
LINES = 40_000
SEED = 2026
OURS = [sys.executable, "manage.py", "contact_decisions"]
PLAIN = [sys.executable, "-c", "import json, sys\nfor line in sys.stdin: json.loads(line)"]
GOAL = "20,000 lines/s a core"


def measure() -> Iterator[Figure]:
    """Give two figures: a policy of its own on every line, and one day's lines under one policy."""
    lines = [line for line in random_lines(Random(SEED), LINES) if _is_json(line)]
    objects = [case for case in map(json.loads, lines) if isinstance(case, dict)]
    policy = next(case["policy"] for case in objects if case.get("policy"))
    of_a_day = [json.dumps(case | {"policy": policy}) for case in objects]
    del objects
    starting = _medians("")
    yield _figure("decide, policies all different", lines, starting=starting)
    yield _figure("decide, one policy for a day", of_a_day, starting=starting)


def _figure(path: str, lines: list[str], *, starting: tuple[float, float]) -> Figure:
    """Take the figure, without what it takes to start each program."""
    took, plain_took = _medians("\n".join(lines))
    started, plain_started = starting
    return Figure(
        path=path,
        unit="lines",
        per_second=len(lines) / (took - started),
        yardstick="json.loads alone",
        yardstick_per_second=len(lines) / (plain_took - plain_started),
        goal=GOAL,
    )


def _medians(text: str) -> tuple[float, float]:
    return medians(lambda: _run(OURS, text), lambda: _run(PLAIN, text), clock=_core_seconds)


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
