"""What every test may use: which database this is, and a Chromium that asks nobody for anything."""

import os
import shutil
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings

from tests import databases, updates
from tests.servers import TEMPORARY

# Playwright's synchronous interface runs an event loop in the test's own thread, and Django then
# refuses database calls there although nothing asynchronous is going on.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A slow machine is no fault of the product: what must be fast is measured by the bench.
# Who runs the suite sees what the last one saw; `make deep` draws examples that nobody saw yet.
settings.register_profile("fresh", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")

#: The first takes a third of the computing of the others, for it has no windows to draw.
CHROMIUMS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
QUIET = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-sync"]


updates.refuse_joins()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Before several processes start, do once what each would else do for itself: compile, and migrate."""
    is_one_of_them = hasattr(session.config, "workerinput")
    if is_one_of_them or not getattr(session.config.option, "numprocesses", None):
        return
    words = [sys.executable, "-m", "pytest", "-q", "--collect-only", *session.config.args]
    compiling = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _template()
    compiling.wait()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark by folder, and leave out what is true of the other database only."""
    other = "postgres" if connection.vendor == "sqlite" else "sqlite"
    for item in items:
        folder = item.path.parent.name
        if folder in {"browser", "faults"}:
            item.add_marker(folder)
            item.add_marker(pytest.mark.xdist_group(item.path.stem))  # what a file starts, it starts once
    items[:] = [item for item in items if not item.get_closest_marker(other)]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start this process's database as a copy of a migrated one, where all may share one."""
    wanted = connection.settings_dict["TEST"]
    template = _template()
    if connection.vendor == "sqlite":
        shutil.copy(str(template), wanted["NAME"])
    elif template:
        wanted["TEMPLATE"] = template


def _template() -> object:
    """Return what this process's database is a copy of; None for a server that is not ours."""
    if connection.vendor == "sqlite":
        return databases.sqlite_template()
    return databases.postgres_template() if TEMPORARY in os.environ else None


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> bool:
    """Whether the tests' database stays when they end: a temporary one goes with its server or folder."""
    return (
        bool(request.config.getvalue("reuse_db")) or connection.vendor == "sqlite" or TEMPORARY in os.environ
    )


@pytest.fixture(autouse=True)
def nobody_has_guessed_yet() -> None:
    """Forget how often an address of the outside asked for what is not there."""
    cache.clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium."""
    found = next((path for name in CHROMIUMS if (path := shutil.which(name))), None)
    assert found, "Chromium is missing: run scripts/ensure_packages"
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args(chromium: str) -> dict[str, object]:
    """How pytest-playwright launches it; root needs the sandbox off."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": chromium, "args": [*QUIET, *as_root]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """A Brazilian office's browser."""
    return {"locale": "pt-BR", "timezone_id": "America/Sao_Paulo", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(autouse=True, scope="session")
def empty_what_was_filled() -> None:
    """Let a test with real commits be followed by emptying the tables that it filled, and no other work.

    Django's own flush empties all of them, and writes down anew what every model permits.
    """
    TransactionTestCase._fixture_teardown = lambda _self: databases.empty(connection)
