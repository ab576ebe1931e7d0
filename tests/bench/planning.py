"""How many cases are planned, beside the INSERT of the very rows that planning writes."""

from collections.abc import Iterator
from statistics import median

from django.db import connection, transaction

from contacts.models import Contact
from dunning.models import Case, ScheduledStep
from dunning.services import planner
from tests.bench import office
from tests.bench.measuring import RUNS, Figure, medians, seconds

CASES = 10_000
TABLES = (Contact._meta.db_table, ScheduledStep._meta.db_table)
LIMIT = "INSERT … SELECT"


def measure() -> Iterator[Figure]:
    """Give the first run, and a second over the same cases that finds nothing new."""
    office.fill(CASES)
    office.run("CREATE TEMPORARY TABLE case_before AS SELECT * FROM dunning_case")
    first, again = medians(_plan, _plan, before=_as_before, before_yardstick=_look_again)
    limit = CASES / _insert_seconds()
    yield Figure(
        path="plan, first run",
        unit="cases",
        per_second=CASES / first,
        yardstick=LIMIT,
        yardstick_per_second=limit,
        goal="0.5, and 25,000 cases/s",
    )
    yield Figure(
        path="plan, nothing new",
        unit="cases",
        per_second=CASES / again,
        yardstick="the first run",
        yardstick_per_second=CASES / first,
        goal="2.0",
    )


def _as_before() -> None:
    """Unplan everything."""
    office.run(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    office.run(
        "UPDATE dunning_case c SET next_plan_on = b.next_plan_on, callable_from = b.callable_from"
        " FROM case_before b WHERE b.id = c.id"
    )
    office.run("VACUUM ANALYZE dunning_case")


def _look_again() -> None:
    """Let every case be looked at once more on the same day."""
    Case.objects.update(next_plan_on=office.TODAY)
    office.run("VACUUM ANALYZE")


def _insert_seconds() -> float:
    """Return what the database needs for the rows themselves, keys, indexes and constraints included."""
    for table in TABLES:
        office.run(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")

    def insert() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")

    empty = f"TRUNCATE {', '.join(TABLES)} CASCADE"
    return median(seconds(insert, before=lambda: office.run(empty)) for _ in range(RUNS))


def _plan() -> None:
    planner.plan(now=office.NOW)
