"""Both engines for real: a bell rung in a transaction is heard once it is committed, and not before."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from collections_crm.schedule import PERIODIC_WORK
from tests.faults.offices import ROOT, Office, eventually, lines, members
from tests.servers import free_port

SOON = 60.0  # seconds: a limit, not a wait; workers start in two or three


def test_a_bell_rung_in_a_transaction_is_heard_after_the_commit(open_office: Office, tmp_path: Path) -> None:
    heard = tmp_path / "heard"

    open_office.run(f"""
import time
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
with transaction.atomic():
    bells.look_for.enqueue({str(heard)!r}, "fresh")
    time.sleep(3)
    ContentType.objects.create(app_label="fresh", model="row")
""")
    assert eventually(lambda: lines(heard), within=SOON), open_office.log()

    assert lines(heard) == ["True"]


def test_a_bell_rung_in_a_transaction_that_failed_is_never_heard(open_office: Office, tmp_path: Path) -> None:
    heard = tmp_path / "heard"

    open_office.run(f"""
from django.db import transaction
try:
    with transaction.atomic():
        bells.ring.enqueue({str(heard)!r}, "undone")
        raise ValueError
except ValueError:
    bells.ring.enqueue({str(heard)!r}, "afterwards")
""")
    assert eventually(lambda: lines(heard), within=SOON), open_office.log()

    assert lines(heard) == ["afterwards"]


def test_a_task_stopped_by_a_restarting_database_is_tried_again(open_office: Office, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    open_office.run(f"bells.shake_once.enqueue({str(heard)!r})")

    assert eventually(lambda: len(lines(heard)) == 2, within=SOON), open_office.log()


def test_a_fault_of_ours_is_logged_and_not_tried_again(open_office: Office, tmp_path: Path) -> None:
    heard, later = tmp_path / "heard", tmp_path / "later"
    open_office.run(f"bells.break_down.enqueue({str(heard)!r}); bells.ring.enqueue({str(later)!r}, 'on')")

    assert eventually(lambda: lines(later), within=SOON), open_office.log()
    assert eventually(lambda: "a fault of ours" in open_office.log(), within=SOON)

    assert lines(heard) == ["tried"]


def test_told_to_stop_the_worker_lets_its_task_end_and_leaves_nobody(office: Office, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    office.run(f"bells.ring_slowly.enqueue({str(heard)!r}, 3)")

    with office.worker() as worker:
        assert eventually(lambda: lines(heard), within=SOON), office.log()
        assert len(members(office.folder)) > 1
        worker.send_signal(signal.SIGTERM)
        worker.wait(120)

        assert eventually(lambda: not members(office.folder), within=5)
    assert lines(heard)[1:] == ["done"]


def test_a_queue_cannot_call_what_is_no_task(open_office: Office, tmp_path: Path) -> None:
    heard, later = tmp_path / "heard", tmp_path / "later"
    open_office.run(f"""
from django.tasks import default_task_backend
default_task_backend.send(path="tests.faults.bells.not_a_task", args=[{str(heard)!r}], kwargs={{}})
bells.ring.enqueue({str(later)!r}, "on")
""")

    assert eventually(lambda: lines(later), within=SOON), open_office.log()
    assert eventually(lambda: "is not a task" in open_office.log(), within=SOON)

    assert lines(heard) == []


def test_a_worker_begins_with_everything_imported(open_office: Office, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    names = ["collections_crm.urls", *sorted({work.task.rpartition(".")[0] for work in PERIODIC_WORK})]
    open_office.run(f"bells.look_for_modules.enqueue({str(heard)!r}, {names!r})")

    assert eventually(lambda: lines(heard), within=SOON), open_office.log()

    assert lines(heard) == ["True"]


def test_a_worker_killed_at_work_is_replaced(office: Office, tmp_path: Path) -> None:
    slow, later = tmp_path / "slow", tmp_path / "later"
    office.run(f"bells.ring_slowly.enqueue({str(slow)!r}, 20)")

    with office.worker():
        assert eventually(lambda: lines(slow), within=SOON), office.log()
        os.kill(int(lines(slow)[0]), signal.SIGKILL)
        office.run(f"bells.ring.enqueue({str(later)!r}, 'on')")

        assert eventually(lambda: lines(later), within=SOON), office.log()


def test_a_cluster_whose_idle_workers_were_killed_is_started_anew(
    new_office: Callable[..., Office], tmp_path: Path
) -> None:
    """django-q2 alone would stand still for ever: the dead workers took the queue's lock with them."""
    office = new_office("django_q", WORKER_SILENCE_LIMIT="20")
    first, later = tmp_path / "first", tmp_path / "later"
    for _ in range(2):
        office.run(f"bells.ring_slowly.enqueue({str(first)!r}, 2)")

    with office.worker():
        assert eventually(lambda: lines(first).count("done") == 2, within=SOON), office.log()
        for pid in {int(line) for line in lines(first) if line != "done"}:
            os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: "cluster silent, started anew" in office.log(), within=SOON)
        office.run(f"bells.ring.enqueue({str(later)!r}, 'on')")

        assert eventually(lambda: lines(later) == ["on"], within=SOON), office.log()


