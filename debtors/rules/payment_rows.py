"""One row of a file of payments: a typed row or a list of errors, never half of each."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256

from collections_crm.lib import csvsafe, names
from debtors.rules import import_cells as cells
from debtors.rules.import_cells import CellError
from debtors.rules.import_columns import RowError
from debtors.vocabulary import PaymentMethod

SHOWN_OF_A_VALUE = 80  # characters of a wrong cell that the report repeats
LONGEST_ID = 60


class PaymentField(StrEnum):
    """What a column means; the value is the title we write ourselves, in Portuguese."""

    EXTERNAL_ID = "id_pagamento"
    TAX_ID = "cpf_cnpj"
    CONTRACT = "contrato"
    AMOUNT = "valor"
    PAID_ON = "data"
    METHOD = "forma"


REQUIRED = (PaymentField.AMOUNT, PaymentField.PAID_ON)
_OTHER_TITLES: Mapping[PaymentField, str] = {
    PaymentField.EXTERNAL_ID: "payment_id external_id id id_do_pagamento nsu txid numero_do_pagamento",
    PaymentField.TAX_ID: "tax_id cpf cnpj cpf_ou_cnpj cpf_cnpj_pagador documento",
    PaymentField.CONTRACT: "contract numero_contrato numero_do_contrato",
    PaymentField.AMOUNT: "amount valor_pago paid_amount",
    PaymentField.PAID_ON: "date paid_on data_pagamento data_do_pagamento pago_em payment_date",
    PaymentField.METHOD: "method forma_pagamento forma_de_pagamento meio payment_method",
}
_BY_TITLE = {
    title: found for found, others in _OTHER_TITLES.items() for title in [found.value, *others.split()]
}
_WORDS = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment as a file tells it. Of `tax_id` and `contract` one may be blank, not both.

    `external_id` is blank in a statement that gives its payments no numbers (see `numbered`).
    """

    line: int
    external_id: str
    tax_id: str
    contract: str
    amount_cents: int
    paid_on: date
    method: PaymentMethod


@dataclass(frozen=True, slots=True)
class PaymentColumns:
    """Which cell of a row holds what."""

    places: Mapping[PaymentField, int]
    ignored: tuple[str, ...] = ()


def find_columns(titles: Sequence[str], *, line: int) -> PaymentColumns | tuple[RowError, ...]:
    """Return which columns mean what, or what is wrong with the line of titles, never both."""
    places: dict[PaymentField, int] = {}
    errors, ignored = [], []
    for position, title in enumerate(titles):
        found = _BY_TITLE.get("_".join(_WORDS.findall(names.fold(title))))
        if found is None:
            ignored.append(title)
        elif found in places:
            errors.append(RowError(line, title, title, "column_twice", {"other": titles[places[found]]}))
        else:
            places[found] = position
    missing = [field.value for field in REQUIRED if field not in places]
    if not {PaymentField.TAX_ID, PaymentField.CONTRACT} & places.keys():
        missing.append(PaymentField.TAX_ID.value)
    errors += [RowError(line, name, "", "column_missing", {"column": name}) for name in missing]
    if errors:
        return tuple(errors)
    return PaymentColumns(places, tuple(title for title in ignored if title.strip()))


def parse_row(
    values: Sequence[str], *, columns: PaymentColumns, line: int, on: date
) -> PaymentRow | list[RowError]:
    """Return the payment in a row, or everything wrong with it; `on` is today."""
    reader = _Reader(values, columns, line)
    is_numbered = PaymentField.EXTERNAL_ID in columns.places
    external_id = reader.read(PaymentField.EXTERNAL_ID, _read_id) if is_numbered else ""
    tax_id = reader.read_or_blank(PaymentField.TAX_ID, lambda text: cells.read_tax_id(text).number)
    contract = reader.read_or_blank(PaymentField.CONTRACT, str)
    amount = reader.read(PaymentField.AMOUNT, cells.read_amount)
    paid_on = reader.read(PaymentField.PAID_ON, lambda text: cells.read_past_date(text, on=on))
    method = reader.read_or_blank(
        PaymentField.METHOD, lambda text: cells.read_word(text, words=cells.METHOD_WORDS)
    )
    if not (tax_id or contract or reader.errors):
        reader.refuse(PaymentField.TAX_ID, CellError("payer_not_named"))
    if reader.errors or external_id is None or amount is None or paid_on is None:
        return reader.errors
    return PaymentRow(
        line=line,
        external_id=external_id,
        tax_id=tax_id or "",
        contract=contract or "",
        amount_cents=amount,
        paid_on=paid_on,
        method=method or PaymentMethod.OTHER,
    )


def numbered(rows: Iterable[PaymentRow]) -> list[PaymentRow]:
    """Give each row without a number one made of what it tells and how many before it tell the same.

    So of n alike rows of one day, m of which were recorded from an earlier statement, n less m are new:
    the same statement again, or one that overlaps, adds nothing, and two equal payments are two.
    """
    seen: Counter[str] = Counter()
    found = []
    for row in rows:
        number = row.external_id
        if not number:
            told = f"{row.paid_on}|{row.tax_id}|{row.contract}|{row.amount_cents}|{row.method}"
            seen[told] += 1
            number = f"{row.paid_on:%Y%m%d}-{sha256(told.encode()).hexdigest()[:32]}-{seen[told]}"
        found.append(replace(row, external_id=number))
    return found


class _Reader:
    """The cells of one row, and what was wrong with those read so far."""

    def __init__(self, values: Sequence[str], columns: PaymentColumns, line: int) -> None:
        self.values, self.columns, self.line = values, columns, line
        self.errors: list[RowError] = []

    def read[Value](self, field: PaymentField, read: Callable[[str], Value]) -> Value | None:
        """Return a cell that must be there; None after an error."""
        if not self._text(field):
            self.refuse(field, CellError("blank"))
            return None
        return self.read_or_blank(field, read)

    def read_or_blank[Value](self, field: PaymentField, read: Callable[[str], Value]) -> Value | None:
        """Return a cell that may be blank; None when it is, and after an error."""
        text = self._text(field)
        if not text:
            return None
        try:
            return read(text)
        except CellError as error:
            self.refuse(field, error)
            return None

    def refuse(self, field: PaymentField, error: CellError) -> None:
        """Keep what is wrong with a cell."""
        shown = self._text(field)[:SHOWN_OF_A_VALUE]
        self.errors.append(RowError(self.line, field.value, shown, error.code, error.params))

    def _text(self, field: PaymentField) -> str:
        place = self.columns.places.get(field)
        if place is None or place >= len(self.values):
            return ""
        return names.tidy(csvsafe.plain_cell(self.values[place]))


def _read_id(text: str) -> str:
    if len(text) > LONGEST_ID:
        raise CellError("too_long", most=str(LONGEST_ID))
    return text
