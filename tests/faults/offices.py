"""Real offices for fault tests: a database of their own, and real worker processes on it."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: How many times slower than ours a machine may be; whoever waits says what a good one takes.
SLOWNESS = 5


@dataclass(frozen=True, kw_only=True)
class Office:
    """One installation: where it keeps its files, and the environment that every process of it has."""

    folder: Path
    environment: dict[str, str]

    def run(self, code: str) -> str:
        """Let the office's clerk run Python, as a web process would; return what it printed."""
        with (self.folder / "said").open("w+") as said:
            status = _clerk(self).runs(code, says=said.name)
            told = said.read()
        assert status == 0, told
        return told

    def manage(self, *words: str) -> str:
        """Run a management command; return what it printed."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextlib.contextmanager
    def running(self, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Keep a process running for the block, in a session of its own, and leave nothing of it behind."""
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield process
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(40)
            _kill(*members(self.folder), process.pid)
            process.wait()

    def kill_at_work(self, *command: str, within: float) -> None:
        """Begin a process, and kill it at some moment after it has said by a first line that it works."""
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, start_new_session=True
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(random.uniform(0, within))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()

    def worker(self, *options: str) -> "contextlib.AbstractContextManager[subprocess.Popen[bytes]]":
        """Run the worker of the office's engine for the block."""
        return self.running(sys.executable, "manage.py", "run_worker", *options)

    def log(self) -> str:
        """Return what the processes said."""
        return (self.folder / "log").read_text()


class Clerk:
    """The program `tests/faults/clerk.py` in an office."""

    def __init__(self, office: Office) -> None:
        # The same folder, said differently: a clerk is none of the office's workers.
        environment = office.environment | {"VAR_DIR": f"{office.folder}/"}
        command = [sys.executable, "-m", "tests.faults.clerk"]
        self.program = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def runs(self, code: str, *, says: str) -> int:
        """Let code be run to its end, and return how it ended: 0, 1, or minus the signal that killed it."""
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.write(json.dumps({"code": code, "says": says}) + "\n")
        self.program.stdin.flush()
        return int(self.program.stdout.readline() or -1)

    def end(self) -> None:
        """Send the clerk home."""
        self.program.communicate()


_clerks: dict[str, Clerk] = {}


def _clerk(office: Office) -> Clerk:
    """Return the clerk who works in this office under these orders."""
    orders = json.dumps(office.environment, sort_keys=True)
    if orders not in _clerks:
        _clerks[orders] = Clerk(office)
    return _clerks[orders]


def send_clerks_home() -> None:
    """End whoever still waits for orders."""
    while _clerks:
        _clerks.popitem()[1].end()


def make_office(*, folder: Path, engine: str, **environment: str) -> Office:
    """Return an office of an engine; without servers in `environment` it is on SQLite in `folder`."""
    ours = {"VAR_DIR": str(folder), "TASK_ENGINE": engine, "ENV_FILE": os.devnull, "LOG_FORMAT": "console"}
    # Workers rename themselves, and without the last of these would write over their environment.
    django = {"DJANGO_SETTINGS_MODULE": "collections_crm.settings", "PYTHONPATH": str(ROOT), "SPT_NOENV": "1"}
    unpaced = dict.fromkeys(["SMS_PER_MINUTE", "WHATSAPP_PER_MINUTE", "EMAIL_PER_MINUTE"], "0")
    outside = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return Office(folder=folder, environment=outside | unpaced | ours | django | environment)


def members(folder: Path) -> list[int]:
    """Return the processes of the office in `folder`: those that have it in their environment."""
    mark = f"VAR_DIR={folder}\0".encode()
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/environ") if mark in _read(path)]


def eventually(is_so: Callable[[], object], *, within: float) -> bool:
    """Return whether it comes true within that many seconds, or SLOWNESS times as many."""
    deadline = time.monotonic() + SLOWNESS * within
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def lines(path: Path) -> list[str]:
    """Return the lines left in a file, none when nobody left any."""
    return path.read_text().splitlines() if path.exists() else []


def _kill(*pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
