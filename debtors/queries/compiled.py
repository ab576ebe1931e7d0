"""Reads asked for all day in the same words: Django writes their SQL once, and only values change."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators

from debtors.queries import prepared
from debtors.queries.among import LONGEST_WRITTEN_OUT, among
from debtors.queries.prepared import Statement

#: Lists of ids are filled up to one of these lengths, so that few texts serve all; longer ones are
#: rare, and the query is written anew, looking among them in one piece.
LENGTHS = (1, 2, 8, LONGEST_WRITTEN_OUT)
#: To which of them a list of each length is filled up; an empty one stays so.
PADDED = (0, *[min(each for each in LENGTHS if each >= length) for length in range(1, LENGTHS[-1] + 1)])

Values = dict[str, Any]
TYPES = {int: "bigint", str: "text", datetime: "timestamptz", date: "date"}  # of a value, to PostgreSQL
AS_THEY_ARE = frozenset({int, str, list})  # what the driver is told unchanged


class Read:
    """A read, made of a function from values to a query: of rows (`values_list`, flat or not) or of objects.

    Objects come with those they are selected with, but not with what a query of Django's prefetches.
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
        return self.text_known(values, _known_texts())

    def text_known(self, values: Values, known: "Texts") -> "Text | None":
        """Return the same, of texts that are known on this thread; a new one becomes known."""
        padded = [(name, _padded(len(value))) for name, value in values.items() if isinstance(value, list)]
        key = (self, *padded)
        if (text := known.get(key)) is None and all(length for _name, length in padded):
            text = known[key] = _written(self.rows, values, dict(padded))
        return text

    def written(self, values: Values) -> "Text":
        """Return the SQL for these values, whatever their length; of a list not empty."""
        lengths = {name: len(value) for name, value in values.items() if isinstance(value, list)}
        return self.text(values) or _written(self.rows, values, lengths)


@dataclass(frozen=True)
class Place:
    """Where in the values a parameter is found: one of a list, or, without an index, the whole list."""

    name: str
    type: str
    index: int | None = 0


