"""What docker-compose.yml starts, started without containers: same commands, same health checks."""

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.faults.offices import ROOT, Office, eventually
from tests.servers import free_port

SOON = 90.0  # seconds: a limit, not a wait
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


@pytest.fixture(scope="module")
def office(new_office: Callable[..., Office]) -> Office:
    """An office as compose makes one: PostgreSQL, Redis, Celery, hashed names of static files."""
    office = new_office("celery")
    bin_folder = str(Path(sys.executable).parent)
    inside = {
        "PATH": f"{bin_folder}:{os.environ['PATH']}",
        "STATIC_MANIFEST": "1",
        "HOSTNAME": socket.gethostname(),
    }
    office = replace(office, environment=office.environment | inside)
    office.manage(
        "collectstatic", "--noinput", "--verbosity", "0", "--ignore", "admin"
    )  # whose files are many
    return office


def _command(service: str) -> list[str]:
    return [str(word) for word in SERVICES[service]["command"]]


def _is_healthy(service: str, office: Office, *, port: str = "8000") -> bool:
    """Ask what the container would be asked."""
    how, *words = SERVICES[service]["healthcheck"]["test"]
    words = [word.replace("$$", "$").replace(":8000", f":{port}") for word in words]
    command = ["sh", "-c", *words] if how == "CMD-SHELL" else words
    return not subprocess.run(command, env=office.environment, cwd=ROOT, capture_output=True).returncode


def test_migrate_ends_well_and_does_nothing_the_second_time(office: Office) -> None:
    done = subprocess.run(
        _command("migrate"), env=office.environment, cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "No migrations to apply" in done.stdout


def test_web_becomes_healthy_and_serves_hashed_files(office: Office) -> None:
    port = str(free_port())
    office = replace(office, environment=office.environment | {"PORT": port})

    with office.running(*_command("web")):
        assert eventually(lambda: _is_healthy("web", office, port=port), within=SOON), office.log()
        page = _get(f"http://127.0.0.1:{port}/login/")
        style_sheet = page.split('rel="stylesheet"')[1].split('href="')[1].split('"')[0]

        assert _get(f"http://127.0.0.1:{port}{style_sheet}")
        assert len(style_sheet.split(".")) > 2, "a hash stands in the name"


def test_the_worker_becomes_healthy(office: Office) -> None:
    with office.running(*_command("worker")):
        assert eventually(lambda: _is_healthy("worker", office), within=SOON), office.log()

    assert not _is_healthy("worker", office)


@pytest.mark.full
def test_beat_rings_what_the_worker_hears(office: Office) -> None:
    """The pump's first bell comes after a minute; Celery logs every task that it ran."""
    tell = replace(office, environment=office.environment | {"LOG_LEVEL": "INFO"})
    beat = [word.replace("/tmp/beat", str(office.folder / "beat")) for word in _command("beat")]

    with tell.running(*_command("worker")), tell.running(*beat):
        assert eventually(lambda: "collections_crm.ring" in office.log(), within=2 * SOON), office.log()


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read().decode()
