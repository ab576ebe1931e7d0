"""Offices of both engines: django-q2 on SQLite, Celery on a real PostgreSQL and a real Redis."""

import itertools
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests import databases
from tests.faults.crashing import CrashingPostgres, crashing_postgres
from tests.faults.offices import Office, make_office, send_clerks_home

type Crashing = tuple[CrashingPostgres, Callable[[], str]]

ENGINES = ("django_q", "celery")
_redis_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def new_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Office]]:
    """Make offices of an engine, each with a database of its own."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("looks into /proc to see that no process is left behind")
    made: list[str] = []

    def make(engine: str, **environment: str) -> Office:
        folder = tmp_path_factory.mktemp("office")
        if engine == "celery":
            environment = _on_servers(made) | environment
        else:
            shutil.copy(databases.sqlite_template(), folder / "db.sqlite3")
        return make_office(folder=folder, engine=engine, **environment)

    yield make
    send_clerks_home()
    for name in reversed(made):
        _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def crashing() -> Iterator[Crashing]:
    """A PostgreSQL that can be crashed, and a function that returns the address of a new database there."""
    name = tempfile.mkdtemp(prefix="collections-crm-crashing-")  # which postgres may enter
    try:
        with crashing_postgres(Path(name)) as server:
            migrated = server.new_database()
            server.fill(migrated, like=_server_of_all() + databases.postgres_template())
            yield server, lambda: server.new_database(like=migrated.rpartition("/")[2])
    finally:
        shutil.rmtree(name, ignore_errors=True)


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The same test on both engines."""
    return str(request.param)


@pytest.fixture
def office(engine: str, new_office: Callable[..., Office]) -> Office:
    """A new office in which nothing runs yet."""
    return new_office(engine)


@pytest.fixture(scope="module")
def open_office(engine: str, new_office: Callable[..., Office]) -> Iterator[Office]:
    """An office whose worker runs, shared by tests that do it no harm."""
    office = new_office(engine)
    with office.worker():
        yield office


def _on_servers(made: list[str]) -> dict[str, str]:
    """Return the addresses of a new database, copied from a migrated one, and of an unused Redis number."""
    if "REDIS_URL" not in os.environ or "DATABASE_URL" not in os.environ:
        pytest.skip("needs the servers of python -m tests.servers")
    name = f"office_{uuid.uuid4().hex[:12]}"
    _on_server(f"CREATE DATABASE {name} TEMPLATE {databases.postgres_template()}")
    made.append(name)
    # Each process of tests has fifty of the server's numbers to itself: two offices must never share a queue.
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
    number = 50 * process + next(_redis_numbers)
    redis = os.environ["REDIS_URL"].rsplit("/", 1)[0]
    return {"DATABASE_URL": _server_of_all() + name, "REDIS_URL": f"{redis}/{number}"}


def _server_of_all() -> str:
    """Return the address of the server that all tests share, to which the name of a database is added."""
    return os.environ["DATABASE_URL"].rpartition("/")[0] + "/"


def _on_server(statement: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(statement)
