"""Run a command against a temporary PostgreSQL and Redis: `python -m tests.servers -- pytest`.

Both listen on free ports of the loopback, keep their data under one temporary folder and are
ended with the command, whatever ended it. `DATABASE_URL` and `REDIS_URL` are set for the command,
and its exit status is passed on. `--durable` keeps fsync on, which fault tests need.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

#: Set for the command: the servers, and all that they keep, are gone when it has ended.
TEMPORARY = "TEMPORARY_SERVERS"
STARTING_SECONDS = 120
STOPPING_SECONDS = 15
POSTGRES_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"  # either knows that É is a letter
FAST_AND_FORGETFUL = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def find_program(name: str) -> str | None:
    """Return the path of a server program, on PATH or where packages put it, newest first."""
    if found := shutil.which(name):
        return found
    folders = [folder for pattern in POSTGRES_FOLDERS for folder in Path("/").glob(pattern[1:])]
    newest_first = sorted(folders, key=lambda folder: _version_in(str(folder)), reverse=True)
    return next((str(folder / name) for folder in newest_first if (folder / name).exists()), None)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres(*, folder: Path, durable: bool = False) -> Iterator[str]:
    """Start a PostgreSQL with its data in `folder`; give its address as a `DATABASE_URL`.

    PostgreSQL refuses to run as root, so root runs it as the user `postgres` of its package.
    """
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    data, port = folder / "postgres", free_port()
    data.mkdir()
    if as_owner:
        shutil.chown(data, "postgres")
    initdb, server = _needed("initdb"), _needed("postgres")
    rights = ["-U", "crm", "-A", "trust"]  # for the loopback of this machine, for as long as the tests run
    words = [*as_owner, initdb, "-D", data, *rights, "-E", "UTF8", f"--locale={LOCALE}", "--no-sync"]
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL, cwd="/")
    settings = ["-c", f"unix_socket_directories={data}", "-c", "max_connections=200"]
    command = [
        server,
        "-D",
        data,
        "-p",
        port,
        "-h",
        "127.0.0.1",
        *settings,
        *([] if durable else FAST_AND_FORGETFUL),
    ]
    ready = [
        *as_owner,
        _needed("psql"),
        "-h",
        "127.0.0.1",
        "-p",
        port,
        "-U",
        "crm",
        "-d",
        "postgres",
        "-c",
        "select 1",
    ]
    create = [*ready[:-1], "create database crm"]
    # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
    with _server(
        [*as_owner, *command], ready=ready, log=folder / "postgres.log", stop=signal.SIGINT, pid_file=data
    ):
        subprocess.run([str(word) for word in create], check=True, stdout=subprocess.DEVNULL, cwd="/")
        yield f"postgres://crm@127.0.0.1:{port}/crm"


@contextmanager
def redis(*, folder: Path, durable: bool = False) -> Iterator[str]:
    """Start a Redis with its data in `folder`; give its address as a `REDIS_URL`."""
    data, port = folder / f"redis-{free_port()}", free_port()
    data.mkdir()
    options = ["--port", port, "--bind", "127.0.0.1", "--dir", data, "--save", ""]
    durability = ["--appendonly", "yes", "--appendfsync", "everysec" if durable else "no"]
    command = [
        _needed("redis-server"),
        *options,
        *durability,
        "--maxmemory-policy",
        "noeviction",
        "--databases",
        "500",
    ]
    ready = [_needed("redis-cli"), "-p", port, "ping"]
    with _server(command, ready=ready, log=folder / "redis.log", stop=signal.SIGTERM):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def _server(
    command: list[object], *, ready: list[object], log: Path, stop: int, pid_file: Path | None = None
) -> Iterator[None]:
    """Run a server in a session of its own (Ctrl-C must reach the tests first) until the block ends."""
    words = [str(word) for word in command]
    with log.open("ab") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out, start_new_session=True, cwd="/")
    try:
        _wait_until_ready([str(word) for word in ready], process=process, log=log)
        yield
    finally:
        _stop(process, how=stop, pid=_own_pid(process, folder=pid_file))


def _wait_until_ready(probe: list[str], *, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while subprocess.run(probe, capture_output=True, check=False, cwd="/").returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"A server did not start: {probe}\n{log.read_text()[-2000:]}")
        time.sleep(0.05)


def _own_pid(process: subprocess.Popen[bytes], *, folder: Path | None) -> int:
    """Return the server's own pid: under `runuser` the process we started is only its parent."""
    pid_file = folder / "postmaster.pid" if folder else None
    if pid_file and pid_file.exists():
        return int(pid_file.read_text().split()[0])
    return process.pid


def _stop(process: subprocess.Popen[bytes], *, how: int, pid: int) -> None:
    for signum in (how, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, signum)
        try:
            process.wait(STOPPING_SECONDS)
            return
        except subprocess.TimeoutExpired:
            continue


def _needed(name: str) -> str:
    found = find_program(name)
    if found is None:
        raise SystemExit(
            f"{name} was not found: run scripts/ensure_packages, or install postgresql and redis-server."
        )
    return found


def _version_in(path: str) -> list[int]:
    return [int(part) for part in "".join(c if c.isdigit() else " " for c in path).split()]


def _run(command: list[str]) -> int:
    """Run the command and wait for it through Ctrl-C too: it got the signal itself and will end."""
    process = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())  # it decides how to end, then we do
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def main(arguments: list[str]) -> int:
    """Start what is asked for, run the command, end everything; return the command's exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.add_argument("--durable", action="store_true", help="keep fsync on, as fault tests need")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` runs
    folder = Path(tempfile.mkdtemp(prefix="collections-crm-servers-"))
    folder.chmod(0o755)  # the user postgres must be able to enter
    try:
        with ExitStack() as servers:
            os.environ["DATABASE_URL"] = servers.enter_context(
                postgres(folder=folder, durable=options.durable)
            )
            os.environ["REDIS_URL"] = servers.enter_context(redis(folder=folder, durable=options.durable))
            os.environ[TEMPORARY] = "yes"
            status = _run(options.command)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
