"""One row of a file of debts: a typed row or a list of errors, never half of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from collections_crm.lib import csvsafe, names
from collections_crm.lib.phones import PhoneKind
from collections_crm.lib.tax_ids import TaxId, TaxIdKind
from debtors.rules import import_cells as cells
from debtors.rules.import_cells import CellError
from debtors.rules.import_columns import Field, Layout, RowError
from debtors.vocabulary import FactValue, Instrument, Medium, PartyKind, PaymentMethod, PointKind

SHOWN_OF_A_VALUE = 80  # characters of a wrong cell that the report repeats
#: Longest text of each free field, as the database keeps it.
LONGEST = {
    Field.NAME: 200,
    Field.PREFERRED_NAME: 100,
    Field.STREET: 254,
    Field.CITY: 80,
    Field.CONTRACT: 60,
    Field.PRODUCT: 120,
    Field.ORIGINAL_CREDITOR: 200,
    Field.PAYMENT_ID: 60,
}


@dataclass(frozen=True, slots=True)
class DebtorFacts:
    """Who owes; what the file left out is blank or None."""

    tax_id: str
    kind: PartyKind
    name: str
    preferred_name: str
    birth_date: date | None
    customer_since: date | None
    key_customer: FactValue | None = None
    credit_risk: FactValue | None = None


@dataclass(frozen=True, slots=True)
class PointFacts:
    """One way to reach the debtor, and whose it is. `value` is E.164, an e-mail address or a street."""

    medium: Medium
    kind: PointKind
    value: str
    is_mobile: bool = False
    is_repaired: bool = False
    city: str = ""
    state: str = ""
    postal_code: str = ""


@dataclass(frozen=True, slots=True)
class DebtFacts:
    """Under which contract, and what was bought from whom."""

    contract: str
    product: str
    original_creditor: str
    instrument: Instrument
    late_fee_rate: Decimal | None = None
    monthly_interest_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class InstallmentFacts:
    """One agreed part of the debt, as it was before any payment; centavos."""

    number: int
    due_on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """Money that came in before the file was made. `external_id` is blank when the file gives none."""

    amount_cents: int
    paid_on: date
    method: PaymentMethod
    external_id: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One installment of one debt of one debtor, and the payment that the row tells of."""

    line: int
    debtor: DebtorFacts
    points: tuple[PointFacts, ...]
    debt: DebtFacts
    installment: InstallmentFacts
    payment: PaymentFacts | None


def parse_row(
    values: Sequence[str], *, layout: Layout, line: int, on: date
) -> ImportRow | tuple[RowError, ...]:
    """Return the typed row, or everything that is wrong with it.

    `line` is the row's line in the file; `on` is today, which births and payments cannot follow.
    """
    row = _Reader(values, layout=layout, line=line)
    row.refuse_surplus()
    debtor = _debtor(row, on=on)
    points = _points(row, is_company=debtor is not None and debtor.kind == PartyKind.COMPANY)
    debt = _debt(row, is_company=debtor is not None and debtor.kind == PartyKind.COMPANY)
    installment = _installment(row)
    payment = _payment(row, on=on)
    if row.errors or debtor is None or debt is None or installment is None:
        return tuple(row.errors)
    return ImportRow(line, debtor, points, debt, installment, payment)


