"""Long lists for a query to look among: told to the database in one piece, not as thousands of parameters."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Func, Value

#: What is no longer than this is written out value by value: it costs little, and is planned to the row.
LONGEST_WRITTEN_OUT = 64


def among(values: Sequence[int] | Sequence[str]) -> Any:
    """Return what a `field__in` looks among: the values themselves, or one parameter when they are many."""
    return values if len(values) <= LONGEST_WRITTEN_OUT else _InOnePiece(values)


class _InOnePiece(Func):
    """The values of a JSON list, as rows."""

    def __init__(self, values: Sequence[int] | Sequence[str]) -> None:
        self.kind = "bigint" if isinstance(values[0], int) else "text"
        super().__init__(Value(json.dumps(values)))

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        template = f"(SELECT jsonb_array_elements_text(%(expressions)s::jsonb)::{self.kind})"
        return self.as_sql(compiler, connection, template=template)

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(SELECT value FROM json_each(%(expressions)s))")
