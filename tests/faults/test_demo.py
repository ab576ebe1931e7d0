"""The demo: one command from nothing to a running office, and nothing left when it ends."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests import databases
from tests.faults.offices import ROOT, eventually, members
from tests.servers import free_port

SOON = 180.0  # seconds: a limit, not a wait


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A developer's environment, with a database of production in it that the demo must leave alone."""
    (tmp_path / "var").mkdir()
    shutil.copy(databases.sqlite_template(), tmp_path / "var" / "db.sqlite3")  # its migrations take long
    elsewhere = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/x",
        "SMS_CHANNEL": "twilio",
        "ENV_FILE": "/x",
    }
    own = {"VAR_DIR": str(tmp_path / "var"), "PORT": str(free_port()), "SPT_NOENV": "1"}
    return os.environ | elsewhere | own


def _start(environment: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "scripts/demo"]
    with log.open("wb") as out:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)


def test_the_demo_gets_ready_shows_logins_and_ends_without_a_trace(
    environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    demo = _start(environment, log)
    try:
        assert eventually(lambda: "ready: " in log.read_text() or demo.poll() is not None, within=SOON)
        said = log.read_text()
        address = f"http://127.0.0.1:{environment['PORT']}/"
        assert f"ready: {address}\n" in said, said
        assert re.findall(r"^  (agent|manager|administrator) +\w+ +\S{12,}$", said, re.MULTILINE)
        with urllib.request.urlopen(f"{address}login/", timeout=30) as page:
            assert page.status == 200
    finally:
        demo.send_signal(signal.SIGINT)
        status = demo.wait(180)

    assert status == 0
    assert eventually(lambda: not members(tmp_path / "var"), within=10)
    assert (tmp_path / "var/secret_key").stat().st_mode & 0o077 == 0


def test_a_taken_port_is_told_in_one_sentence(environment: dict[str, str], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["PORT"])))
        taken.listen()

        status = _start(environment, tmp_path / "log").wait(120)

    said = (tmp_path / "log").read_text()
    assert status == 1
    assert said.count("\n") == 1
    assert f"port {environment['PORT']} is not free" in said
