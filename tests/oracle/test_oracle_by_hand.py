"""Checks the oracle itself against cases worked out by hand from the rules' wording, each on an edge."""

import pytest

from .by_hand import TUESDAY_10AM, Case, answered, around, contact, counted, held, make_case, promised
from .by_hand_clocks import DATES, HOURS, SWITCHES_AND_ZONES
from .by_hand_facts import COUNTING, POINTS, PROMISES, SPEAKING, STANDING
from .gate_oracle import judge, judge_line, judge_next
from .reading import read_instant

EVERYTHING = [
    *SWITCHES_AND_ZONES,
    *HOURS,
    *DATES,
    *POINTS,
    *STANDING,
    *PROMISES,
    *COUNTING,
    *SPEAKING,
]


@pytest.mark.parametrize(
    ("case", "reasons"), [pytest.param(case, why, id=name) for name, case, why in EVERYTHING]
)
def test_the_oracle_gives_the_reasons_worked_out_by_hand(case: Case, reasons: list[str]) -> None:
    assert judge(case) == {"id": "by hand", "allowed": reasons == [], "reasons": reasons}


def without(key: str, holder: str | None = None) -> Case:
    case = make_case()
    del (case[holder] if holder else case)[key]
    return case


@pytest.mark.parametrize(
    "case",
    [
        *(without(key) for key in ("instant", "channel", "policy", "debtor", "point")),
        without("channels", "policy"),
        *(without(key, "point") for key in ("id", "kind", "status", "channels")),
        make_case("2026-11-24T13:00:00"),
        promised({"date": "2026-11-30", "status": "open"}),
        held("fraud", until="2026-11-24T13:00:00"),
        around(TUESDAY_10AM, [], "funday"),
        around(TUESDAY_10AM, [["21:00", "08:30"]], "sun"),
        around(TUESDAY_10AM, [["08:30", "08:30"]], "sun"),
        around(TUESDAY_10AM, [["08:30", "24:01"]], "sun"),
        around(TUESDAY_10AM, [["08:60", "21:00"]], "sun"),
    ],
)
def test_a_malformed_case_gets_an_error_and_no_decision(case: Case) -> None:
    assert set(judge(case)) == {"id", "error"}


def test_what_is_no_json_has_no_id() -> None:
    assert judge_line('{"id": "7"')["id"] is None
    assert set(judge_line("[]")) == {"id", "error"}


def test_a_kept_promise_needs_no_beginning() -> None:
    assert judge(promised({"date": "2026-11-30", "status": "kept"}))["allowed"] is True


SUNDAY_UNTIL_MONDAY = make_case("2026-11-22T00:00:00Z")  # Saturday 21:00 in Sao Paulo
HOLIDAY_ON_MONDAY = {"holidays": ["2026-11-23"]}


@pytest.mark.parametrize(
    ("case", "horizon_days", "moment"),
    [
        pytest.param(make_case(), 15, TUESDAY_10AM, id="allowed now"),
        pytest.param(make_case("2026-11-25T00:00:00Z"), 15, "2026-11-25T11:30:00Z", id="tomorrow at 08:30"),
        pytest.param(SUNDAY_UNTIL_MONDAY, 15, "2026-11-23T11:30:00Z", id="Monday at 08:30"),
        pytest.param(SUNDAY_UNTIL_MONDAY, 1, None, id="beyond the horizon"),
        pytest.param(
            make_case("2026-11-23T11:30:00Z", policy=HOLIDAY_ON_MONDAY),
            1,
            "2026-11-24T11:30:00Z",
            id="its last minute",
        ),
        pytest.param(
            make_case("2026-11-23T11:29:59.999999Z", policy=HOLIDAY_ON_MONDAY), 1, None, id="a minute too far"
        ),
        pytest.param(
            counted(contact("2026-11-24T12:00:30Z"), total={"gap_minutes": 60}),
            15,
            "2026-11-24T13:01:00Z",
            id="the whole minute after the gap's end",
        ),
        pytest.param(
            held("dispute", until="2026-11-24T23:59:59Z"),
            15,
            "2026-11-25T11:30:00Z",
            id="held until after closing",
        ),
        pytest.param(make_case(policy={"paused": True}), 15, None, id="paused"),
        pytest.param(answered("machine"), 15, None, id="a machine stays a machine"),
        pytest.param(
            make_case(
                "2026-11-24T11:29:00Z",
                debtor={"opt_outs": [{"scope": "global", "from": "2026-11-24T11:30:00Z"}]},
            ),
            15,
            None,
            id="an opt-out begins before the window does",
        ),
    ],
)
def test_the_oracle_finds_the_next_moment_worked_out_by_hand(
    case: Case, horizon_days: int, moment: str | None
) -> None:
    assert judge_next(case, horizon_days) == (None if moment is None else read_instant(moment))