class _Reader:
    """The cells of one row, and what was wrong with those read so far."""

    def __init__(self, values: Sequence[str], *, layout: Layout, line: int) -> None:
        self.values = values
        self.layout = layout
        self.line = line
        self.errors: list[RowError] = []

    def text(self, field: Field, number: int = 1) -> str:
        """Return the cell without invisible characters and spare spaces; blank when there is none."""
        place = self.layout.places.get((field, number))
        raw = self.values[place] if place is not None and place < len(self.values) else ""
        return names.tidy(csvsafe.plain_cell(raw)) if raw else ""  # most cells of a wide table are blank

    def read[T](self, field: Field, reader: Callable[[str], T], *, number: int = 1) -> T | None:
        """Return the cell as `reader` reads it; None when blank or, with an error noted, wrong."""
        text = self.text(field, number)
        if not text:
            return None
        try:
            return reader(text)
        except CellError as error:
            self.refuse(field, error.code, number=number, **error.params)
            return None

    def required[T](self, field: Field, reader: Callable[[str], T]) -> T | None:
        """Return the cell as `reader` reads it; blank is an error too."""
        if not self.text(field):
            self.refuse(field, "blank")
        return self.read(field, reader)

    def bounded(self, field: Field, *, number: int = 1) -> str:
        """Return a free text that fits where it is kept."""
        text = self.text(field, number)
        if len(text) > LONGEST[field]:
            self.refuse(field, "too_long", number=number, most=str(LONGEST[field]))
        return text

    def refuse(self, field: Field, code: str, *, number: int = 1, **params: str) -> None:
        """Note what is wrong with a cell."""
        place = self.layout.places.get((field, number))
        title = field.value if place is None else self.layout.titles[place]
        shown = self.text(field, number)[:SHOWN_OF_A_VALUE]
        self.errors.append(RowError(self.line, title, shown, code, params))

    def refuse_surplus(self) -> None:
        """Note cells beyond the last title: a separator inside a text has moved all that follows."""
        surplus = [value for value in self.values[len(self.layout.titles) :] if value.strip()]
        if surplus:
            shown = names.tidy(surplus[0])[:SHOWN_OF_A_VALUE]
            self.errors.append(RowError(self.line, "", shown, "more_cells_than_titles"))


def _debtor(row: _Reader, *, on: date) -> DebtorFacts | None:
    tax_id = row.required(Field.TAX_ID, cells.read_tax_id)
    name = row.required(Field.NAME, cells.read_name)
    row.bounded(Field.NAME)
    preferred_name = row.bounded(Field.PREFERRED_NAME)
    said = row.read(Field.PARTY_KIND, partial(cells.read_word, words=cells.PARTY_WORDS))
    birth_date = row.read(Field.BIRTH_DATE, partial(cells.read_past_date, on=on))
    customer_since = row.read(Field.CUSTOMER_SINCE, partial(cells.read_past_date, on=on))
    key_customer = row.read(Field.KEY_CUSTOMER, partial(cells.read_word, words=cells.KEY_CUSTOMER_WORDS))
    credit_risk = row.read(Field.CREDIT_RISK, partial(cells.read_word, words=cells.RISK_WORDS))
    if tax_id is None or name is None:
        return None
    kind = _party_kind(tax_id)
    if said not in (None, kind):
        row.refuse(Field.PARTY_KIND, "kind_against_tax_id")
    if kind == PartyKind.COMPANY:
        birth_date = None  # exports put the founding day there; nobody congratulates a company
    dates = (birth_date, customer_since)
    return DebtorFacts(tax_id.number, kind, name, preferred_name, *dates, key_customer, credit_risk)


def _party_kind(tax_id: TaxId) -> PartyKind:
    return PartyKind.PERSON if tax_id.kind is TaxIdKind.CPF else PartyKind.COMPANY


def _points(row: _Reader, *, is_company: bool) -> tuple[PointFacts, ...]:
    """Return the phones, e-mails and addresses in the order of the columns, each once."""
    found = [_phone(row, number) for number in row.layout.numbers_of(Field.PHONE, Field.PHONE_KIND)]
    found += [_email(row, number) for number in row.layout.numbers_of(Field.EMAIL, Field.EMAIL_KIND)]
    address_fields = (Field.STREET, Field.CITY, Field.STATE, Field.POSTAL_CODE)
    found += [_address(row, number) for number in row.layout.numbers_of(*address_fields)]
    points: dict[tuple[Medium, str], PointFacts] = {}
    for point in found:
        if point is not None:
            points.setdefault((point.medium, point.value), _of_company(point) if is_company else point)
    return tuple(points.values())


def _of_company(point: PointFacts) -> PointFacts:
    """A company's business number is its own: only a person has a workplace to be protected."""
    if point.kind != PointKind.WORKPLACE:
        return point
    return PointFacts(
        point.medium,
        PointKind.OWN,
        point.value,
        point.is_mobile,
        point.is_repaired,
        point.city,
        point.state,
        point.postal_code,
    )


