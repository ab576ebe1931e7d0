"""Servers of a test's own that can be crashed, and started again on what their disks hold."""

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis

from tests.servers import find_program, free_port

STARTING_SECONDS = 180
_numbers = itertools.count(1)


class CrashingPostgres:
    """One server with its data in a folder. It keeps its promise of durability: fsync stays on."""

    def __init__(self, folder: Path) -> None:
        self.data, self.port = folder / "crashing", free_port()
        self.log = folder / "crashing.log"
        self.as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.data.mkdir()
        if self.as_owner:
            shutil.chown(self.data, "postgres")
        self._run("initdb", "-D", str(self.data), "-U", "crm", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.process: subprocess.Popen[bytes] | None = None

    def url(self, name: str) -> str:
        """Return the address of one of its databases as a DATABASE_URL."""
        return f"postgres://crm@127.0.0.1:{self.port}/{name}"

    def new_database(self, *, like: str = "template1") -> str:
        """Make a database of its own for somebody, as another one is, and return its address."""
        name = f"office_{next(_numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return self.url(name)

    def start(self) -> None:
        """Start it, and wait until it has recovered and answers."""
        words = [*self.as_owner, str(find_program("postgres")), "-D", str(self.data), "-p", str(self.port)]
        words += [
            "-h",
            "127.0.0.1",
            "-c",
            f"unix_socket_directories={self.data}",
            "-c",
            "max_connections=200",
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True, cwd="/")
        deadline = time.monotonic() + STARTING_SECONDS
        while not self._answers():
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def fill(self, address: str, *, like: str) -> None:
        """Copy all that is in a database of another server into a new one here."""
        dump = subprocess.run([str(find_program("pg_dump")), like], check=True, capture_output=True, cwd="/")
        into = [str(find_program("psql")), "--quiet", "--set", "ON_ERROR_STOP=1", address]
        subprocess.run(into, input=dump.stdout, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def crash(self) -> None:
        """Stop it as `pg_ctl stop -m immediate` does: no checkpoint, no goodbye."""
        assert self.process
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        self.process.wait(30)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *words: str) -> None:
        command = [*self.as_owner, str(find_program(program)), *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def crashing_postgres(folder: Path) -> Iterator[CrashingPostgres]:
    """Run one for the block."""
    folder.chmod(0o755)  # the user postgres must be able to enter, and all folders above it
    server = CrashingPostgres(folder)
    server.start()
    try:
        yield server
    finally:
        server.crash()


class CrashingRedis:
    """One Redis that keeps nothing and can be emptied, filled up, killed, and started again where it was."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address as a REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        words = [str(find_program("redis-server")), "--port", str(self.port), "--bind", "127.0.0.1"]
        words += ["--dir", str(self.folder), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            [*words, "--maxmemory-policy", "noeviction"], stdout=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + STARTING_SECONDS
        while True:
            try:
                self._ask("PING")
            except redis.ConnectionError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """End it at once; what it held is lost."""
        assert self.process
        self.process.kill()
        self.process.wait(30)

    def flush(self) -> None:
        """Empty it."""
        self._ask("FLUSHALL")

    def fill(self) -> None:
        """Let it refuse every write for want of memory."""
        self._ask("CONFIG", "SET", "maxmemory", "1")

    def make_room(self) -> None:
        """Let it take writes again."""
        self._ask("CONFIG", "SET", "maxmemory", "0")

    def waiting(self) -> int:
        """Return how many bells wait in Celery's queue."""
        return int(self._ask("LLEN", "celery"))

    def _ask(self, *words: str) -> Any:
        client = redis.Redis(port=self.port, socket_connect_timeout=2, socket_timeout=5)
        with contextlib.closing(client):
            return client.execute_command(*words)


@contextmanager
def crashing_redis(folder: Path) -> Iterator[CrashingRedis]:
    """Run one for the block."""
    server = CrashingRedis(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