@dataclass(frozen=True)
class Text:
    """The SQL of one read: its parameters as they are, or as places in the values."""

    called: str
    sql: str
    parameters: tuple[Any, ...]
    width: int
    shaped: Callable[[Sequence[Any]], Any]
    compiler: Any
    converters: Any

    def filled(self, values: Values) -> list[Any]:
        """Return the parameters with these values in them."""
        return [_at(each, values) if isinstance(each, Place) else each for each in self.parameters]

    def read(self, values: Values) -> list[Any]:
        """Ask the database."""
        return _answers([(self, values)])[0]

    def converted(self, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """Return the rows as Django would give them."""
        cut: Any = rows if not rows or len(rows[0]) == self.width else [row[: self.width] for row in rows]
        if self.converters:
            cut = self.compiler.apply_converters(cut, self.converters)
        return [self.shaped(row) for row in cut]

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The places in the values, each once."""
        return tuple(dict.fromkeys(each for each in self.parameters if isinstance(each, Place)))

    @cached_property
    def statement(self) -> Statement:
        """The same for PostgreSQL to keep: each place is a parameter of it, the rest stands in its words."""
        numbers = {place: f"${number}" for number, place in enumerate(self.places, start=1)}
        marks = [numbers[each] if isinstance(each, Place) else "%s" for each in self.parameters]
        rest = [each for each in self.parameters if not isinstance(each, Place)]
        operations: Any = connection.ops  # of PostgreSQL
        sql = operations.compose_sql(self.sql.replace("%%", "%%%%") % tuple(marks), rest)
        return prepared.statement(sql, types=[place.type for place in self.places], called=self.called)


Asking = tuple[Read, Values]  # a read, and the values it is asked with
Texts = dict[Any, Text]


class _Kept(threading.local):
    """The texts of a thread, for a connection is a thread's own too."""

    def __init__(self) -> None:
        self.texts: Texts = {}
        self.connection: Any = None


_kept = _Kept()


def together(**asked: Asking) -> dict[str, list[Any]]:
    """Return the rows of each read by its name: on PostgreSQL in one errand, else one after the other."""
    if connection.vendor != "postgresql":
        return {name: read(**values) for name, (read, values) in asked.items()}
    known = _known_texts()
    texts = {name: read.text_known(values, known) for name, (read, values) in asked.items()}
    found = {name: read(**values) for name, (read, values) in asked.items() if texts[name] is None}
    sent = {name: (text, asked[name][1]) for name, text in texts.items() if text is not None}
    return found | dict(zip(sent, _answers(list(sent.values())), strict=True)) if sent else found


def _answers(asked: Sequence[tuple[Text, Values]]) -> list[list[Any]]:
    """Return the rows of several, asked in one errand."""
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        if not (prepared.are_kept() and _are_asked_prepared(cursor, asked)):
            parameters = [one for text, values in asked for one in text.filled(values)]
            cursor.execute(";\n".join([text.sql for text, _values in asked]), parameters)
        found = []
        with database.wrap_database_errors:  # once, not at each row of each answer
            for number, (text, _values) in enumerate(asked):
                if number:
                    cursor.cursor.nextset()
                found.append(text.converted(cursor.cursor.fetchall()))
    return found


def _are_asked_prepared(cursor: Any, asked: Sequence[tuple[Text, Values]]) -> bool:
    return prepared.ask(
        cursor, [(text.statement, [_at(each, values) for each in text.places]) for text, values in asked]
    )


def remembered(name: str, write: Callable[[], Text]) -> Text:
    """Return the text of this name, written once for each thread."""
    known = _known_texts()
    if name not in known:
        known[name] = write()
    return known[name]


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
    places: dict[Any, Place] = {}
    for name, value in values.items():
        kind = _kind(_listed(value)[0])
        several = [next(marks[kind]) for _ in range(padded.get(name, 1))]
        marked[name] = several if name in padded else several[0]
        places |= {told(mark): Place(name, TYPES[kind], index) for index, mark in enumerate(several)}
    query = rows(**marked)
    compiler = query.query.get_compiler(using=query.db)
    sql, parameters = compiler.as_sql()
    found = tuple(places.get(each, each) if _is_plain(each) else each for each in parameters)
    if missing := set(places.values()).difference(each for each in found if isinstance(each, Place)):
        raise ValueError(f"the query does not compare with {missing}")
    select = [expression for expression, _sql, _alias in compiler.select[: compiler.col_count]]
    return Text(
        called=f"read_{rows.__name__}",
        sql=sql,
        parameters=found,
        width=len(select),
        shaped=_shape(query, compiler),
        compiler=compiler,
        converters=compiler.get_converters(select),
    )


def _shape(query: Any, compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """Return what makes of a row what the query gives: an object, the only value, or a tuple."""
    if query._iterable_class is ModelIterable:
        return _maker(query, compiler)
    return itemgetter(0) if query._iterable_class is FlatValuesListIterable else tuple


def _maker(query: Any, compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """Return what makes an object of a row, with those it is selected with, as Django makes it."""
    told, db, mode = compiler.klass_info, query.db, query._fetch_mode
    begin, end = told["select_fields"][0], told["select_fields"][-1] + 1
    names = [expression.target.attname for expression, _sql, _alias in compiler.select[begin:end]]
    related = get_related_populators(told, compiler.select, db, mode)
    annotated = (compiler.annotation_col_map or {}).items()

    def made(row: Sequence[Any]) -> Any:
        found = told["model"].from_db(db, names, row[begin:end], fetch_mode=mode)
        for each in related:
            each.populate(row, found)
        for name, column in annotated:
            setattr(found, name, row[column])
        return found

    return made


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
    """Return to which length a list is filled up; 0 for one that is too long, or empty."""
    return PADDED[length] if length < len(PADDED) else 0


def _is_plain(value: Any) -> bool:
    return isinstance(value, int | str | date)


def _at(place: Place, values: Values) -> Any:
    """Return what is found at a place in the values; a list that is too short is filled up with its last."""
    value = values[place.name]
    if isinstance(value, list) and place.index is not None:
        value = value[min(place.index, len(value) - 1)]
    return value if type(value) in AS_THEY_ARE else told(value)
