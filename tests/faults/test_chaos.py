"""Everything at once: workers killed and stopped, the database crashed, a provider that answers badly.

Twilio's stand-in, a process of its own, writes down what it took before anybody is told; that file is
the only judge. Each message once, none lost, none left open, no late evidence.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import chaos
from tests.faults.chaos import ALARMS, SENT, Ask, Deploys, Monkey, Weather
from tests.faults.conftest import Crashing
from tests.faults.judging import SPOTLESS, judge, taken_by
from tests.faults.offices import Office, eventually
from tests.servers import free_port

SMALL = Weather(messages=100, kill_every=1.5, stop_every=2.0, crashes=1, within=600, settle=2.0)
SMALL_SQLITE = Weather(messages=50, kill_every=2.0, stop_every=3.0, within=600, settle=2.0)
FULL = Weather(messages=10_000, kill_every=2.0, stop_every=4.0, crashes=4, within=300, settle=5.0)
FULL_SQLITE = Weather(messages=2_000, kill_every=2.0, stop_every=4.0, within=600, settle=5.0)
#: Nobody dies and nothing fails; what were of unclear fate all the same would stay so beyond the end.
DEPLOYS = Weather(messages=2_000, deploy_each=300, within=600, troubles=0.0, settle=3_600.0)
#: The list shows a message long after it was looked for twice; word of it comes later still.
HASTY = Weather(
    messages=60, within=600, troubles=0.3, settle=0.2, list_lag=60.0, reports=1.0, report_delay=4.0
)


def _through(office: Office, monkey: Monkey, weather: Weather, ask: Ask) -> list[str]:
    """Want the messages and, once they begin to leave, let the storm rage until nothing is open."""
    numbers = chaos.want(office, weather.messages)
    with office.running(*chaos.WORKER) as shell, office.running(sys.executable, "-c", chaos.RINGER):
        if weather.deploy_each:
            monkey.deploys = Deploys(shell.pid, weather.deploy_each, ask)
        try:
            assert eventually(lambda: ask(SENT) > 0, within=90)
            monkey.start()
            seconds = chaos.wait_until_nothing_is_open(ask, within=weather.within)
        except AssertionError:
            print(office.log()[-5000:], dict(monkey.done))  # pytest shows it when the test fails
            raise
        finally:
            monkey.rest()
    print(f"{weather.messages} messages in {seconds:.0f} s through {dict(monkey.done)}")
    return numbers


@contextmanager
def _on_postgres(
    new_office: Callable[..., Office], crashing: Crashing, tmp_path: Path, weather: Weather, *, web: str = ""
) -> Iterator[tuple[Office, Monkey, Ask, Path]]:
    """Give an office of Celery on a PostgreSQL that can be crashed, and all that rages around it."""
    server, new_database = crashing
    with chaos.twilio(tmp_path, weather, web=web) as (twilio, log):
        environment = chaos.environment(twilio, weather) | {"DATABASE_URL": new_database()}
        office = new_office("celery", **environment, **({"PUBLIC_URL": web} if web else {}))
        ask = chaos.asks_postgres(environment["DATABASE_URL"])
        yield office, Monkey(office, weather, server), ask, log


def _storm_on_postgres(
    new_office: Callable[..., Office], crashing: Crashing, tmp_path: Path, weather: Weather
) -> Counter[str]:
    with _on_postgres(new_office, crashing, tmp_path, weather) as (office, monkey, ask, log):
        numbers = _through(office, monkey, weather, ask)

        assert judge(wanted=numbers, taken=taken_by(log), alarms=ask(ALARMS)) == SPOTLESS
        assert ask(SENT) == len(numbers)
    return monkey.done


def _storm_on_sqlite(new_office: Callable[..., Office], tmp_path: Path, weather: Weather) -> Counter[str]:
    with chaos.twilio(tmp_path, weather) as (twilio, log):
        office = new_office("django_q", **chaos.environment(twilio, weather))
        monkey, ask = Monkey(office, weather), chaos.asks_sqlite(office)
        numbers = _through(office, monkey, weather, ask)

        assert judge(wanted=numbers, taken=taken_by(log), alarms=ask(ALARMS)) == SPOTLESS
        assert ask(SENT) == len(numbers)
    return monkey.done


def test_a_hundred_through_kills_stops_a_crash_and_a_bad_provider_arrive_once(
    new_office: Callable[..., Office], crashing: Crashing, tmp_path: Path
) -> None:
    done = _storm_on_postgres(new_office, crashing, tmp_path, SMALL)

    assert min(done["SIGKILL"], done["SIGSTOP"], done["crash"]) > 0


def test_on_sqlite_fifty_through_kills_stops_and_a_bad_provider_arrive_once(
    new_office: Callable[..., Office], tmp_path: Path
) -> None:
    done = _storm_on_sqlite(new_office, tmp_path, SMALL_SQLITE)

    assert min(done["SIGKILL"], done["SIGSTOP"]) > 0


@pytest.mark.full
def test_ten_thousand_through_kills_stops_crashes_and_a_bad_provider_arrive_once(
    new_office: Callable[..., Office], crashing: Crashing, tmp_path: Path
) -> None:
    done = _storm_on_postgres(new_office, crashing, tmp_path, FULL)

    assert done["crash"] == FULL.crashes


@pytest.mark.full
@pytest.mark.parametrize("engine", ["celery", "django_q"])
def test_workers_told_to_end_under_load_leave_nothing_of_unclear_fate(
    new_office: Callable[..., Office], crashing: Crashing, tmp_path: Path, engine: str
) -> None:
    if engine == "celery":
        ended = _storm_on_postgres(new_office, crashing, tmp_path, DEPLOYS)
    else:
        ended = _storm_on_sqlite(new_office, tmp_path, DEPLOYS)

    assert ended["SIGTERM"] > 1


@pytest.mark.full
def test_on_sqlite_two_thousand_through_kills_stops_and_a_bad_provider_arrive_once(
    new_office: Callable[..., Office], tmp_path: Path
) -> None:
    done = _storm_on_sqlite(new_office, tmp_path, FULL_SQLITE)

    assert min(done["SIGKILL"], done["SIGSTOP"]) > 0


@pytest.mark.full
def test_who_does_not_wait_for_the_list_sends_twice_and_the_judge_and_the_alarm_say_so(
    new_office: Callable[..., Office], crashing: Crashing, tmp_path: Path
) -> None:
    """The negative control of all of the above: a settling time shorter than the list lags behind."""
    host = f"127.0.0.1:{free_port()}"
    with _on_postgres(new_office, crashing, tmp_path, HASTY, web=f"http://{host}") as (
        office,
        monkey,
        ask,
        log,
    ):
        with office.running(".venv/bin/gunicorn", "collections_crm.wsgi", "-b", host):
            numbers = _through(office, monkey, HASTY, ask)
            assert eventually(lambda: ask(ALARMS) > 0, within=30), office.log()
        verdict = judge(wanted=numbers, taken=taken_by(log), alarms=ask(ALARMS))

    assert verdict.lost == ()
    assert min(len(verdict.sent_twice), verdict.alarms) > 0
