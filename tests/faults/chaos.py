"""What chaos tests are made of: a provider as a program, a monkey with a gun, and the waiting for the end."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.faults.crashing import CrashingPostgres
from tests.faults.offices import ROOT, Office, members

ACCOUNT, TOKEN = "AC" + "3" * 32, "chaos-token"
OPEN = "SELECT count(*) FROM contacts_contact WHERE state IN ('planned', 'claimed', 'sending', 'unknown')"
SENT = "SELECT count(*) FROM contacts_contact WHERE state IN ('sent', 'concluded')"
ALARMS = "SELECT count(*) FROM contacts_attempt WHERE contradicted_at IS NOT NULL"
#: For one request of a worker: what was stopped and is woken after the end may not write later than this.
PATIENCE = 1.0

#: Rings the bells that a schedule rings once a minute, every second and for several workers.
RINGER = """
import time, django
django.setup()
from contacts.tasks import pump, reconcile
while True:
    for task in (pump, pump, reconcile):
        try:
            task.enqueue()
        except Exception as error:
            print(type(error).__name__, flush=True)
    time.sleep(1)
"""

#: Runs a command again whenever it ends, as what starts it in an office does: Celery gives itself up when
#: one of its processes is killed while they are being started, or Redis goes away at a bad moment.
AGAIN = 'while :; do "$@"; sleep 0.2; done'
WORKER = ("sh", "-c", AGAIN, "sh", sys.executable, "manage.py", "run_worker")

#: Asks the office's database a number; a negative answer says that it cannot be asked just now.
type Ask = Callable[[str], int]


@dataclass(frozen=True, kw_only=True)
class Weather:
    """What happens, how often, in seconds; and how long anything may take. Never is infinity."""

    messages: int
    within: float
    kill_every: float = float("inf")
    stop_every: float = float("inf")
    deploy_each: int = 0  # so many messages; a worker must have time to begin
    crashes: int = 0
    troubles: float = 0.11
    list_lag: float = 0.3
    settle: float = 3.0
    reports: float = 0.0  # share of the messages on which the provider reports
    report_delay: float = 0.05


@dataclass
class Deploys:
    """Tells all workers to end, as who brings a new version does; `shell` then starts the next (`AGAIN`)."""

    shell: int
    each: int
    ask: Ask
    told: int = 0

    def look(self) -> bool:
        """Tell them when so many messages more have left; return whether it did."""
        if self.ask(SENT) < (self.told + 1) * self.each:
            return False
        self.told += 1
        for pid in Path(f"/proc/{self.shell}/task/{self.shell}/children").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGTERM)
        return True


class Monkey(threading.Thread):
    """Kills and stops the office's workers by lot, and crashes its database, until it is told to stop.

    Where it has `deploys`, workers are told to end as well, each time so many messages have left.
    """

    def __init__(self, office: Office, weather: Weather, server: CrashingPostgres | None = None) -> None:
        super().__init__(daemon=True)
        self.office, self.weather, self.server = office, weather, server
        self.over = threading.Event()
        self.lots = random.Random(7)
        self.done: Counter[str] = Counter()
        self.stopped: dict[int, float] = {}
        self.deploys: Deploys | None = None

    def run(self) -> None:
        began = time.monotonic()
        next_kill, next_stop = began + self.weather.kill_every, began + self.weather.stop_every
        next_crash = began + 2.0
        while not self.over.wait(0.1):
            now = time.monotonic()
            self._wake(until=now)
            if now >= next_kill:
                next_kill = now + self.weather.kill_every
                self._signal(signal.SIGKILL)
            if now >= next_stop:
                next_stop = now + self.weather.stop_every
                self._stop_one(until=now + self.lots.uniform(0.5, 6.0))
            if self.deploys:
                self.done["SIGTERM"] += self.deploys.look()
            if self.server and self.done["crash"] < self.weather.crashes and now >= next_crash:
                next_crash = now + 15.0
                self.server.crash()
                self.server.start()
                self.done["crash"] += 1
        self._wake(until=float("inf"))

    def rest(self) -> None:
        """Stop, wake everybody, and wait until whoever woke has done what he still might."""
        self.over.set()
        if self.ident:
            self.join(60)
            time.sleep(1.5 * PATIENCE)

    def _stop_one(self, *, until: float) -> None:
        if pid := self._signal(signal.SIGSTOP):
            self.stopped[pid] = until

    def _wake(self, *, until: float) -> None:
        for pid in [pid for pid, moment in self.stopped.items() if moment <= until]:
            del self.stopped[pid]
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def _signal(self, signum: signal.Signals) -> int:
        """Signal one of the workers that do the work, never those that watch over them."""
        workers = [pid for pid in members(self.office.folder) if _is_worker(pid)]
        if not workers:
            return 0
        pid = self.lots.choice(workers)
        with suppress(ProcessLookupError):
            os.kill(pid, signum)
            self.done[signum.name] += 1
        return pid


def _is_worker(pid: int) -> bool:
    """Whether it is one that Celery or django-q2 forked to do the work, and not who watches over these."""
    with suppress(OSError):
        name = Path(f"/proc/{pid}/cmdline").read_bytes()
        return b"ForkPoolWorker" in name or b"qcluster Process-" in name
    return False


@contextmanager
def twilio(folder: Path, weather: Weather, *, web: str = "") -> Iterator[tuple[str, Path]]:
    """Run the stand-in as a program; give its address and the file of what it took."""
    log = folder / "accepted.jsonl"
    words = [sys.executable, "-m", "tests.fakes.twilio", "--account-sid", ACCOUNT, "--auth-token", TOKEN]
    words += ["--log", str(log), "--troubles", str(weather.troubles), "--list-lag", str(weather.list_lag)]
    words += ["--callback-share", str(weather.reports), "--callback-delay", str(weather.report_delay)]
    words += ["--callback-base", web, "--slow-seconds", "2"]
    running = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout
        yield running.stdout.readline().removeprefix("ready: ").strip(), log
    finally:
        running.terminate()
        running.wait(10)
        running.stdout.close()


def environment(twilio_url: str, weather: Weather) -> dict[str, str]:
    """Return what an office is told that sends through this provider, in this weather."""
    return {
        "SMS_CHANNEL": "twilio",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_SMS_FROM": "+551140040000",
        "TWILIO_API_BASE_URL": twilio_url,
        "TWILIO_TIMEOUT": str(PATIENCE),
        "SMS_PER_MINUTE": "0",
        "SETTLE_SECONDS": str(weather.settle),
        "SECOND_LOOK_SECONDS": str(weather.settle),
        "LIST_WATCH_SECONDS": "0",
        "CLAIM_LEASE_SECONDS": "5",
        "TASK_WORKERS": "4",
        "WORKER_SILENCE_LIMIT": "20",
        "LOG_LEVEL": "ERROR",
    }


def want(office: Office, count: int) -> list[str]:
    """Furnish the office and want a message to each of so many numbers; return them."""
    numbers = [f"+55119{60_000_000 + number}" for number in range(count)]
    orders = [{"do": "set_up"}, {"do": "want", "numbers": numbers}]
    subprocess.run(
        [sys.executable, "-m", "tests.faults.sender"],
        cwd=ROOT,
        env=office.environment,
        input="".join(json.dumps(order) + "\n" for order in orders),
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return numbers


def wait_until_nothing_is_open(ask: Ask, *, within: float) -> float:
    """Return how long it took until no contact was open any more."""
    began = time.monotonic()
    while left := ask(OPEN):
        assert time.monotonic() - began < within, f"{left} are still open"
        time.sleep(0.5)
    return time.monotonic() - began


def asks_postgres(url: str) -> Ask:
    """Ask over a new connection each time, for the server may have been crashed meanwhile."""

    def ask(question: str) -> int:
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                return int(connection.execute(question).fetchone()[0])  # type: ignore[index,arg-type]
        except psycopg.OperationalError:
            return -1

    return ask


def asks_sqlite(office: Office) -> Ask:
    """Ask the file of an office on SQLite, without disturbing those who write."""

    def ask(question: str) -> int:
        try:
            with closing(sqlite3.connect(office.folder / "db.sqlite3", timeout=5)) as connection:
                return int(connection.execute(question).fetchone()[0])
        except sqlite3.OperationalError:
            return -1

    return ask
