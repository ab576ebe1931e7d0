"""Migrated databases to copy: each kind is made once for all processes of a run.

Migrating takes as long as many tests together; a copy takes a moment.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parents[1]
#: Where all processes of one run meet; `tests.settings` makes it and takes it away.
MEETING_PLACE = "TESTS_VAR_DIR"
#: The database of that name on the temporary PostgreSQL.
POSTGRES_TEMPLATE = "crm_template"


def sqlite_template() -> Path:
    """Return the path of a migrated SQLite file to copy, never to write to."""
    folder = Path(os.environ[MEETING_PLACE]) / "template"
    with _one_at_a_time("sqlite"):
        if not folder.exists():
            folder.mkdir()
            _migrate(VAR_DIR=str(folder))
    return folder / "db.sqlite3"


def postgres_template() -> str:
    """Return the name of a migrated database on the temporary PostgreSQL, to be a TEMPLATE."""
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    with (
        _one_at_a_time("postgres"),
        psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection,
    ):
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [POSTGRES_TEMPLATE])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {POSTGRES_TEMPLATE}")
            _migrate(DATABASE_URL=f"{server}/{POSTGRES_TEMPLATE}")
    return POSTGRES_TEMPLATE


@contextmanager
def _one_at_a_time(kind: str) -> Iterator[None]:
    with (Path(os.environ[MEETING_PLACE]) / f"template.{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(**environment: str) -> None:
    """Migrate as an installation does, with the product's own settings."""
    outside = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    ours = {"DJANGO_SETTINGS_MODULE": "collections_crm.settings", "TASK_ENGINE": "django_q"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=outside | ours | environment, check=True)
