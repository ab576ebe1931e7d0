"""Tasks for the tests of the engines: each leaves a line in the file it is told."""

import os
import sys
import time
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError
from django.tasks import task


def _note(path: str, text: str) -> None:
    with Path(path).open("a") as file:
        file.write(f"{text}\n")


@task
def ring(path: str, text: str) -> None:
    """Leave `text`."""
    _note(path, text)


@task
def look_for(path: str, label: str) -> None:
    """Leave whether the row with this label is there yet."""
    _note(path, str(ContentType.objects.filter(app_label=label).exists()))


@task
def ring_slowly(path: str, seconds: float) -> None:
    """Leave the worker's pid and, that much later, `done`."""
    _note(path, str(os.getpid()))
    time.sleep(seconds)
    _note(path, "done")


@task
def shake_once(path: str) -> None:
    """Fail the way a restarting database makes tasks fail, the first time only."""
    _note(path, "tried")
    if len(Path(path).read_text().splitlines()) < 2:
        raise OperationalError("the database system is starting up")


@task
def break_down(path: str) -> None:
    """Fail as a fault of ours does."""
    _note(path, "tried")
    raise RuntimeError("a fault of ours")


@task
def look_for_modules(path: str, names: list[str]) -> None:
    """Leave whether all of these were imported before."""
    _note(path, str(sys.modules.keys() >= set(names)))


def not_a_task(path: str) -> None:
    """Leave a line although nobody may call this through a queue."""
    _note(path, "called")
