"""Checks that the product's gate and the oracle agree on thousands of random cases, and could disagree."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random

import pytest

from .by_hand import TUESDAY_10AM, held, make_case
from .comparing import (
    Answer,
    Comparison,
    Looking,
    compare,
    fault_of,
    fault_of_next,
    product_answers,
    random_lines,
    random_waiting_lines,
    tell_apart,
)
from .edges import minutes_worth_a_look
from .gate_oracle import judge_line, judge_next
from .literal_rules import RULES, Rule, r3_outside_hours
from .reading import Case, read_instant
from .scenes import MICROSECOND

CASES = 8_000  # a million by `make deep`
EVERY_CODE = {
    *("PAUSED", "CHANNEL_DISABLED", "TZ_UNKNOWN", "OUTSIDE_HOURS", "BIRTHDAY", "HOLIDAY", "MINOR"),
    *("BIRTH_DATE_UNKNOWN", "POINT_INVALID", "POINT_UNVERIFIED", "POINT_WORKPLACE", "POINT_THIRD_PARTY"),
    *("POINT_WRONG_CHANNEL", "OPT_OUT_GLOBAL", "OPT_OUT_CHANNEL", "OPT_OUT_POINT", "CONSENT_MISSING"),
    *("HOLD_DISPUTE", "HOLD_BANKRUPTCY", "HOLD_DECEASED", "HOLD_LEGAL", "HOLD_COMPLAINT", "HOLD_FRAUD"),
    *("PROMISE_GRACE", "CONVERSATION_COOLDOWN", "CAP_DAY_TOTAL", "CAP_DAY_CHANNEL", "CAP_7D_TOTAL"),
    *("CAP_7D_CHANNEL", "GAP_TOTAL", "GAP_CHANNEL", "VOICEMAIL"),
    *("CAP_DAY_POINT", "CAP_7D_POINT", "GAP_POINT"),
}

#: One process asks the product once.
pytestmark = pytest.mark.xdist_group("oracle")

Asked = tuple[list[str], list[Answer], int]


@pytest.fixture(scope="module")
def asked() -> Asked:
    """Return the lines, the product's answers to them and its exit status."""
    lines = random_lines(Random(20_261_121), CASES)
    return lines, *product_answers(lines)


def test_product_and_oracle_agree_on_every_case(asked: Asked) -> None:
    lines, answers, status = asked
    result = Comparison()

    tell_apart(lines, answers, result)

    assert result.disagreements[:3] == []
    assert result.compared == CASES
    assert status == 1  # there are malformed lines among them
    assert result.outcomes["malformed"] > 50


def test_every_code_is_exercised_together_with_others_and_alone(asked: Asked) -> None:
    result = Comparison()
    for line in asked[0]:
        if line.strip():
            result.count(judge_line(line))

    assert set(result.codes) == EVERY_CODE
    assert {code: seen for code, seen in result.codes.items() if seen < 20} == {}
    assert {code for code in EVERY_CODE if result.deciding_alone[code] < 5} == set()


def test_product_and_oracle_agree_on_the_next_allowed_moment() -> None:
    result = Comparison()

    compare(random_waiting_lines(Random(5), 30), result, looking=Looking(2))
    compare(random_waiting_lines(Random(6), 40), result, looking=Looking(every_minute_share=0))

    assert result.disagreements[:3] == []
    assert result.compared == 70


def test_valid_lines_alone_end_with_status_zero(asked: Asked) -> None:
    valid = [line for line in asked[0][:200] if line.strip() and "error" not in judge_line(line)]

    assert product_answers(valid)[1] == 0


def closed_one_instant_later(case: Case, t: datetime) -> Iterator[str]:
    """R3 with `<=` where the specification says `<` at a window's end."""

    def is_inside(now: timedelta, start: timedelta, end: timedelta, *, inclusive: bool) -> bool:
        return start <= now <= end

    return r3_outside_hours(case, t, is_inside=is_inside)


def a_breath_off(rule: Rule, breath: int, case: Case, t: datetime) -> Iterator[str]:
    """Judge a rule as it would have been a microsecond earlier or later: every one of its edges moves."""
    return rule(case, t + breath * MICROSECOND)


def mistaken(name: str) -> list[tuple[str, Rule]]:
    return [(name, partial(a_breath_off, RULES[name], breath)) for breath in (-1, 1)]


@pytest.mark.parametrize(
    ("name", "altered"),
    [
        ("R3", closed_one_instant_later),
        *[pair for name in RULES if name not in ("R0", "R1", "R2", "R8", "R15") for pair in mistaken(name)],
    ],
)
def test_a_rule_that_is_a_microsecond_off_is_found_out(asked: Asked, name: str, altered: Rule) -> None:
    assert has_a_disagreement(asked, RULES | {name: altered})


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_is_left_out_is_found_out(asked: Asked, name: str) -> None:
    assert has_a_disagreement(asked, {kept: rule for kept, rule in RULES.items() if kept != name})


def has_a_disagreement(asked: Asked, rules: dict[str, Rule]) -> bool:
    lines, answers, _ = asked
    cases = (line for line in lines if line.strip())
    pairs = zip(cases, answers, strict=True)
    return any(fault_of(answer, judge_line(line, rules), ask_next=False) for line, answer in pairs)


def test_the_edges_miss_no_moment_that_a_walk_over_every_minute_finds() -> None:
    dice = Random(11)
    for line in random_waiting_lines(Random(7), 15):
        case = json.loads(line)
        edges = minutes_worth_a_look(case, read_instant(case["instant"]), 2, dice)

        assert judge_next(case, 2, minutes=edges) == judge_next(case, 2), line


HELD_TILL_TUESDAY = held("dispute", until=TUESDAY_10AM) | {"instant": "2026-11-24T12:00:00.5Z"}


@pytest.mark.parametrize(
    ("given", "is_right"),
    [
        (TUESDAY_10AM, True),
        ("2026-11-24T13:01:00Z", False),  # a whole minute before it is allowed
        ("2026-11-24T12:59:59.999999Z", False),  # not yet allowed
        ("2026-11-24T12:00:00.5Z", False),  # now is not allowed
        ("2026-11-24T11:30:00Z", False),  # in the past
        ("2026-11-24T13:00:00", False),  # without a zone's letter
        (None, False),
    ],
)
@pytest.mark.parametrize("share", [0, 1])
def test_a_wrong_next_moment_is_found_out(given: str | None, is_right: bool, share: float) -> None:
    looking = Looking(1, every_minute_share=share)

    assert (fault_of_next(HELD_TILL_TUESDAY, given, looking) is None) == is_right


def test_a_next_moment_beyond_the_horizon_is_found_out() -> None:
    closed = make_case("2026-11-22T00:00:00Z")  # Saturday 21:00 in Sao Paulo

    assert fault_of_next(closed, "2026-11-23T11:30:00Z", Looking(2)) is None
    assert fault_of_next(closed, "2026-11-23T11:30:00Z", Looking(1)) is not None
