"""How fast a file of debts is taken in, beside COPY and INSERT … SELECT of the rows it leaves behind."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction

from debtors.models import ContactPoint, Debt, Debtor, Installment, LedgerEntry, Payment
from debtors.services import importing
from tests.bench import office
from tests.bench.measuring import Figure, medians, seconds
from tests.factories import house_portfolio

SAMPLE = Path(__file__).resolve().parents[1] / "data/sample_debts.csv"
MADE_AT = datetime(2026, 11, 21, 15, tzinfo=UTC)
WRITTEN = (Debtor, ContactPoint, Debt, Installment, Payment, LedgerEntry)


def measure() -> Iterator[Figure]:
    """Give two figures: the sample's rows into an empty house, and the same file once more."""
    content = SAMPLE.read_bytes()
    rows = len(content.splitlines()) - 1
    _empty_house()
    _import(content)
    tables = [(model._meta.db_table, _copied(model._meta.db_table)) for model in WRITTEN]
    first, limit = medians(
        lambda: _import(content),
        lambda: _insert(tables),
        before=_empty_house,
        before_yardstick=lambda: _without(tables),
    )
    _empty_house()
    _import(content)
    again = seconds(lambda: _import(content))
    yield Figure(
        path="import, into an empty house",
        unit="rows",
        per_second=rows / first,
        yardstick="COPY and INSERT … SELECT",
        yardstick_per_second=rows / limit,
        goal="0.25",
    )
    yield Figure(
        path="import, the same file again",
        unit="rows",
        per_second=rows / again,
        yardstick="the first time",
        yardstick_per_second=rows / first,
        goal="1.0",
    )


def _empty_house() -> None:
    office.empty()
    house_portfolio()


def _import(content: bytes) -> None:
    portfolio = house_portfolio()
    importing.import_at_once(
        content,
        file_name=SAMPLE.name,
        creditor=portfolio.creditor,
        portfolio_name=portfolio.name,
        only_good=False,
        now=MADE_AT,
    )


def _copied(table: str) -> bytes:
    """Return a table's rows as COPY writes them."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as rows:
        return b"".join(bytes(part) for part in rows)


def _without(tables: list[tuple[str, bytes]]) -> None:
    office.run(f"TRUNCATE {', '.join(table for table, _rows in tables)} CASCADE")


def _insert(tables: list[tuple[str, bytes]]) -> None:
    """Write the rows by COPY into staging tables, and from there into their own."""
    with transaction.atomic(), connection.connection.cursor() as cursor:
        for table, rows in tables:
            cursor.execute(f"CREATE TEMPORARY TABLE staged_{table} (LIKE {table}) ON COMMIT DROP")
            with cursor.copy(f"COPY staged_{table} FROM STDIN") as copy:
                copy.write(rows)
            cursor.execute(f"INSERT INTO {table} SELECT * FROM staged_{table}")
