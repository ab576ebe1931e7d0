"""A sender's slots: never faster than its rate, never like a clock, and nothing saved up by waiting."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules import pacing

NINE = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def leaving(*, per_minute: int, looks: list[datetime], most: int = 20) -> list[datetime]:
    """Return the moments at which messages leave when there is always more to send than there are slots."""
    next_at, left = None, []
    for now in looks:
        slots = pacing.take_slots(per_minute=per_minute, next_at=next_at, now=now, most=most)
        left += [now] * slots.count
        next_at = slots.next_at
    return left


@pytest.mark.parametrize(
    ("per_minute", "at_once"), [(1, 1), (60, 1), (61, 2), (120, 2), (600, 10), (6000, 20)]
)
def test_a_sender_that_never_sent_begins_with_about_a_second_of_its_rate(per_minute, at_once):
    slots = pacing.take_slots(per_minute=per_minute, next_at=None, now=NINE, most=20)

    assert at_once * 4 // 5 <= slots.count <= at_once


def test_a_slot_taken_is_not_free_again_until_its_time_has_come():
    first = pacing.take_slots(per_minute=6, next_at=None, now=NINE, most=20)

    assert first.count == 1
    assert pacing.take_slots(per_minute=6, next_at=first.next_at, now=NINE + 8 * SECOND, most=20).count == 0
    assert pacing.take_slots(per_minute=6, next_at=first.next_at, now=NINE + 13 * SECOND, most=20).count == 1


def test_a_night_without_messages_saves_no_slots_up():
    evening = pacing.take_slots(per_minute=60, next_at=None, now=NINE, most=20)

    morning = pacing.take_slots(
        per_minute=60, next_at=evening.next_at, now=NINE + timedelta(hours=12), most=20
    )

    assert morning.count == 1


@given(
    per_minute=st.integers(1, 600),
    pauses=st.lists(st.integers(0, 5000), min_size=5, max_size=120),
    most=st.integers(1, 20),
)
def test_no_minute_ever_holds_more_than_the_rate_and_a_second_of_it(per_minute, pauses, most):
    looks, at = [], NINE
    for milliseconds in pauses:
        looks.append(at)
        at += timedelta(milliseconds=milliseconds)

    left = leaving(per_minute=per_minute, looks=looks, most=most)

    for first in left:
        in_the_minute = [at for at in left if first <= at < first + timedelta(minutes=1)]
        assert len(in_the_minute) <= per_minute + max(per_minute / 60, 1) + 1


def test_a_sender_that_is_asked_all_the_time_comes_close_to_its_rate():
    looks = [NINE + number * SECOND / 10 for number in range(6000)]

    left = leaving(per_minute=60, looks=looks)

    assert 500 <= len(left) <= 602  # ten minutes


def test_messages_do_not_leave_like_a_clock():
    looks = [NINE + number * SECOND / 10 for number in range(3000)]

    left = leaving(per_minute=30, looks=looks)
    gaps = {round((later - earlier).total_seconds(), 1) for earlier, later in pairwise(left)}

    assert len(gaps) > 4
    assert min(gaps) >= 1.0  # the very first may be taken a second early
    assert max(gaps) <= 2.6


def test_slots_that_were_not_used_are_free_for_others():
    slots = pacing.take_slots(per_minute=600, next_at=None, now=NINE, most=8)

    assert slots.without(slots.count) == NINE
    assert slots.without(0) == slots.next_at
    assert NINE < slots.without(3) < slots.next_at


def test_no_more_slots_are_taken_than_are_asked_for():
    assert pacing.take_slots(per_minute=6000, next_at=None, now=NINE, most=3).count == 3


@pytest.mark.parametrize(
    ("began", "hours", "per_minute"),
    [
        (None, 0, 60),  # nothing to warm up
        (None, 24, 6),  # before the first message: a tenth
        (0, 24, 6),
        (12, 24, 33),
        (23.9, 24, 59),
        (24, 24, 60),
        (1000, 24, 60),
    ],
)
def test_a_number_that_warms_up_rises_evenly_from_a_tenth_to_its_rate(began, hours, per_minute):
    began_at = None if began is None else NINE - timedelta(hours=began)

    assert pacing.warmed_up(per_minute=60, began_at=began_at, hours=hours, now=NINE) == per_minute


def test_a_slow_number_that_warms_up_still_sends_once_a_minute():
    assert pacing.warmed_up(per_minute=3, began_at=NINE, hours=48, now=NINE) == 1
