"""Take in files of payments in two steps: check and report, then all rows, the good ones, or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from debtors.models import Creditor, Debt, Debtor, Payment, User
from debtors.rules import payment_rows
from debtors.rules.import_columns import RowError
from debtors.rules.payment_rows import PaymentColumns, PaymentField, PaymentRow
from debtors.services import arrivals, ledger, reading_files
from debtors.services.import_plans import chunks
from debtors.services.reading_files import UnreadableFileError
from debtors.vocabulary import PaymentSource


class RowsAreWrongError(Exception):
    """Some rows are wrong and all were wanted, or no row is right: nothing was written."""


@dataclass(frozen=True, slots=True)
class Told:
    """A payment of a file, with the debtor and, where one was named, the debt it is meant for."""

    row: PaymentRow
    debtor: Debtor
    debt: Debt | None
    is_known: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What a file of payments would add, what is wrong with its other rows, and money of nobody known.

    What is `unplaced` names somebody who owes this creditor nothing here: it waits for a person.
    """

    told: tuple[Told, ...]
    errors: tuple[RowError, ...]
    row_count: int
    ignored_titles: tuple[str, ...] = ()
    unplaced: tuple[PaymentRow, ...] = ()

    @property
    def new(self) -> list[Told]:
        """The payments that are not recorded yet."""
        return [each for each in self.told if not each.is_known]

    @property
    def known_count(self) -> int:
        """How many of the good rows were recorded before."""
        return len(self.told) - len(self.new)

    @property
    def wrong_row_count(self) -> int:
        """How many rows have something wrong with them."""
        return len({error.line for error in self.errors})

    @property
    def new_cents(self) -> int:
        """What the new payments add up to."""
        return sum(each.row.amount_cents for each in self.new)


def check(content: bytes, *, creditor: Creditor, on: date) -> Report:
    """Return what the file would add for this creditor and what is wrong with it; writes nothing.

    Raises UnreadableFileError when it is no table, has no rows, or passes a limit.
    """
    lines = reading_files.read_lines(content)
    number, titles = next(lines, (0, []))
    columns = payment_rows.find_columns(titles, line=number)
    if not isinstance(columns, PaymentColumns):
        return Report((), columns, row_count=0)
    rows: list[PaymentRow] = []
    errors: list[RowError] = []
    count = 0
    for line, values in lines:
        count += 1
        found = payment_rows.parse_row(values, columns=columns, line=line, on=on)
        if isinstance(found, PaymentRow):
            rows.append(found)
        else:
            errors.extend(found)
    if not count:
        raise UnreadableFileError("file_without_rows")
    told, wrong, unplaced = _against_records(payment_rows.numbered(rows), creditor=creditor)
    every = sorted([*errors, *wrong], key=lambda error: error.line)
    return Report(
        tuple(told), tuple(every), row_count=count, ignored_titles=columns.ignored, unplaced=tuple(unplaced)
    )


def take_in(
    content: bytes, *, creditor: Creditor, only_good: bool, recorded_by: User | None, now: datetime
) -> Report:
    """Record the payments of a file in one transaction; the same file again changes nothing.

    Money of nobody known is kept with all other money that waits for a person to match it.

    Raises RowsAreWrongError (nothing was written), UnreadableFileError, PaymentConflictError when
    somebody recorded the same number with other content in the meantime.
    """
    with transaction.atomic():
        report = check(content, creditor=creditor, on=timezone.localdate(now))
        if not (report.told or report.unplaced) or (report.errors and not only_good):
            raise RowsAreWrongError
        # Locks in one order everywhere; money in the order of its days, or it would look late.
        for told in sorted(report.new, key=lambda each: (each.debtor.pk, each.row.paid_on)):
            ledger.record_payment(
                debtor=told.debtor,
                creditor=creditor,
                amount_cents=told.row.amount_cents,
                paid_on=told.row.paid_on,
                method=told.row.method,
                source=PaymentSource.FILE,
                external_id=_key(told.row, creditor=creditor),
                recorded_by=recorded_by,
                now=now,
                debt=told.debt,
            )
        waiting = [_arrived(row, creditor=creditor) for row in report.unplaced]
        arrivals.take_in(waiting, creditor=creditor, file=None, now=now)
    return report


def _arrived(row: PaymentRow, *, creditor: Creditor) -> arrivals.Told:
    return arrivals.Told(
        source=PaymentSource.FILE,
        external_id=_key(row, creditor=creditor),
        amount_cents=row.amount_cents,
        paid_on=row.paid_on,
        method=row.method,
        meaning="paid",
        payer_tax_id=row.tax_id,
        document=row.contract,
        line=row.line,
    )


