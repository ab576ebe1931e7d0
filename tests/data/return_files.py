"""Return files of banks (CNAB), written column by column from the facts in `tests/data/cnab.json`."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

FACTS = json.loads((Path(__file__).parent / "cnab.json").read_text())
DAY = date(2026, 11, 20)


def line(columns: int, **cells: tuple[tuple[int, int], str]) -> str:
    """Return a blank line of so many columns with texts put in; a text must fill its columns."""
    row = [" "] * columns
    for name, ((first, last), text) in cells.items():
        assert len(text) == last - first + 1, (name, text, first, last)
        row[first - 1 : last] = text
    return "".join(row)


def written(value: object, *, width: int, is_year_first: bool = False) -> str:
    """Return a value as banks write it: amounts filled with zeros, texts with blanks, days by their width."""
    if isinstance(value, date):
        if is_year_first and width == 8:
            return f"{value:%Y%m%d}"
        return f"{value:%d%m%y}" if width == 6 else f"{value:%d%m%Y}"
    if isinstance(value, int):
        return f"{value:0{width}d}"
    return str(value).ljust(width)


def detail_400(bank: str, **values: object) -> str:
    """Return a detail of 400 columns; the number of the record is put in by `file_400`."""
    facts = FACTS["columns_400"][bank]
    return line(
        400,
        kind=((1, 1), facts.get("kind", "1")),
        **_cells(facts["columns"], values, is_year_first=bank == "748"),
    )


def file_400(
    bank: str, details: Sequence[str], *, trailer: Mapping[tuple[int, int], str] | None = None
) -> bytes:
    """Return a whole file: header, details, trailer, each with its number."""
    created = f"{DAY:%Y%m%d}" if bank == "748" else f"{DAY:%d%m%y}01"
    header = line(
        400,
        kind=((1, 26), "02RETORNO01COBRANCA".ljust(26)),
        account=((27, 46), "000000001234 0056789"),
        bank=((77, 79), bank),
        created_on=((95, 102), created),
        sequence=((103, 117), "600000000420007"),
    )
    told = {str(span): (span, text) for span, text in (trailer or {}).items()}
    rows = [header, *details, line(400, kind=((1, 7), f"9201{bank}"), **told)]
    numbered = (f"{row[:394]}{number:06d}" for number, row in enumerate(rows, start=1))
    return "".join(row + "\r\n" for row in numbered).encode("latin-1")


def pair_240(bank: str, **values: object) -> list[str]:
    """Return the segments T and U of one slip; bank, lot and numbers are put in by `file_240`."""
    slip = FACTS["columns_240"].get(bank) or FACTS["columns_240"]["FEBRABAN"]
    money = FACTS["columns_240_u"]
    code = str(values.pop("occurrence"))
    unknown = values.keys() - slip.keys() - money.keys()
    assert not unknown, unknown
    return [
        line(
            240,
            segment=((14, 17), f"{segment} {code}"),
            **_cells(columns, {name: value for name, value in values.items() if name in columns}),
        )
        for segment, columns in (("T", slip), ("U", money))
    ]


def file_240(bank: str, details: Sequence[str], *, lot_count: int | None = None) -> bytes:
    """Return a whole file with one lot of collection."""
    header = line(
        240,
        kind=((1, 8), f"{bank}00000"),
        account=((33, 72), "0001234567".ljust(20) + "01234500000005678901"),
        told=((143, 163), f"2{DAY:%d%m%Y}101500000042"),
    )
    numbered = [f"{bank}00013{number:05d}{detail[13:]}" for number, detail in enumerate(details, start=1)]
    count = len(details) + 2 if lot_count is None else lot_count
    rows = [
        header,
        line(240, kind=((1, 11), f"{bank}00011T01")),
        *numbered,
        line(240, kind=((1, 8), f"{bank}00015"), count=((18, 23), f"{count:06d}")),
        line(240, kind=((1, 8), f"{bank}99999"), counts=((18, 29), f"000001{len(details) + 4:06d}")),
    ]
    return "".join(row + "\r\n" for row in rows).encode("latin-1")


def _cells(
    columns: Mapping[str, list[int]], values: Mapping[str, object], *, is_year_first: bool = False
) -> dict[str, tuple[tuple[int, int], str]]:
    """Put every value into its columns; a field that the bank does not have is a mistake of the test."""
    cells = {}
    for name, value in values.items():
        first, last = columns[name]
        text = written(value, width=last - first + 1, is_year_first=is_year_first)
        cells[name] = ((first, last), text)
    return cells
