"""Migrated databases to copy, each kind made once for all processes of a run; and how one is emptied.

Migrating takes as long as many tests together; a copy takes a moment.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import psycopg
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parents[1]
#: Where all processes of one run meet; `tests.settings` makes it and takes it away.
MEETING_PLACE = "TESTS_VAR_DIR"
CACHE = ROOT / ".pytest_cache"
#: The database of that name on the temporary PostgreSQL.
POSTGRES_TEMPLATE = "crm_template"
#: Tables that only migrating fills.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}
#: Migrations whose tables refuse to lose rows.
WITH_TRIGGERS = (
    "debtors.migrations.0002_append_only",
    "debtors.migrations.0007_money_stays_written",
    "debtors.migrations.0011_agreements_stay_written",
    "debtors.migrations.0015_what_was_issued_stays",
    "debtors.migrations.0018_steps_beyond_asking_stay",
    "contacts.migrations.0005_published_policies_stay",
    "contacts.migrations.0006_local_rules_preferences_and_block_lists",
)


def empty(connection: BaseDatabaseWrapper) -> None:
    """Empty every table that holds a row, whatever protects the rows, but for what migrating left there."""
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - KEPT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in tables))
        filled = [table for table, is_filled in zip(tables, cursor.fetchone(), strict=True) if is_filled]
    if not filled:
        return
    before, after = _protection(connection.vendor)
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        for statement in (*before, *[f'DELETE FROM "{table}"' for table in filled], *after):
            cursor.execute(statement)


def _protection(vendor: str) -> tuple[list[str], list[str]]:
    """Return what puts triggers and foreign keys aside, and what brings them back."""
    if vendor == "postgresql":
        return ["SET LOCAL session_replication_role = replica"], []
    migrations = [import_module(name) for name in WITH_TRIGGERS]
    without = [each for migration in migrations for each in migration.removal_statements(vendor)]
    again = [each for migration in migrations for each in migration.trigger_statements(vendor)]
    return without, again


def sqlite_template() -> Path:
    """Return the path of a migrated SQLite file to copy, never to write to.

    It is kept for the next run too, for as long as no migration and no library changes.
    """
    kept = CACHE / f"migrated-{_fingerprint()}.sqlite3"
    with _one_at_a_time("sqlite"):
        if not kept.exists():
            with tempfile.TemporaryDirectory() as folder:
                _migrate(VAR_DIR=folder)
                CACHE.mkdir(exist_ok=True)
                for old in CACHE.glob("migrated-*"):
                    old.unlink(missing_ok=True)
                whole = Path(shutil.copy(Path(folder) / "db.sqlite3", CACHE / f"{os.getpid()}.sqlite3"))
                whole.replace(kept)
    return kept


def _fingerprint() -> str:
    """Return a name for all that migrating reads: the migrations, the roles, and the libraries."""
    libraries, roles = ROOT / "requirements.lock", ROOT / "collections_crm" / "roles.py"
    read = [*ROOT.glob("*/migrations/*.py"), roles, libraries]
    told = b"".join(path.name.encode() + path.read_bytes() for path in sorted(read))
    return hashlib.sha256(told).hexdigest()[:16]


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