def _key(row: PaymentRow, *, creditor: Creditor) -> str:
    """Return the number under which the payment is known; files of debts use the same."""
    return f"{creditor.tax_id}:{row.external_id}"


def _against_records(
    rows: Iterable[PaymentRow], *, creditor: Creditor
) -> tuple[list[Told], list[RowError], list[PaymentRow]]:
    """Find whose each payment is, refuse what contradicts the records or a row before, part off the rest."""
    wanted = list(rows)
    debts, debtors = _debts(wanted, creditor=creditor), _debtors(wanted, creditor=creditor)
    recorded = _recorded(wanted, creditor=creditor)
    told: list[Told] = []
    errors: list[RowError] = []
    unplaced: list[PaymentRow] = []
    lines: dict[str, PaymentRow] = {}
    for row in wanted:
        debt = debts.get(row.contract)
        debtor = debt.debtor if debt else debtors.get(row.tax_id)
        payment = recorded.get(_key(row, creditor=creditor))
        wrong = _wrong(row, debt=debt, debtor=debtor, payment=payment, earlier=lines.get(row.external_id))
        lines.setdefault(row.external_id, row)
        if wrong:
            errors.append(wrong)
        elif lines[row.external_id] is not row:
            continue
        elif payment:  # by whichever door; one that somebody has matched is known by its number
            told.append(Told(row, payment.debtor, debt, is_known=True))
        elif debtor:
            told.append(Told(row, debtor, debt, is_known=False))
        else:
            unplaced.append(row)
    return told, errors, unplaced


def _wrong(
    row: PaymentRow,
    *,
    debt: Debt | None,
    debtor: Debtor | None,
    payment: Payment | None,
    earlier: PaymentRow | None,
) -> RowError | None:
    """Return what a row says against the records or an earlier row; None for a row to take in."""
    if row.contract and debt is None and debtor:
        return _error(row, PaymentField.CONTRACT, row.contract, "contract_not_known")
    if row.tax_id and debtor and debtor.tax_id != row.tax_id:
        return _error(row, PaymentField.CONTRACT, row.contract, "contract_of_another_debtor")
    if payment and (payment.debtor_id, payment.amount_cents, payment.paid_on) != (
        debtor.pk if debtor else payment.debtor_id,
        row.amount_cents,
        row.paid_on,
    ):
        return _error(row, PaymentField.EXTERNAL_ID, row.external_id, "payment_differs")
    if earlier and (earlier.tax_id, earlier.contract, earlier.amount_cents, earlier.paid_on) != (
        row.tax_id,
        row.contract,
        row.amount_cents,
        row.paid_on,
    ):
        params = {"line": str(earlier.line)}
        return _error(row, PaymentField.EXTERNAL_ID, row.external_id, "payment_id_twice", **params)
    return None


def _error(row: PaymentRow, field: PaymentField, value: str, code: str, **params: str) -> RowError:
    return RowError(row.line, field.value, value, code, params)


def _debts(rows: list[PaymentRow], *, creditor: Creditor) -> dict[str, Debt]:
    found: dict[str, Debt] = {}
    for contracts in chunks(dict.fromkeys(row.contract for row in rows if row.contract)):
        known = Debt.objects.filter(creditor=creditor, contract__in=contracts).select_related("debtor")
        found |= {debt.contract: debt for debt in known}
    return found


def _debtors(rows: list[PaymentRow], *, creditor: Creditor) -> dict[str, Debtor]:
    """Return who of the tax ids has, or had, a debt with this creditor."""
    found: dict[str, Debtor] = {}
    for tax_ids in chunks(dict.fromkeys(row.tax_id for row in rows if row.tax_id)):
        known = Debtor.objects.filter(tax_id__in=tax_ids, debts__creditor=creditor).distinct()
        found |= {debtor.tax_id: debtor for debtor in known}
    return found


def _recorded(rows: list[PaymentRow], *, creditor: Creditor) -> dict[str, Payment]:
    found: dict[str, Payment] = {}
    for keys in chunks(dict.fromkeys(_key(row, creditor=creditor) for row in rows)):
        known = Payment.objects.filter(source=PaymentSource.FILE, external_id__in=keys)
        known = known.select_related("debtor")
        found |= {payment.external_id: payment for payment in known}
    return found
