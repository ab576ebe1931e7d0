"""Reads asked for all day in the same words: Django writes their SQL once, and only values change."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet

from debtors.queries.among import LONGEST_WRITTEN_OUT, among

#: Lists of ids are filled up to one of these lengths, so that few texts serve all; longer ones are
#: rare, and the query is written anew, looking among them in one piece.
LENGTHS = (1, 8, LONGEST_WRITTEN_OUT)

Values = dict[str, Any]


class Read:
    """A read, made of a function from values to a query of rows (`values_list`, flat or not).

    Calling it with values, by name, returns what the query with them would. Values are whole numbers,
    texts, moments, days, or lists of numbers or texts that are not empty; the query may compare with
    them, but neither reckon with them nor decide by them: whatever else a query depends on stands in
    the function itself. On PostgreSQL `together` asks several at once.
    """

    def __init__(self, rows: Callable[..., QuerySet[Any, Any]]) -> None:
        self.rows = rows

    def __call__(self, **values: Any) -> list[Any]:
        """Return the rows, in the query's order."""
        text = self.text(values)
        if text is not None:
            return text.read(values)
        lists = {name: among(value) for name, value in values.items() if isinstance(value, list)}
        return list(self.rows(**values | lists))

    def text(self, values: Values) -> "Text | None":
        """Return the SQL for values of this kind; None where a list is too long, or empty."""
        lengths = {name: len(value) for name, value in values.items() if isinstance(value, list)}
        if any(not 0 < length <= LENGTHS[-1] for length in lengths.values()):
            return None
        padded = {name: _padded(length) for name, length in lengths.items()}
        known = _known_texts()
        key = (self, *sorted(padded.items()))
        if key not in known:
            known[key] = _written(self.rows, values, padded)
        return known[key]

    def written(self, values: Values) -> "Text":
        """Return the SQL for these values, whatever their length; of a list not empty."""
        lengths = {name: len(value) for name, value in values.items() if isinstance(value, list)}
        return self.text(values) or _written(self.rows, values, lengths)


@dataclass(frozen=True)
class Text:
    """The SQL of one read: its parameters as they are, or as (name, place in the list) of a value."""

    sql: str
    parameters: tuple[Any, ...]
    width: int
    is_flat: bool
    compiler: Any
    converters: Any

    def filled(self, values: Values) -> list[Any]:
        """Return the parameters with these values in them."""
        told_of = {name: [told(one) for one in _listed(value)] for name, value in values.items()}
        return [_filled(each, told_of) for each in self.parameters]

    def read(self, values: Values) -> list[Any]:
        """Ask the database."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.filled(values))
            return self.converted(cursor.fetchall())

    def converted(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """Return the rows as Django would give them."""
        cut: Any = rows if not rows or len(rows[0]) == self.width else [row[: self.width] for row in rows]
        if self.converters:
            cut = self.compiler.apply_converters(cut, self.converters)
        return [row[0] for row in cut] if self.is_flat else [tuple(row) for row in cut]


Asking = tuple[Read, Values]  # a read, and the values it is asked with


@dataclass(frozen=True)
class _Place:
    """Where in the values a parameter is found."""

    name: str
    index: int


class _Kept(threading.local):
    """The texts of a thread, for a connection is a thread's own too."""

    def __init__(self) -> None:
        self.texts: dict[Any, Text] = {}
        self.connection: Any = None


_kept = _Kept()


def together(**asked: Asking) -> dict[str, list[Any]]:
    """Return the rows of each read by its name: on PostgreSQL in one errand, else one after the other."""
    if connection.vendor != "postgresql":
        return {name: read(**values) for name, (read, values) in asked.items()}
    texts = {name: read.text(values) for name, (read, values) in asked.items()}
    found = {name: read(**values) for name, (read, values) in asked.items() if texts[name] is None}
    sent = [(name, text, asked[name][1]) for name, text in texts.items() if text is not None]
    if not sent:
        return found
    with connection.cursor() as cursor:
        parameters = [one for _name, text, values in sent for one in text.filled(values)]
        cursor.execute(";\n".join(text.sql for _name, text, _values in sent), parameters)
        for number, (name, text, _values) in enumerate(sent):
            if number:
                cursor.nextset()
            found[name] = text.converted(cursor.fetchall())
    return found


def told(value: Any) -> Any:
    """Return a value as the database's driver is told it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return str(value) if isinstance(value, str) else value


def _known_texts() -> dict[Any, Text]:
    current = connections[DEFAULT_DB_ALIAS]
    if _kept.connection is not current:
        _kept.connection, _kept.texts = current, {}
    return _kept.texts


def _written(rows: Callable[..., QuerySet[Any, Any]], values: Values, padded: dict[str, int]) -> Text:
    """Let Django write the SQL for values that occur nowhere else, and note where each of them went."""
    marks = _marks()
    marked: Values = {}
    places: dict[Any, _Place] = {}
    for name, value in values.items():
        several = [next(marks[_kind(_listed(value)[0])]) for _ in range(padded.get(name, 1))]
        marked[name] = several if name in padded else several[0]
        places |= {told(mark): _Place(name, index) for index, mark in enumerate(several)}
    query = rows(**marked)
    compiler = query.query.get_compiler(using=query.db)
    sql, parameters = compiler.as_sql()
    found = tuple(places.get(each, each) if _is_plain(each) else each for each in parameters)
    if missing := set(places.values()).difference(each for each in found if isinstance(each, _Place)):
        raise ValueError(f"the query does not compare with {missing}")
    select = [expression for expression, _sql, _alias in compiler.select[: compiler.col_count]]
    return Text(
        sql=sql,
        parameters=found,
        width=len(select),
        is_flat=query._iterable_class.__name__ == "FlatValuesListIterable",
        compiler=compiler,
        converters=compiler.get_converters(select),
    )


def _marks() -> dict[type, Iterator[Any]]:
    """Return, for each kind of value, ones that no query of ours holds by itself."""
    far, strange = datetime(1901, 1, 1, tzinfo=UTC), date(1801, 1, 1)
    return {
        int: iter(range(2_000_000_000, 2_000_001_000)),
        str: (f"\x1f{number}" for number in range(1000)),
        datetime: (far + timedelta(days=number) for number in range(1000)),
        date: (strange + timedelta(days=number) for number in range(1000)),
    }


def _kind(value: Any) -> type:
    for kind in (str, datetime, date, int):  # a moment is a day too, to Python
        if isinstance(value, kind) and not isinstance(value, bool):
            return kind
    raise TypeError(f"a read takes no {type(value).__name__}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _padded(length: int) -> int:
    return next(each for each in LENGTHS if each >= length)


def _is_plain(value: Any) -> bool:
    return isinstance(value, int | str | date)


def _filled(parameter: Any, told_of: dict[str, list[Any]]) -> Any:
    """Return a parameter's value; a list that is too short is filled up with its last one."""
    if not isinstance(parameter, _Place):
        return parameter
    values = told_of[parameter.name]
    return values[min(parameter.index, len(values) - 1)]
