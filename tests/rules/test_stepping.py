"""Which step of a ladder is due."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning.rules.stepping import Progress, Rung, Taken, due_step, next_look_on

DUE = date(2026, 11, 2)
REMINDER = Rung(id=1, offset_days=-3, is_message=True)
FIRST = Rung(id=2, offset_days=5, is_message=True)
SECOND = Rung(id=3, offset_days=10, is_message=True)
AHEAD_OF_CALL = Rung(id=4, offset_days=13, is_message=True)
CALL = Rung(id=5, offset_days=15, is_message=False)
LAST = Rung(id=6, offset_days=20, is_message=True)
LADDER = (REMINDER, FIRST, SECOND, AHEAD_OF_CALL, CALL, LAST)


def day(offset: int) -> date:
    return DUE + timedelta(days=offset)


def taken(*rungs: Rung) -> tuple[Taken, ...]:
    return tuple(Taken(rung_id=r.id, offset_days=r.offset_days, is_message=r.is_message) for r in rungs)


def due(offset: int, *, progress: Progress | None = None, gap: int = 2) -> Rung | None:
    return due_step(
        rungs=LADDER, progress=progress or Progress(anchor_on=DUE), minimum_gap_days=gap, today=day(offset)
    )


def look(offset: int, *, progress: Progress | None = None, gap: int = 2) -> int | None:
    found = next_look_on(
        rungs=LADDER, progress=progress or Progress(anchor_on=DUE), minimum_gap_days=gap, today=day(offset)
    )
    return (found - DUE).days if found else None


@pytest.mark.parametrize(
    ("offset", "step"),
    [(-4, None), (-3, REMINDER), (-1, REMINDER), (0, None), (4, None), (5, FIRST), (9, FIRST)],
)
def test_a_step_is_due_from_its_day_on_and_a_reminder_never_after_the_eve_of_the_due_date(offset, step):
    assert due(offset) == step


def test_a_reminder_for_the_due_day_itself_is_given_on_that_day_only():
    today = Rung(id=9, offset_days=0, is_message=True)
    found = [
        due_step(rungs=[today], progress=Progress(anchor_on=DUE), minimum_gap_days=2, today=day(offset))
        for offset in (-1, 0, 1)
    ]

    assert found == [None, today, None]


@pytest.mark.parametrize(("offset", "step"), [(12, SECOND), (16, AHEAD_OF_CALL), (40, LAST)])
def test_a_late_start_begins_at_the_latest_message_reached(offset, step):
    assert due(offset) == step


def test_the_call_follows_the_message_of_a_late_start_when_the_gap_is_over():
    progress = Progress(anchor_on=DUE, taken=taken(AHEAD_OF_CALL), last_step_on=day(16))

    assert [due(offset, progress=progress) for offset in (16, 17, 18)] == [None, None, CALL]


def test_steps_behind_the_one_taken_are_never_caught_up():
    progress = Progress(anchor_on=DUE, taken=taken(LAST), last_step_on=day(40))

    assert due(60, progress=progress) is None
    assert look(60, progress=progress) is None


def test_a_reminder_before_the_due_date_does_not_open_the_way_to_a_call():
    progress = Progress(anchor_on=DUE, taken=taken(REMINDER), last_step_on=day(-3))

    assert due(16, progress=progress) == AHEAD_OF_CALL


def test_without_any_message_step_reached_the_call_is_taken():
    ladder = (CALL, LAST)

    assert due_step(rungs=ladder, progress=Progress(anchor_on=DUE), minimum_gap_days=2, today=day(16)) == CALL


def test_a_step_without_an_address_opens_the_way_to_the_one_before():
    no_address = Taken(rung_id=LAST.id, offset_days=20, is_message=True, has_happened=False)

    assert due(40, progress=Progress(anchor_on=DUE, taken=(no_address,))) == AHEAD_OF_CALL


def test_an_old_customer_is_waited_for_after_the_due_date_but_reminded_in_time():
    patient = Progress(anchor_on=DUE, extra_days=5)

    assert [due(offset, progress=patient) for offset in (-3, 5, 9, 10)] == [REMINDER, None, None, FIRST]


def test_the_gap_counts_local_dates_from_the_last_step_of_any_due_date():
    progress = Progress(anchor_on=DUE, last_step_on=day(4))

    assert [due(offset, progress=progress) for offset in (5, 6)] == [None, FIRST]
    assert look(4, progress=progress) == 6


@pytest.mark.parametrize(("offset", "next_offset"), [(-10, -3), (-3, -2), (-1, 5), (0, 5), (3, 5)])
def test_the_next_look_is_the_next_day_on_which_something_may_be_due(offset, next_offset):
    assert look(offset) == next_offset


offsets = st.lists(st.integers(-10, 60), min_size=1, max_size=8, unique=True)


@given(
    offsets=offsets,
    calls=st.integers(0, 255),
    start=st.integers(-15, 70),
    gap=st.integers(0, 5),
    patience=st.integers(0, 10),
)
def test_a_life_on_any_ladder_goes_forward_once_and_with_its_gap(offsets, calls, start, gap, patience):
    rungs = [Rung(id=n, offset_days=o, is_message=not calls >> n & 1) for n, o in enumerate(sorted(offsets))]
    progress = Progress(anchor_on=DUE, extra_days=patience)
    steps: list[tuple[date, Rung]] = []
    today: date | None = day(start)
    while today is not None:
        step = due_step(rungs=rungs, progress=progress, minimum_gap_days=gap, today=today)
        if step:
            steps.append((today, step))
            progress = Progress(
                anchor_on=DUE,
                extra_days=patience,
                taken=(*progress.taken, *taken(step)),
                last_step_on=today,
            )
        today = next_look_on(rungs=rungs, progress=progress, minimum_gap_days=gap, today=today)

    taken_offsets = [step.offset_days for _, step in steps]
    assert taken_offsets == sorted(set(taken_offsets))
    assert all(
        later - earlier >= timedelta(days=gap) for (earlier, _), (later, _) in itertools.pairwise(steps)
    )
    assert all(on <= DUE for on, step in steps if step.offset_days <= 0)
    assert all(on >= progress.day_of(step) for on, step in steps)
    after_due = [step for _, step in steps if step.offset_days > 0]
    first_reached = [
        r for r in rungs if r.offset_days > 0 and r.is_message and r.offset_days + patience <= start
    ]
    if first_reached and after_due:
        assert after_due[0].is_message


@given(offsets=offsets, start=st.integers(-15, 70), gap=st.integers(0, 5))
def test_nothing_is_due_between_today_and_the_next_look(offsets, start, gap):
    rungs = [Rung(id=n, offset_days=o, is_message=True) for n, o in enumerate(sorted(offsets))]
    step = due_step(rungs=rungs, progress=Progress(anchor_on=DUE), minimum_gap_days=gap, today=day(start))
    progress = Progress(
        anchor_on=DUE, taken=taken(step) if step else (), last_step_on=day(start) if step else None
    )
    found = next_look_on(rungs=rungs, progress=progress, minimum_gap_days=gap, today=day(start))
    last = (found - day(start)).days if found else 120

    between = [
        due_step(rungs=rungs, progress=progress, minimum_gap_days=gap, today=day(start + ahead))
        for ahead in range(1, last)
    ]

    assert between == [None] * (last - 1)
