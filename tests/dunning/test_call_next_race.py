"""No case is ever leased twice, however many agents press at once."""

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connection, connections

from dunning.models import Case
from tests.dunning.claiming import take_all
from tests.factories import make_agent, make_case, make_policy, make_strategy

pytestmark = pytest.mark.django_db(transaction=True)


def office_with(cases: int, *, agents: int, now: datetime) -> tuple[list[int], list[int]]:
    """Return the ids of that many callable cases and agents."""
    make_policy(now=now)
    strategy = make_strategy()
    made = [make_case(now=now, urgency=n % 7, strategy=strategy).pk for n in range(cases)]
    return made, [make_agent().pk for _ in range(agents)]


def by_threads(claim: str, *, agents: list[int], now: datetime) -> list[int]:
    start = Barrier(len(agents))

    def press(agent_id: int) -> list[int]:
        start.wait()
        try:
            return take_all(claim, agent_id=agent_id, now=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(agents)) as threads:
        return [pk for taken in threads.map(press, agents) for pk in taken]


def by_processes(claim: str, *, agents: list[int], now: datetime) -> list[int]:
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.dunning.claiming", claim, str(agent), now.isoformat()],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for agent in agents
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * len(agents)
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(agents)
    return [int(line) for output in outputs for line in output.split()]


@pytest.mark.postgres
def test_sixteen_threads_on_postgresql_lease_every_case_once(monday_10am):
    cases, agents = office_with(160, agents=16, now=monday_10am)

    taken = by_threads("take_next", agents=agents, now=monday_10am)

    assert Counter(taken) == Counter(cases)
    assert set(Case.objects.values_list("fence", flat=True)) == {1}


@pytest.mark.postgres
def test_the_threads_do_race(monday_10am):
    cases, agents = office_with(40, agents=16, now=monday_10am)

    taken = by_threads("naive", agents=agents, now=monday_10am)

    assert len(taken) > len(cases)


@pytest.mark.sqlite
def test_four_processes_on_sqlite_lease_every_case_once(monday_10am):
    cases, agents = office_with(24, agents=4, now=monday_10am)

    taken = by_processes("take_next", agents=agents, now=monday_10am)

    assert Counter(taken) == Counter(cases)
    assert set(Case.objects.values_list("fence", flat=True)) == {1}


@pytest.mark.sqlite
def test_the_processes_do_race(monday_10am):
    cases, agents = office_with(24, agents=2, now=monday_10am)

    taken = by_processes("naive", agents=agents, now=monday_10am)

    assert len(taken) > len(cases)