def test_a_cluster_killed_whole_is_started_anew(new_office: Callable[..., Office], tmp_path: Path) -> None:
    office, first, later = new_office("django_q"), tmp_path / "first", tmp_path / "later"
    office.run(f"bells.ring.enqueue({str(first)!r}, 'on')")

    with office.worker() as supervisor:
        assert eventually(lambda: lines(first), within=SOON), office.log()
        for pid in members(office.folder):
            if pid != supervisor.pid:
                os.kill(pid, signal.SIGKILL)
        office.run(f"bells.ring.enqueue({str(later)!r}, 'on')")

        assert eventually(lambda: lines(later), within=SOON), office.log()


def test_a_killed_supervisor_leaves_no_cluster_behind(
    new_office: Callable[..., Office], tmp_path: Path
) -> None:
    office, heard = new_office("django_q"), tmp_path / "heard"
    office.run(f"bells.ring.enqueue({str(heard)!r}, 'on')")

    with office.worker() as supervisor:
        assert eventually(lambda: lines(heard), within=SOON), office.log()
        supervisor.kill()

        assert eventually(lambda: not members(office.folder), within=SOON), office.log()


def test_a_broker_that_is_away_costs_the_bell_and_not_the_request(
    new_office: Callable[..., Office], tmp_path: Path
) -> None:
    office = new_office("celery", REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")

    said = office.run(f"""
import time
began = time.monotonic()
bells.ring.enqueue({str(tmp_path / "heard")!r}, "lost")
print("went on" if time.monotonic() - began < 10 else "waited")
""")

    assert said.strip().endswith("went on")


def test_the_schedule_is_written_into_the_engine(engine: str, open_office: Office) -> None:
    seen = open_office.run(READ_SCHEDULE[engine])

    wanted = sorted((work.task, work.every_minutes * 60) for work in PERIODIC_WORK)

    assert json.loads(seen) == [list(line) for line in wanted]


READ_SCHEDULE = {
    "django_q": """
import ast, json
from collections_crm.engines import django_q
django_q.write_schedule()
django_q.write_schedule()
rows = [(ast.literal_eval(row.args)[0], row.minutes * 60) for row in django_q.Schedule.objects.all()]
print(json.dumps(sorted(rows)))
""",
    "celery": """
import json
from collections_crm.celery import app
rows = [(entry["args"][0], int(entry["schedule"])) for entry in app.conf.beat_schedule.values()]
print(json.dumps(sorted(rows)))
""",
}


def test_a_cluster_that_takes_long_to_start_is_left_to_it_for_a_while(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    slow = f"import pathlib, time; pathlib.Path({str(starts)!r}).open('a').write('x'); time.sleep(600)"
    watch = "import sys; from collections_crm.engines.supervisor import supervise\n"
    watch += f"supervise([sys.executable, '-c', {slow!r}], silence_limit=1)"
    with subprocess.Popen([sys.executable, "-c", watch], cwd=ROOT) as watching:
        assert eventually(starts.exists, within=20)
        time.sleep(3.5)  # over three times the limit, under five times
        meanwhile = starts.read_text()
        is_started_anew = eventually(lambda: starts.read_text() == "xx", within=20)
        watching.terminate()

    assert (meanwhile, is_started_anew) == ("x", True)
