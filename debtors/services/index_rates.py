"""The only writer of the rates of indices: a file of months and percentages, all of it or nothing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from collections_crm.lib import names
from debtors.models import Creditor, IndexRate, User
from debtors.rules import indexation
from debtors.rules.import_columns import RowError
from debtors.rules.indexation import Month
from debtors.services import reading_files, terms
from debtors.vocabulary import PriceIndex, RateSource

MONTH_TITLES = frozenset({"mes", "month", "data", "competencia", "periodo"})
RATE_TITLES = frozenset({"taxa", "valor", "rate", "percentual", "variacao"})
_FIRST_DAY = re.compile(r"01/([0-9]{2}/[0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4}-[0-9]{2})-01")
#: From what a rate follows, the legal rate from two others.
_FED_BY = {PriceIndex.SELIC: PriceIndex.LEGAL, PriceIndex.IPCA15: PriceIndex.LEGAL}


class RatesAreWrongError(Exception):
    """The file cannot be taken in; `errors` say why, row by row. Nothing was written."""

    def __init__(self, errors: Iterable[RowError]) -> None:
        self.errors = tuple(errors)
        super().__init__(f"{len(self.errors)} rows are wrong")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file brought: months that were not known, and months that it repeats."""

    new: tuple[Month, ...]
    known_count: int


def take_in(content: bytes, *, index: PriceIndex, by: User | None, now: datetime) -> Taken:
    """Keep the months of a file that are not known yet; payments made meanwhile are settled anew.

    The columns are month (`mes` or `data`: 01/2026, 01/01/2026 or 2026-01) and rate in per cent
    (`taxa` or `valor`), as the Banco Central's series are exported. A month known with another
    rate is an error: a file changes nothing that amounts were counted by.

    Raises RatesAreWrongError, and UnreadableFileError when it is no table.
    """
    lines, rows = _rows(content)
    rates, wrong = indexation.read_rates(rows)
    errors = [_error(lines[each.row - 1], each.code, each.found) for each in wrong]
    with transaction.atomic():
        known = {
            (month.year, month.month): rate
            for month, rate in IndexRate.objects.filter(index=index).values_list("month", "rate")
        }
        line_of = {_month_of(row[0]): line for line, row in zip(lines[::-1], rows[::-1], strict=True)}
        errors += [
            _error(line_of.get(month, 0), "rate_differs", f"{month[1]:02d}/{month[0]}")
            for month, rate in rates.items()
            if month in known and known[month] != rate
        ]
        if errors or not rates:
            raise RatesAreWrongError(sorted(errors, key=lambda error: error.line))
        new = sorted(rates.keys() - known.keys())
        IndexRate.objects.bulk_create(
            IndexRate(index=index, month=date(*month, 1), rate=rates[month], imported_at=now, imported_by=by)
            for month in new
        )
        if new:
            terms.have_changed(_users_of(index))
    return Taken(tuple(new), known_count=len(rates) - len(new))


def _rows(content: bytes) -> tuple[list[int], list[tuple[str, str]]]:
    """Return the numbers of the lines, and month and rate of each."""
    lines = reading_files.read_lines(content)
    number, titles = next(lines)
    folded = [names.fold(title).strip() for title in titles]
    month_at = next((at for at, title in enumerate(folded) if title in MONTH_TITLES), None)
    rate_at = next((at for at, title in enumerate(folded) if title in RATE_TITLES), None)
    if month_at is None or rate_at is None:
        missing = "mes" if month_at is None else "taxa"
        raise RatesAreWrongError([RowError(number, missing, "", "column_missing", {"column": missing})])
    found = list(_cells(lines, month_at=month_at, rate_at=rate_at))
    return [line for line, _ in found], [row for _, row in found]


def _cells(
    lines: Iterator[tuple[int, list[str]]], *, month_at: int, rate_at: int
) -> Iterator[tuple[int, tuple[str, str]]]:
    for line, values in lines:
        cells = [*values, "", ""]
        month = _FIRST_DAY.sub(r"\1", _ISO_DAY.sub(r"\1", cells[month_at].strip()))
        yield line, (month, cells[rate_at].strip().removesuffix("%").strip())


def _month_of(text: str) -> Month | None:
    found, _ = indexation.read_rates([(text, "0")])
    return next(iter(found), None)


def _error(line: int, code: str, found: str) -> RowError:
    column = "taxa" if code in ("not_a_rate", "wild_rate") else "mes"
    return RowError(line, column, found, f"index_{code}")


def _users_of(index: PriceIndex) -> list[Creditor]:
    """Return the creditors whose amounts follow from the index."""
    wanted = _FED_BY.get(index, index)
    if wanted == PriceIndex.LEGAL:
        return list(Creditor.objects.filter(interest_kind=RateSource.LEGAL))
    return list(Creditor.objects.filter(correction_index=wanted))
