"""Asks the product and the oracle about the same lines and tells where they differ."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from .cases import malformed_line, random_case
from .edges import minutes_worth_a_look
from .gate_oracle import (
    can_never_be_allowed,
    every_minute,
    is_allowed_at,
    judge,
    judge_line,
    judge_next,
    last_minute_of_horizon,
)
from .reading import read_instant

ROOT = Path(__file__).resolve().parents[2]
MALFORMED_SHARE = 0.01
BLANK_SHARE = 0.002
HORIZON_DAYS = 15

Answer = dict[str, Any]


@dataclass(frozen=True)
class Looking:
    """How next moments are looked for: how far ahead, and of how many cases at every minute.

    Of the others every edge of the rules is looked at, and a coarse walk in between.
    """

    horizon_days: int = HORIZON_DAYS
    every_minute_share: float = 1.0
    dice: Random = field(default_factory=lambda: Random(1))  # nothing secret

    def minutes(self, case: dict[str, Any], t: datetime) -> Iterable[datetime]:
        """Return the whole minutes after t that are looked at, in their order."""
        if self.dice.random() < self.every_minute_share:
            return every_minute(t, self.horizon_days)
        return minutes_worth_a_look(case, t, self.horizon_days, self.dice)


@dataclass
class Comparison:
    """What came of comparing many lines."""

    compared: int = 0
    disagreements: list[str] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)
    deciding_alone: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    def count(self, expected: Answer) -> None:
        self.compared += 1
        if "error" in expected:
            self.outcomes["malformed"] += 1
            return
        reasons = expected["reasons"]
        self.codes.update(reasons)
        self.outcomes[f"{min(len(reasons), 5)} reasons{' or more' if len(reasons) >= 5 else ''}"] += 1
        if len(reasons) == 1:
            self.deciding_alone.update(reasons)


def random_lines(rng: Random, count: int) -> list[str]:
    """Return lines of cases, with a few malformed and blank ones between them."""
    lines: list[str] = []
    for _ in range(count):
        if rng.random() < MALFORMED_SHARE:
            lines.append(malformed_line(rng))
        else:
            lines.append(json.dumps(random_case(rng), ensure_ascii=rng.random() < 0.9))
        if rng.random() < BLANK_SHARE:
            lines.append(rng.choice(["", "   ", "\t"]))
    return lines


def random_waiting_lines(rng: Random, count: int) -> list[str]:
    """Return lines of cases most of which are forbidden now and may be allowed later."""
    lines: list[str] = []
    while len(lines) < count:
        case = random_case(rng)
        reasons = set(judge(case)["reasons"])
        if (reasons and not can_never_be_allowed(reasons)) or rng.random() < 0.05:
            lines.append(json.dumps(case))
    return lines


def product_answers(lines: list[str], *options: str) -> tuple[list[Answer], int]:
    """Return the answers of the product's command to the lines, and its exit status."""
    ran = subprocess.run(
        [sys.executable, "manage.py", "contact_decisions", *options],
        input="\n".join(lines) + "\n",
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    try:
        return [json.loads(line) for line in ran.stdout.split("\n") if line], ran.returncode
    except ValueError as error:
        raise RuntimeError(f"the command did not answer in JSON lines: {ran.stderr[-2000:]}") from error


def compare(lines: list[str], into: Comparison, *, looking: Looking | None = None) -> None:
    """Ask both about the lines and add what came of it to `into`; next moments only with `looking`."""
    options = ["--next", "--horizon-days", str(looking.horizon_days)] if looking else []
    answers, status = product_answers(lines, *options)
    expected = tell_apart(lines, answers, into, looking=looking)
    any_malformed = any("error" in one for one in expected)
    if status != int(any_malformed):
        into.disagreements.append(f"exit status {status}, though malformed lines: {any_malformed}")


def tell_apart(
    lines: list[str],
    answers: list[Answer],
    into: Comparison,
    *,
    looking: Looking | None = None,
) -> list[Answer]:
    """Compare answers with the oracle's, which are returned; next moments only with `looking`."""
    asked = [line for line in lines if line.strip()]
    expected = [judge_line(line) for line in asked]
    if len(answers) != len(asked):
        into.disagreements.append(f"{len(asked)} lines were asked, {len(answers)} answered")
        return expected
    for line, answer, wanted in zip(asked, answers, expected, strict=True):
        into.count(wanted)
        fault = fault_of(answer, wanted, ask_next=looking is not None)
        if fault is None and looking is not None and "error" not in wanted:
            into.outcomes["a next moment" if answer["next_allowed"] else "no next moment"] += 1
            fault = fault_of_next(json.loads(line), answer["next_allowed"], looking)
        if fault is not None:
            into.disagreements.append(f"{fault}\n  oracle:  {wanted}\n  product: {answer}\n  case:    {line}")
    return expected


def fault_of(answer: Answer, expected: Answer, *, ask_next: bool) -> str | None:
    """Return what is wrong with the answer, apart from its next moment; None where nothing is."""
    if "error" in expected:
        same = answer.get("id") == expected["id"] and set(answer) == {"id", "error"}
        return None if same else "the line is malformed"
    keys = {"id", "allowed", "reasons"} | ({"next_allowed"} if ask_next else set())
    if set(answer) != keys:
        return f"the answer has the keys {sorted(answer)}"
    same = all(answer[key] == expected[key] for key in ("id", "allowed", "reasons"))
    return None if same else "another decision"


def fault_of_next(case: dict[str, Any], given: str | None, looking: Looking) -> str | None:
    """Return what is wrong with the next moment: it must be allowed, and no whole minute before it may be."""
    t = read_instant(case["instant"])
    first = judge_next(case, looking.horizon_days, minutes=looking.minutes(case, t))
    if given is None:
        return None if first is None else f"there is a next moment, {first}"
    if not given.endswith("Z"):
        return "the next moment is not written in UTC with a Z"
    answer = read_instant(given)
    if first == t or answer <= t:
        return None if answer == first else f"the next moment is {first}"
    if answer > last_minute_of_horizon(t, looking.horizon_days):
        return "the next moment lies beyond the horizon"
    if not is_allowed_at(case, answer):
        return "the next moment is not allowed"
    if first is not None and answer > first:
        return f"an earlier whole minute is allowed, {first}"
    return None
