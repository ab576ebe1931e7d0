"""What a file would change: its rows read, compared with what is recorded, and put together."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from collections_crm.lib import dates, money
from debtors.models import Creditor, Debt, Debtor, Installment, Payment
from debtors.rules import import_columns, import_gather, import_rows
from debtors.rules.import_columns import Field, Layout, RowError
from debtors.rules.import_gather import Gathered
from debtors.rules.import_rows import ImportRow, PaymentFacts
from debtors.services import reading_files
from debtors.services.reading_files import UnreadableFileError
from debtors.vocabulary import Medium, PaymentSource

CHUNK = 500  # keys in one query; SQLite takes a limited number of parameters


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The rows of a file that are right in themselves, and everything wrong with the others."""

    layout: Layout | None
    rows: list[ImportRow]
    errors: list[RowError]
    row_count: int


@dataclass(slots=True)
class Records:
    """What is recorded already of the people, contracts and payments that a file names."""

    debtors: dict[str, Debtor] = field(default_factory=dict)
    debts: dict[str, Debt] = field(default_factory=dict)
    installments: dict[tuple[str, int], Installment] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the good rows of a file add to the records, and what is wrong with the other rows."""

    gathered: Gathered
    records: Records
    errors: list[RowError]
    counts: dict[str, int]
    ignored_titles: tuple[str, ...]


def read(content: bytes, *, on: date) -> ReadFile:
    """Read a whole file without looking at the database; `on` is today.

    Raises UnreadableFileError when it is no table, has no rows, or passes a limit.
    """
    lines = reading_files.read_lines(content)
    number, titles = next(lines, (0, []))
    layout = import_columns.find_layout(titles, line=number)
    if not isinstance(layout, Layout):
        return ReadFile(None, [], list(layout), row_count=0)
    rows: list[ImportRow] = []
    errors: list[RowError] = []
    count = 0
    for line, values in lines:
        count += 1
        found = import_rows.parse_row(values, layout=layout, line=line, on=on)
        if isinstance(found, ImportRow):
            rows.append(found)
        else:
            errors.extend(found)
    if not count:
        raise UnreadableFileError("file_without_rows")
    return ReadFile(layout, rows, errors, row_count=count)


def make_plan(file: ReadFile, *, creditor: Creditor) -> Plan:
    """Return what the file would change for this creditor; reads the database, writes nothing."""
    records = _records(file.rows, creditor=creditor)
    against_records = [_contradictions(row, records=records, creditor=creditor) for row in file.rows]
    agreeing = [row for row, wrong in zip(file.rows, against_records, strict=True) if not wrong]
    gathered, against_rows = import_gather.gather(agreeing)
    errors = [*file.errors, *(error for wrong in against_records for error in wrong), *against_rows]
    errors.sort(key=lambda error: error.line)
    return Plan(
        gathered=gathered,
        records=records,
        errors=errors,
        counts=_counts(file, gathered=gathered, records=records, errors=errors, creditor=creditor),
        ignored_titles=file.layout.ignored if file.layout else (),
    )


def payment_key(payment: PaymentFacts, *, contract: str, installment: int, creditor: Creditor) -> str:
    """Return the number under which a payment from a file is known once and for all.

    It is the file's own number, or else made of everything that tells the payment from others.
    """
    if payment.external_id:
        return f"{creditor.tax_id}:{payment.external_id}"
    told = f"{contract}|{installment}|{payment.paid_on.isoformat()}|{payment.amount_cents}"
    return f"{creditor.tax_id}:row-{hashlib.sha256(told.encode()).hexdigest()[:40]}"


def chunks[T](values: Iterable[T]) -> Iterator[list[T]]:
    """Yield the values in lists short enough for one query."""
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _records(rows: Sequence[ImportRow], *, creditor: Creditor) -> Records:
    """Fetch what is recorded under the tax ids, contracts and payment numbers of the rows."""
    records = Records()
    for tax_ids in chunks(dict.fromkeys(row.debtor.tax_id for row in rows)):
        records.debtors |= {each.tax_id: each for each in Debtor.objects.filter(tax_id__in=tax_ids)}
    for contracts in chunks(dict.fromkeys(row.debt.contract for row in rows)):
        known = Debt.objects.filter(creditor=creditor, contract__in=contracts).select_related("debtor")
        records.debts |= {each.contract: each for each in known}
    contract_of = {debt.pk: contract for contract, debt in records.debts.items()}
    for debts in chunks(contract_of):
        for each in Installment.objects.filter(debt__in=debts):
            records.installments[contract_of[each.debt_id], each.number] = each
    keys = dict.fromkeys(_key(row, row.payment, creditor=creditor) for row in rows if row.payment)
    for some in chunks(keys):
        told = Payment.objects.filter(source=PaymentSource.FILE, external_id__in=some).select_related(
            "debtor"
        )
        records.payments |= {each.external_id: each for each in told}
    return records


def _contradictions(row: ImportRow, *, records: Records, creditor: Creditor) -> list[RowError]:
    """Return what a row says against the records: a file adds, it never changes what is recorded."""
    errors = []
    debtor = records.debtors.get(row.debtor.tax_id)
    if debtor and import_gather.are_different_people(row.debtor.name, debtor.name):
        errors.append(_error(row, Field.NAME, row.debtor.name, "name_differs_from_record", known=debtor.name))
    debt = records.debts.get(row.debt.contract)
    if debt and debt.debtor.tax_id != row.debtor.tax_id:
        errors.append(_error(row, Field.CONTRACT, row.debt.contract, "contract_of_another_debtor"))
    part = records.installments.get((row.debt.contract, row.installment.number))
    told = row.installment
    if part and (part.due_on, part.amount_cents) != (told.due_on, told.amount_cents):
        params = {"amount": money.format_brl(part.amount_cents), "due_on": dates.format_br(part.due_on)}
        errors.append(_error(row, Field.INSTALLMENT, str(told.number), "installment_differs", **params))
    if row.payment and (payment := records.payments.get(_key(row, row.payment, creditor=creditor))):
        ours = (row.debtor.tax_id, row.payment.amount_cents, row.payment.paid_on)
        if ours != (payment.debtor.tax_id, payment.amount_cents, payment.paid_on):
            shown = row.payment.external_id
            errors.append(_error(row, Field.PAYMENT_ID, shown, "payment_differs"))
    return errors


def _key(row: ImportRow, payment: PaymentFacts, *, creditor: Creditor) -> str:
    contract, installment = row.debt.contract, row.installment.number
    return payment_key(payment, contract=contract, installment=installment, creditor=creditor)


def _error(row: ImportRow, column: Field, value: str, code: str, **params: str) -> RowError:
    return RowError(row.line, column.value, value, code, params)


def _counts(
    file: ReadFile, *, gathered: Gathered, records: Records, errors: list[RowError], creditor: Creditor
) -> dict[str, int]:
    """Count what is new and what is known; amounts in centavos, of what is new only."""
    wrong = len({error.line for error in errors}) if file.layout else 0
    parts = {
        (contract, number): part
        for contract, debt in gathered.debts.items()
        for number, (part, _line) in debt.installments.items()
    }
    payments = {
        payment_key(
            each.facts, contract=contract, installment=each.installment, creditor=creditor
        ): each.facts
        for contract, debt in gathered.debts.items()
        for each in debt.payments
    }
    points = [point for debtor in gathered.debtors.values() for point in debtor.points.values()]
    return {
        "rows": file.row_count,
        "good_rows": file.row_count - wrong,
        "wrong_rows": wrong,
        "repeated_rows": gathered.repeated,
        "errors": len(errors),
        "debtors_new": len(gathered.debtors.keys() - records.debtors.keys()),
        "debtors_known": len(gathered.debtors.keys() & records.debtors.keys()),
        "debts_new": len(gathered.debts.keys() - records.debts.keys()),
        "debts_known": len(gathered.debts.keys() & records.debts.keys()),
        "installments_new": len(parts.keys() - records.installments.keys()),
        "installments_known": len(parts.keys() & records.installments.keys()),
        "payments_new": len(payments.keys() - records.payments.keys()),
        "payments_known": len(payments.keys() & records.payments.keys()),
        "points": len(points),
        "repaired_phones": sum(point.medium == Medium.PHONE and point.is_repaired for point in points),
        "amount_cents": sum(
            part.amount_cents for key, part in parts.items() if key not in records.installments
        ),
        "paid_cents": sum(each.amount_cents for key, each in payments.items() if key not in records.payments),
    }
