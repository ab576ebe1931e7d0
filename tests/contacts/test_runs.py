"""Who sends proves that he lives by a lock: what the dead left is taken over, from nobody else ever."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError, connection, connections

from contacts.models import Attempt, Contact, WorkerRun
from contacts.services import admission, dispatch, outbox, runs, settling
from contacts.vocabulary import AttemptState, Channel, ContactState
from tests.factories import house_creditor, make_debt, make_debtor, make_policy, make_template

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
#: A sender that says the name of its run, and then stands still until it is killed.
SENDER = """
import sys, time, django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
settings.VAR_DIR = sys.argv[2]
from django.utils import timezone
from contacts.services import runs
print(runs.mine(now=timezone.now()), flush=True)
time.sleep(600)
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    """An office whose messages stay in a file, and whose runs leave their files in a folder of the test's."""
    settings.CHANNELS = {"sms": "sandbox"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    settings.VAR_DIR = tmp_path
    settings.JOURNAL_DIR = tmp_path / "journal"
    runs.give_up()  # what an earlier test began is rolled back
    yield settings
    runs.give_up()


@pytest.fixture
def sender(tmp_path):
    """Return a function that starts a sender; it returns the process and its run."""
    started = []

    def start():
        database = str(connection.settings_dict["NAME"])
        words = [sys.executable, "-c", SENDER, database, str(tmp_path)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_run_is_begun_once_and_goes_on_in_the_same_session():
    assert runs.mine(now=MONDAY_10AM) == runs.mine(now=MONDAY_10AM + timedelta(minutes=1))

    run = WorkerRun.objects.get()
    assert (run.pid, run.ended_at) == (os.getpid(), None)
    assert run.seen_at == MONDAY_10AM + timedelta(minutes=1)


def test_a_run_whose_session_was_lost_is_another_and_the_first_is_dead():
    first = runs.mine(now=MONDAY_10AM)
    connection.close()
    if connection.vendor == "sqlite":  # there it is the process that lives, not the connection
        runs.give_up()

    second = runs.mine(now=MONDAY_10AM)

    assert first != second
    with runs.found_dead(now=MONDAY_10AM) as dead:
        assert dead == [first]
    assert set(WorkerRun.objects.filter(ended_at=None).values_list("pk", flat=True)) == {second}


def test_a_run_that_lost_its_lock_is_another_at_its_next_heartbeat():
    first = runs.mine(now=MONDAY_10AM)
    if connection.vendor == "sqlite":
        runs.give_up()
    else:  # as behind a pooler of transactions, where another session took it
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")

    second = runs.mine(now=MONDAY_10AM + timedelta(seconds=6))

    assert second != first
    assert runs.mine(now=MONDAY_10AM + timedelta(seconds=12)) == second


def test_a_run_that_ended_is_not_found_dead():
    runs.mine(now=MONDAY_10AM)

    runs.end(now=MONDAY_10AM)

    with runs.found_dead(now=MONDAY_10AM) as dead:
        assert dead == []
    assert WorkerRun.objects.filter(ended_at=MONDAY_10AM).count() == 1


def test_who_was_found_dead_by_mistake_goes_on_as_another():
    first = runs.mine(now=MONDAY_10AM)
    WorkerRun.objects.update(ended_at=MONDAY_10AM)

    assert runs.mine(now=MONDAY_10AM + timedelta(minutes=1)) != first


def test_a_stopped_sender_lives_and_a_killed_one_is_dead_at_once(sender):
    process, run = sender()
    process.send_signal(signal.SIGSTOP)

    with runs.found_dead(now=MONDAY_10AM + timedelta(days=7)) as dead:
        assert dead == []  # no time is long enough
    process.kill()
    process.wait()

    with runs.found_dead(now=MONDAY_10AM) as dead:
        assert [str(each) for each in dead] == [run]
    with runs.found_dead(now=MONDAY_10AM) as dead:
        assert dead == []  # each is found once


def test_two_who_look_for_the_dead_at_once_find_each_of_them_once(sender):
    process, _run = sender()
    process.kill()
    process.wait()
    found, all_looked = [], threading.Barrier(4)

    def look():
        try:
            with runs.found_dead(now=MONDAY_10AM) as dead:
                found.extend(dead)
            all_looked.wait(30)
        finally:
            runs.give_up()
            connections.close_all()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 1


def test_a_forked_child_does_not_keep_a_dead_parent_alive():
    run = runs.mine(now=MONDAY_10AM)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(writing)
        os.read(reading, 1)  # until the test lets go
        os._exit(0)
    os.close(reading)
    try:
        if connection.vendor == "sqlite":
            runs.give_up()
        else:
            connection.close()
        runs.mine(now=MONDAY_10AM)

        with runs.found_dead(now=MONDAY_10AM) as dead:
            assert dead == [run]
    finally:
        os.close(writing)
        os.waitpid(child, 0)


def test_what_a_dead_worker_never_handed_over_is_planned_again_and_the_rest_is_in_doubt():
    make_policy(now=MONDAY_10AM)
    kept, left = _admitted(), _admitted()
    outbox.hand_over(left, now=MONDAY_10AM)
    runs.give_up()

    assert settling.take_over_from_the_dead(now=MONDAY_10AM) == 2

    for attempt in (kept, left):
        attempt.refresh_from_db()
    assert (kept.state, kept.contact.state) == (AttemptState.NOT_SENT, ContactState.PLANNED)
    assert (left.state, left.contact.state) == (AttemptState.UNKNOWN, ContactState.UNKNOWN)
    assert (kept.contact.started_at, left.contact.started_at) == (None, MONDAY_10AM)
    assert not outbox.hand_over(kept, now=MONDAY_10AM)  # should the dead rise


def test_a_living_workers_attempts_are_its_own_however_old(sender):
    make_policy(now=MONDAY_10AM)
    attempt = _admitted()
    outbox.hand_over(attempt, now=MONDAY_10AM)
    process, run = sender()
    Attempt.objects.update(run=run)
    process.send_signal(signal.SIGSTOP)

    assert settling.take_over_from_the_dead(now=MONDAY_10AM + timedelta(days=30)) == 0

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.SENDING


def test_a_worker_in_trouble_gives_its_run_up_so_that_others_free_what_it_held(monkeypatch, house):
    make_policy(now=MONDAY_10AM)
    _want()

    def lost(*_args, **_values):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(outbox, "hand_over", lost)
    with pytest.raises(OperationalError):
        dispatch.pump(clock=lambda: MONDAY_10AM)
    monkeypatch.undo()

    assert dispatch.pump(clock=lambda: MONDAY_10AM) == 1
    assert [attempt.state for attempt in Attempt.objects.order_by("settled_at", "state")] == [
        AttemptState.ACCEPTED,
        AttemptState.NOT_SENT,
    ]


@pytest.mark.postgres
def test_while_it_sends_a_session_waits_for_nobody_long_and_commits_for_good():
    def shown(*names):
        with connection.cursor() as cursor:
            return [cursor.execute(f"SHOW {name}").fetchone()[0] for name in names]

    ours = ("lock_timeout", "idle_in_transaction_session_timeout", "synchronous_commit")
    before = shown(*ours)
    with runs.bounded_waits():
        assert shown(*ours) == ["2s", "5s", "on"]

    assert shown(*ours) == before


def test_runs_long_dead_are_forgotten_and_their_attempts_stay():
    make_policy(now=MONDAY_10AM)
    attempt = _admitted()
    runs.give_up()
    settling.take_over_from_the_dead(now=MONDAY_10AM)
    runs.give_up()
    later = MONDAY_10AM + runs.KEPT + timedelta(days=1)

    assert runs.forget_the_long_dead(now=later) == 1

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.NOT_SENT


def _admitted():
    _want()
    [claimed] = outbox.claim(now=MONDAY_10AM, limit=1)
    return admission.admit(claimed, now=MONDAY_10AM).attempt


def _want():
    debtor = make_debtor()
    make_debt(debtor=debtor)
    return outbox.want(
        Contact(
            wanted_by=f"test:{debtor.pk}",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.SMS,
            template=make_template(),
            not_before=MONDAY_10AM,
            created_at=MONDAY_10AM,
        )
    )
