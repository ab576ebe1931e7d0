"""The files that go to a bureau, a notary, a lawyer or an agency: a layout of our own.

Bureaus and notaries hand their layouts to their customers only, so this one is ours: CSV, UTF-8, `;`,
one row a debt, the columns below. Amounts are reais with a comma, days are DD/MM/AAAA. Whoever takes
such files maps the columns once.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from io import StringIO

from collections_crm.lib import csvsafe, dates, money

INCLUDE, REMOVE = "inclusao", "exclusao"


@dataclass(frozen=True, slots=True)
class Row:
    """One debt in a file. `owed_cents` is what is late on the day, `due_on` the oldest open due date."""

    credor_cnpj: str
    credor_nome: str
    credor_endereco: str
    devedor_documento: str
    devedor_nome: str
    devedor_endereco: str
    devedor_cidade: str
    devedor_uf: str
    devedor_cep: str
    contrato: str
    natureza: str
    due_on: date
    owed_cents: int
    prova_da_divida: str
    prova_do_aviso: str
    motivo: str


COLUMNS = (
    "operacao", "etapa", "data",
    *(
        {"due_on": "vencimento", "owed_cents": "valor"}.get(each.name, each.name)
        for each in fields(Row)
    ),
)  # fmt: skip


def write(rows: Iterable[Row], *, step: str, is_removal: bool, on: date) -> str:
    """Return the file of a day; no cell is one that a spreadsheet would run."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    head = [REMOVE if is_removal else INCLUDE, step, dates.format_br(on)]
    for row in rows:
        cells = [_cell(getattr(row, each.name)) for each in fields(Row)]
        writer.writerow([*head, *cells])
    return out.getvalue()


def _cell(value: str | int | date) -> str:
    if isinstance(value, date):
        return dates.format_br(value)
    return money.format_plain(value) if isinstance(value, int) else csvsafe.safe_cell(value)