def _kind(row: _Reader, field: Field, number: int) -> PointKind:
    """Return whose the point is; one that the file says nothing of is the debtor's own."""
    read = partial(cells.read_word, words=cells.POINT_WORDS)
    return row.read(field, read, number=number) or PointKind.OWN


def _phone(row: _Reader, number: int) -> PointFacts | None:
    phone = row.read(Field.PHONE, cells.read_phone, number=number)
    kind = _kind(row, Field.PHONE_KIND, number)
    if phone is None:
        return None
    is_mobile = phone.kind is PhoneKind.MOBILE
    return PointFacts(Medium.PHONE, kind, phone.e164, is_mobile=is_mobile, is_repaired=phone.is_repaired)


def _email(row: _Reader, number: int) -> PointFacts | None:
    address = row.read(Field.EMAIL, cells.read_email, number=number)
    kind = _kind(row, Field.EMAIL_KIND, number)
    return PointFacts(Medium.EMAIL, kind, address) if address else None


def _address(row: _Reader, number: int) -> PointFacts | None:
    """Return an address as far as it is known; without a street it is named by its place."""
    street = row.bounded(Field.STREET, number=number)
    city = row.bounded(Field.CITY, number=number)
    state = row.read(Field.STATE, cells.read_state, number=number) or ""
    code = row.read(Field.POSTAL_CODE, cells.read_postal_code, number=number) or ""
    kind = _kind(row, Field.ADDRESS_KIND, number)
    value = street or "/".join(part for part in (city, state) if part) or code
    if not value:
        return None
    return PointFacts(Medium.ADDRESS, kind, value, city=city, state=state, postal_code=code)


def _debt(row: _Reader, *, is_company: bool) -> DebtFacts | None:
    contract = row.required(Field.CONTRACT, str)
    row.bounded(Field.CONTRACT)
    product = row.bounded(Field.PRODUCT)
    original_creditor = row.bounded(Field.ORIGINAL_CREDITOR)
    instrument = row.read(Field.INSTRUMENT, partial(cells.read_word, words=cells.INSTRUMENT_WORDS))
    late_fee = row.read(Field.LATE_FEE, partial(cells.read_late_fee, is_company=is_company))
    interest = row.read(Field.MONTHLY_INTEREST, cells.read_monthly_interest)
    if contract is None:
        return None
    kind = instrument or Instrument.OTHER
    return DebtFacts(contract, product, original_creditor, kind, late_fee, interest)


def _installment(row: _Reader) -> InstallmentFacts | None:
    number = row.read(Field.INSTALLMENT, cells.read_installment)
    due_on = row.required(Field.DUE_ON, cells.read_date)
    amount_cents = row.required(Field.AMOUNT, cells.read_amount)
    if due_on is None or amount_cents is None:
        return None
    return InstallmentFacts(number or 1, due_on, amount_cents)


def _payment(row: _Reader, *, on: date) -> PaymentFacts | None:
    """Return the payment; its amount and its day come together or not at all."""
    amount_cents = row.read(Field.PAID_AMOUNT, cells.read_amount)
    paid_on = row.read(Field.PAID_ON, partial(cells.read_past_date, on=on))
    method = row.read(Field.PAYMENT_METHOD, partial(cells.read_word, words=cells.METHOD_WORDS))
    external_id = row.bounded(Field.PAYMENT_ID)
    says_amount, says_day = bool(row.text(Field.PAID_AMOUNT)), bool(row.text(Field.PAID_ON))
    if says_amount != says_day:
        row.refuse(Field.PAID_ON if says_amount else Field.PAID_AMOUNT, "payment_incomplete")
    if external_id and not says_amount and not says_day:
        row.refuse(Field.PAYMENT_ID, "payment_incomplete")
    if amount_cents is None or paid_on is None:
        return None
    return PaymentFacts(amount_cents, paid_on, method or PaymentMethod.OTHER, external_id)
