"""No UPDATE of ours joins: its conditions would not hold any more by the time it has its row.

Django writes such an update as `WHERE id IN (SELECT ... JOIN ...)`. On PostgreSQL, one that had to wait for
the row looks again at conditions on the row's own columns only; what the inner SELECT found stands as it
was found. So what was withdrawn meanwhile would leave, and what had ended would go on. Conditions on other
tables belong into an `Exists` or a list of ids, beside those on the row itself.
Source: PostgreSQL's manual, 13.2.1, Read Committed.
"""

from typing import Any

from django.db.models.sql.compiler import SQLUpdateCompiler

_set_up = SQLUpdateCompiler.pre_sql_setup


class JoiningUpdateError(AssertionError):
    """An UPDATE of ours whose conditions join other tables."""


def refuse_joins() -> None:
    """Let every update that joins fail, wherever in a test it is made."""
    SQLUpdateCompiler.pre_sql_setup = _refusing_set_up


def _refusing_set_up(compiler: Any) -> Any:
    compiler.query.get_initial_alias()
    if compiler.query.count_active_tables() > 1:
        raise JoiningUpdateError(str(compiler.query.where))
    return _set_up(compiler)
