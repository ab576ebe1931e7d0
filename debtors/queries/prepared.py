"""Statements that PostgreSQL parses and plans once for a connection: after that only values are sent.

A name ends with a hash of its statement's own words. So a changed statement has another name, and a
name that a connection knows means these very words, whoever prepared it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

logger = structlog.get_logger(__name__)

#: Of each connection of the driver the names it was told; a connection opened anew is another one.
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()

#: What was prepared is of no use any more. The session does not know a name that it was told, or knows one
#: that it was not, as where a pooler gives each transaction another one; or a table was altered below it.
OF_NO_USE = frozenset({"26000", "42P05", "0A000"})


@dataclass(frozen=True, slots=True)
class Statement:
    """What tells a statement to a connection, and what asks it, with a `%s` for each value."""

    name: str
    told: str
    asked: str


def statement(sql: str, *, types: Sequence[str], called: str) -> Statement:
    """Return a statement of SQL whose values are $1, $2 and so on, of these types."""
    types_told = f"({', '.join(types)})" if types else ""
    name = f"{called[:40]}_{sha256(f'{types_told}{sql}'.encode()).hexdigest()[:16]}"
    places = f"({', '.join(['%s'] * len(types))})" if types else ""
    return Statement(name, f'PREPARE "{name}" {types_told} AS {sql}', f'EXECUTE "{name}"{places}')


def are_kept() -> bool:
    """Return whether statements are prepared: on PostgreSQL, unless the setting says no."""
    return connection.vendor == "postgresql" and bool(settings.PREPARED_READS)


def ask(cursor: Any, asked: Sequence[tuple[Statement, Sequence[Any]]]) -> bool:
    """Ask statements with their values in one errand, each answer a set of rows of the cursor's.

    Return False when what was prepared turned out to be of no use: nothing was answered then. Inside a
    transaction, which that has ended, the error is raised as any other is. The next errand prepares anew.
    """
    try:
        _tell(cursor, [each for each, _values in asked])
        words = ";\n".join([each.asked for each, _values in asked])
        cursor.execute(words, [value for _each, values in asked for value in values])
    except DatabaseError as error:
        _known.pop(connection.connection, None)
        code = getattr(error.__cause__, "sqlstate", None)
        if code not in OF_NO_USE or connection.in_atomic_block:
            raise
        logger.warning("what was prepared is of no use: a migration, or a pooler of transactions", code=code)
        return False
    return True


def _tell(cursor: Any, statements: Iterable[Statement]) -> None:
    """Tell the connection what it does not know yet.

    One of which nothing is known, because it is new or because something failed on it, forgets first:
    its session may have had another user, and what a table's new columns made useless goes too.
    """
    driver = connection.connection
    known = _known.get(driver)
    new = {each.name: each.told for each in statements if known is None or each.name not in known}
    if not new:
        return
    first = [] if known is not None else ["DEALLOCATE ALL"]
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        cursor.cursor.execute("; ".join([*first, *new.values()]))  # not among the queries that are counted
    _known[driver] = {*(known or ()), *new}
