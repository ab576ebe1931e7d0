"""Redis emptied, full and gone, the database gone: nothing twice, nothing lost, and all goes on by itself."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.chaos import RINGER, WORKER
from tests.faults.conftest import Crashing
from tests.faults.crashing import CrashingPostgres, crashing_redis
from tests.faults.judging import SPOTLESS, Verdict
from tests.faults.lives import Lives, hurried, living_in, provider
from tests.faults.offices import SLOWNESS, Office, eventually

#: How long after a server's return everything must have left.
AFTER_RETURN = 30.0


@contextmanager
def _working(new_office: Callable[..., Office], tmp_path: Path, **servers: str) -> Iterator[Lives]:
    """Give an office whose worker sends, by a provider that takes its time over each message."""
    with provider(slow_seconds=0.1) as twilio:
        twilio.account.next_moods.extend(["slow"] * 1000)
        office = new_office("celery", **hurried(twilio, TASK_WORKERS="2", TWILIO_TIMEOUT="1"), **servers)
        with living_in(office, twilio, tmp_path) as lives:
            yield lives


def _all_have_left(lives: Lives, numbers: list[str]) -> bool:
    return eventually(lambda: lives.states(numbers) == {"sent"}, within=AFTER_RETURN)


def _through_trouble_with_redis(
    new_office: Callable[..., Office], tmp_path: Path, *, away_seconds: float
) -> None:
    with crashing_redis(tmp_path) as redis, _working(new_office, tmp_path, REDIS_URL=redis.url) as lives:
        with lives.office.running(*WORKER), lives.office.running(sys.executable, "-c", RINGER):
            numbers = lives.want(20)
            assert eventually(lives.twilio.accepted, within=60), lives.office.log()
            redis.flush()
            numbers += lives.want(10)
            redis.fill()
            time.sleep(away_seconds / 2)
            redis.make_room()
            numbers += lives.want(10)
            redis.kill()
            time.sleep(away_seconds)
            redis.start()
            numbers += lives.want(10)

            assert _all_have_left(lives, numbers), lives.office.log()
        assert lives.verdict(numbers) == SPOTLESS


def test_redis_emptied_full_and_gone_for_seconds_costs_bells_and_no_message(
    new_office: Callable[..., Office], tmp_path: Path
) -> None:
    _through_trouble_with_redis(new_office, tmp_path, away_seconds=4)


@pytest.mark.full
def test_redis_emptied_full_and_gone_for_a_minute_costs_bells_and_no_message(
    new_office: Callable[..., Office], tmp_path: Path
) -> None:
    _through_trouble_with_redis(new_office, tmp_path, away_seconds=60)


def test_what_was_only_in_redis_is_gone_with_it(new_office: Callable[..., Office], tmp_path: Path) -> None:
    """The negative control: the same emptying does lose the bell; only a row and a new bell bring it back."""
    ring = "from contacts.tasks import pump; pump.enqueue()"
    with crashing_redis(tmp_path) as redis, _working(new_office, tmp_path, REDIS_URL=redis.url) as lives:
        numbers = lives.want(3)
        lives.office.run(ring)
        assert redis.waiting() == 1
        redis.flush()
        with lives.office.running(*WORKER):
            assert not eventually(lives.twilio.accepted, within=6 / SLOWNESS)
            assert lives.states(numbers) == {"planned"}

            lives.office.run(ring)
            assert _all_have_left(lives, numbers), lives.office.log()
        assert lives.verdict(numbers) == SPOTLESS


def _through_a_database_that_is_away(
    new_office: Callable[..., Office], crashing: Crashing, tmp_path: Path, *, away_seconds: float
) -> None:
    server, new_database = crashing
    with _working(new_office, tmp_path, DATABASE_URL=new_database()) as lives:
        numbers = lives.want(60)
        with lives.office.running(*WORKER), lives.office.running(sys.executable, "-c", RINGER):
            assert eventually(lives.twilio.accepted, within=60), lives.office.log()
            server.crash()
            before = len(lives.twilio.accepted())
            time.sleep(away_seconds)
            meanwhile = len(lives.twilio.accepted()) - before
            server.start()
            numbers += lives.want(10)

            assert _all_have_left(lives, numbers), lives.office.log()
        assert 0 < before < 60  # it went away in the middle
        assert meanwhile <= 2  # what each worker had in its hand
        assert lives.verdict(numbers) == SPOTLESS


def test_a_database_that_is_gone_for_seconds_costs_no_message(
    new_office: Callable[..., Office], crashing: Crashing, tmp_path: Path
) -> None:
    _through_a_database_that_is_away(new_office, crashing, tmp_path, away_seconds=5)


@pytest.mark.full
def test_a_database_that_is_gone_for_half_a_minute_costs_no_message(
    new_office: Callable[..., Office], crashing: Crashing, tmp_path: Path
) -> None:
    _through_a_database_that_is_away(new_office, crashing, tmp_path, away_seconds=30)


def test_who_takes_what_was_under_way_for_unsent_sends_it_twice(
    new_office: Callable[..., Office], crashing: Crashing, tmp_path: Path
) -> None:
    """The negative control: a database that is gone between answer and record, and a sender without doubt."""
    server, new_database = crashing
    with _working(new_office, tmp_path, DATABASE_URL=new_database()) as lives:
        assert _die_with_the_answer_in_hand(lives, server) == SPOTLESS
        assert len(_die_with_the_answer_in_hand(lives, server, believes=["retry"]).sent_twice) == 1


def _die_with_the_answer_in_hand(lives: Lives, server: CrashingPostgres, **order: list[str]) -> Verdict:
    """Kill a sender and its database before the answer is kept; judge when others have cleared up."""
    numbers = lives.want(1)
    lives.live("pump", failpoints=f"answered=kill:{lives.folder / numbers[0]}")
    server.crash()
    server.start()
    lives.finish(**order)
    return lives.verdict(numbers)
