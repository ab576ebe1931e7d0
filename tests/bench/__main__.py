"""Measure what is named, or everything: `make bench`, or `python -m tests.bench decisions`."""

import os
import sys
from importlib import import_module

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

EVERYTHING = (
    "decisions",
    "planning",
    "sending",
    "reporting",
    "claiming",
    "clicking",
    "importing",
    "previewing",
    "searching",
)
WITHOUT_DATABASE = {"decisions"}


def main(names: list[str]) -> None:
    """Print one line a figure, as each is ready."""
    chosen = names or list(EVERYTHING)
    if not WITHOUT_DATABASE.issuperset(chosen):
        _prepare_database()
    for name in chosen:
        for figure in import_module(f"tests.bench.{name}").measure():
            print(figure, flush=True)


def _prepare_database() -> None:
    """Bring the empty PostgreSQL that was started for us up to date."""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    if connection.vendor != "postgresql":
        raise SystemExit("The bench needs PostgreSQL: run make bench.")
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
