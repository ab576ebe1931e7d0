"""Django's task API on our backends, without their engines: those are in tests/faults."""

import os
from pathlib import Path

import pytest
from django.db import OperationalError
from django.tasks import Task
from django.utils.module_loading import import_string

from collections_crm.engines import execution, heartbeat
from collections_crm.schedule import PERIODIC_WORK
from tests.faults import bells

pytestmark = pytest.mark.django_db  # a worker asks whether its connection is still good

BELLS = "tests.faults.bells"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Write the waits down instead of waiting."""
    waits: list[float] = []
    monkeypatch.setattr(execution.time, "sleep", waits.append)
    return waits


def test_in_tests_a_task_runs_where_it_is_enqueued(tmp_path: Path) -> None:
    bells.ring.enqueue(str(tmp_path / "heard"), "now")

    assert (tmp_path / "heard").read_text() == "now\n"


def test_in_tests_what_a_task_raises_is_raised(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="a fault of ours"):
        bells.break_down.enqueue(str(tmp_path / "heard"))


def test_a_passing_error_is_tried_again_after_growing_waits(tmp_path: Path, no_waiting: list[float]) -> None:
    execution.execute(f"{BELLS}.shake_once", [str(tmp_path / "heard")])

    assert (tmp_path / "heard").read_text() == "tried\ntried\n"
    assert [0.5 <= wait <= 0.75 for wait in no_waiting] == [True]


def test_the_fourth_failure_is_the_last(no_waiting: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def shake(_path: str, _text: str) -> None:
        tries.append("tried")
        raise OperationalError("still starting up")

    monkeypatch.setattr(execution, "import_string", lambda _path: Task(func=bells.ring.func))
    monkeypatch.setattr(Task, "call", lambda _self, *args: shake(*args))

    with pytest.raises(OperationalError):
        execution.execute("any", ["path", "text"])

    assert len(tries) == 4
    assert no_waiting == sorted(no_waiting)


def test_a_fault_of_ours_is_not_tried_again(tmp_path: Path, no_waiting: list[float]) -> None:
    with pytest.raises(RuntimeError):
        execution.execute(f"{BELLS}.break_down", [str(tmp_path / "heard")])

    assert (tmp_path / "heard").read_text() == "tried\n"
    assert no_waiting == []


def test_what_is_no_task_is_not_called(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="is not a task"):
        execution.execute(f"{BELLS}.not_a_task", [str(tmp_path / "heard")])

    assert not (tmp_path / "heard").exists()


@pytest.mark.parametrize("work", PERIODIC_WORK, ids=lambda work: work.name)
def test_everything_in_the_schedule_is_a_task(work: object) -> None:
    assert isinstance(import_string(work.task), Task)


def test_a_busy_worker_is_never_called_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(heartbeat.FOLDER_VARIABLE, str(tmp_path))
    heartbeat.begin(tmp_path)
    _let_pass(tmp_path, seconds=300)

    with heartbeat.busy():
        while_busy = heartbeat.silence_seconds(tmp_path)

    assert while_busy == 0
    assert heartbeat.silence_seconds(tmp_path) < 5


def test_a_worker_killed_at_work_does_not_count_as_busy(tmp_path: Path) -> None:
    heartbeat.begin(tmp_path)
    (tmp_path / "4194304").touch()  # above the highest pid there is
    _let_pass(tmp_path, seconds=300)

    assert heartbeat.silence_seconds(tmp_path) >= 300


def test_a_cluster_has_worked_once_its_first_task_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(heartbeat.FOLDER_VARIABLE, str(tmp_path))
    heartbeat.begin(tmp_path)
    with heartbeat.busy():
        before = heartbeat.has_worked(tmp_path)

    assert (before, heartbeat.has_worked(tmp_path)) == (False, True)

    heartbeat.begin(tmp_path)

    assert not heartbeat.has_worked(tmp_path)


def _let_pass(folder: Path, *, seconds: float) -> None:
    for mark in folder.glob("[bl]*"):
        then = mark.stat().st_mtime - seconds
        os.utime(mark, (then, then))
