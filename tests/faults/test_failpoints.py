"""A sender killed at each place of the way, alone and twice, and one that is stopped there and wakes late.

Twilio's stand-in is the only judge of what left: each message once, none lost, none left open.
"""

import itertools
import os
import signal
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from contacts.failpoints import PLACES
from tests.faults.conftest import ENGINES
from tests.faults.judging import SPOTLESS, Verdict
from tests.faults.lives import SETTLE, Lives, hurried, killed_at, living_in, provider, stopped_at, wake
from tests.faults.offices import Office


@pytest.fixture(scope="module", params=ENGINES)
def lives(
    request: pytest.FixtureRequest,
    new_office: Callable[..., Office],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Lives]:
    """An office whose sender can be killed, on SQLite and on PostgreSQL."""
    with provider() as twilio:
        office = new_office(request.param, **hurried(twilio))
        with living_in(office, twilio, tmp_path_factory.mktemp("once")) as living:
            yield living


@pytest.mark.parametrize("place", PLACES)
def test_a_sender_killed_anywhere_sends_each_message_once(lives: Lives, place: str) -> None:
    numbers, deaths = killed_at(lives, (place,))

    assert deaths == 1
    assert lives.verdict(numbers) == SPOTLESS
    assert lives.states(numbers) == {"sent"}


#: Deaths of which the second befalls whoever clears up after the first.
TWICE = [
    ("admitted", "taking_over"),
    ("handed", "looking"),
    ("posting", "looked"),
    ("answered", "taking_over"),
]


@pytest.mark.parametrize("places", TWICE, ids="-".join)
def test_a_second_death_while_clearing_up_changes_nothing(lives: Lives, places: tuple[str, ...]) -> None:
    numbers, deaths = killed_at(lives, places)

    assert deaths == 2
    assert lives.verdict(numbers) == SPOTLESS
    assert lives.states(numbers) == {"sent"}


@pytest.mark.full
@pytest.mark.parametrize("places", list(itertools.combinations(PLACES, 2)), ids="-".join)
def test_a_sender_killed_at_any_two_places_sends_each_message_once(
    lives: Lives, places: tuple[str, ...]
) -> None:
    numbers, deaths = killed_at(lives, places)

    assert deaths == 2
    assert lives.verdict(numbers) == SPOTLESS
    assert lives.states(numbers) == {"sent"}


# --- a list that shows later than anybody waited


def test_who_waits_long_enough_for_the_list_sends_once(lives: Lives) -> None:
    assert _through_a_slow_list(lives, lag=SETTLE * 1.5) == SPOTLESS


def test_who_does_not_wait_for_the_list_sends_twice_and_the_judge_and_the_alarm_say_so(lives: Lives) -> None:
    """The negative control: a settling time far below the time for which the list lags behind."""
    verdict = _through_a_slow_list(lives, lag=60.0, believes=["haste"])

    assert verdict.alarms == len(verdict.sent_twice) == 1


def _through_a_slow_list(lives: Lives, *, lag: float, **order: list[str]) -> Verdict:
    """Send a message whose answer is lost while the list lags; judge when word of it has come."""
    numbers = lives.want(1)
    lives.twilio.account.next_moods.append("reset")
    lives.twilio.account.list_lag_seconds = lag
    try:
        lives.finish(**order)
    finally:
        lives.twilio.account.list_lag_seconds = 0.0
    lives.report_on(numbers)
    return lives.verdict(numbers)


# --- a sender that is stopped, and wakes late


@pytest.mark.parametrize("place", ["admitted", "handed", "connected", "posting"])
def test_a_sender_that_wakes_after_every_lease_sends_nothing_twice(lives: Lives, place: str) -> None:
    numbers, pid = stopped_at(lives, place)

    time.sleep(4 * SETTLE)  # longer than its lease, its patience, and two settling times
    for _ in range(3):
        assert lives.live("pump") == 0
    assert lives.verdict(numbers).lost == tuple(numbers)  # it lives, so nobody takes its message
    wake(pid)
    lives.finish()

    assert lives.verdict(numbers) == SPOTLESS
    assert lives.states(numbers) == {"sent"}


def test_a_sender_stopped_and_taken_for_dead_by_mistake_still_sends_nothing_late(lives: Lives) -> None:
    """The second barrier by itself: what is woken after its permission ended writes no byte."""
    numbers, pid = stopped_at(lives, "handed")
    time.sleep(4 * SETTLE)
    lives.finish(believes=["age"])
    assert lives.verdict(numbers) == SPOTLESS

    wake(pid)

    assert lives.verdict(numbers) == SPOTLESS
    assert lives.states(numbers) == {"sent"}


def test_without_proof_of_death_and_without_patience_s_end_the_same_is_sent_twice(lives: Lives) -> None:
    """The negative control: a clock that proves deaths, and a permission that never ends."""
    numbers, pid = stopped_at(lives, "handed", believes=["patience"])
    lives.finish(believes=["age"])

    wake(pid)

    assert lives.verdict(numbers).sent_twice == tuple(numbers)


def test_a_stopped_sender_that_is_killed_after_all_leaves_its_message_to_others(lives: Lives) -> None:
    numbers, pid = stopped_at(lives, "handed")
    os.kill(pid, signal.SIGKILL)

    lives.finish()

    assert lives.verdict(numbers) == SPOTLESS
    assert lives.states(numbers) == {"sent"}


@pytest.mark.parametrize("lives", ["celery"], indirect=True, scope="module")  # where a server can end it
def test_a_stopped_sender_whose_session_the_server_ended_is_dead_and_wakes_harmless(lives: Lives) -> None:
    numbers, pid = stopped_at(lives, "handed")
    with psycopg.connect(lives.office.environment["DATABASE_URL"], autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    time.sleep(4 * SETTLE)
    lives.finish()
    assert lives.verdict(numbers) == SPOTLESS

    wake(pid)

    assert lives.verdict(numbers) == SPOTLESS
    assert lives.states(numbers) == {"sent"}
