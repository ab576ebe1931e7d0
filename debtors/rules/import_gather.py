"""The rows of a file put together: each debtor, debt, installment and payment once, or why not."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from collections_crm.lib import names
from debtors.rules.import_columns import Field, RowError
from debtors.rules.import_rows import (
    DebtFacts,
    DebtorFacts,
    ImportRow,
    InstallmentFacts,
    PaymentFacts,
    PointFacts,
)
from debtors.rules.points import more_protected
from debtors.vocabulary import Medium


@dataclass(slots=True)
class GatheredDebtor:
    """One debtor as all rows together tell of him; `line` is the first of them."""

    facts: DebtorFacts
    line: int
    points: dict[tuple[Medium, str], PointFacts] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GatheredPayment:
    """One payment on one installment, and the line that told of it."""

    facts: PaymentFacts
    installment: int
    line: int


@dataclass(slots=True)
class GatheredDebt:
    """One debt with its installments by number, and the payments made on them."""

    facts: DebtFacts
    tax_id: str
    line: int
    installments: dict[int, tuple[InstallmentFacts, int]] = field(default_factory=dict)
    payments: list[GatheredPayment] = field(default_factory=list)


@dataclass(slots=True)
class Gathered:
    """What a file tells, by tax id and by contract. `repeated` counts rows that say nothing new."""

    debtors: dict[str, GatheredDebtor] = field(default_factory=dict)
    debts: dict[str, GatheredDebt] = field(default_factory=dict)
    payments_by_id: dict[str, tuple[str, GatheredPayment]] = field(default_factory=dict)
    repeated: int = 0


def gather(rows: Iterable[ImportRow]) -> tuple[Gathered, list[RowError]]:
    """Return everything the rows agree on, and an error for each row that contradicts an earlier one.

    A contradicting row leaves no trace in what is gathered: no debtor, no contact point, no debt.
    """
    gathered, errors = Gathered(), []
    for row in rows:
        contradictions = _contradictions(row, so_far=gathered)
        errors += contradictions
        if not contradictions:
            _take_in(row, into=gathered)
    return gathered, errors


def are_different_people(one: str, other: str) -> bool:
    """Return whether two names under one tax id begin differently: Ana and José, not José and JOSE."""
    return names.fold(one).split()[:1] != names.fold(other).split()[:1]


def _contradictions(row: ImportRow, *, so_far: Gathered) -> list[RowError]:
    errors = []
    if debtor := so_far.debtors.get(row.debtor.tax_id):
        errors += _against_debtor(row, debtor)
    if debt := so_far.debts.get(row.debt.contract):
        errors += _against_debt(row, debt)
    return errors + _against_payments(row, so_far=so_far)


def _against_debtor(row: ImportRow, known: GatheredDebtor) -> list[RowError]:
    errors = []
    if are_different_people(row.debtor.name, known.facts.name):
        errors.append(_error(row, Field.NAME, row.debtor.name, "two_names_for_a_tax_id", known.line))
    for column, ours, theirs in [
        (Field.BIRTH_DATE, row.debtor.birth_date, known.facts.birth_date),
        (Field.CUSTOMER_SINCE, row.debtor.customer_since, known.facts.customer_since),
    ]:
        if ours and theirs and ours != theirs:
            errors.append(_error(row, column, f"{ours:%d/%m/%Y}", "differs_from_line", known.line))
    for column, said, before in [
        (Field.KEY_CUSTOMER, row.debtor.key_customer, known.facts.key_customer),
        (Field.CREDIT_RISK, row.debtor.credit_risk, known.facts.credit_risk),
    ]:
        if said and before and said != before:
            errors.append(_error(row, column, str(said.label), "differs_from_line", known.line))
    return errors


def _against_debt(row: ImportRow, known: GatheredDebt) -> list[RowError]:
    if row.debtor.tax_id != known.tax_id:
        return [_error(row, Field.CONTRACT, row.debt.contract, "contract_of_two_debtors", known.line)]
    errors = []
    for column, ours, theirs in [
        (Field.PRODUCT, row.debt.product, known.facts.product),
        (Field.ORIGINAL_CREDITOR, row.debt.original_creditor, known.facts.original_creditor),
        (Field.INSTRUMENT, row.debt.instrument, known.facts.instrument),
    ]:
        if ours and theirs and ours != theirs:
            errors.append(_error(row, column, str(ours), "differs_from_line", known.line))
    for column, mine, others in [
        (Field.LATE_FEE, row.debt.late_fee_rate, known.facts.late_fee_rate),
        (Field.MONTHLY_INTEREST, row.debt.monthly_interest_rate, known.facts.monthly_interest_rate),
    ]:
        if mine != others:  # blank is another thing than zero: the creditor's own rate
            shown = "" if mine is None else f"{mine * 100:f}"
            errors.append(_error(row, column, shown, "differs_from_line", known.line))
    part, line = known.installments.get(row.installment.number, (row.installment, 0))
    if part != row.installment:
        shown = str(row.installment.number)
        errors.append(_error(row, Field.INSTALLMENT, shown, "installment_twice", line))
    return errors


def _against_payments(row: ImportRow, *, so_far: Gathered) -> list[RowError]:
    """Refuse one payment id for two payments, and two payments that nothing tells apart."""
    if row.payment is None:
        return []
    known = so_far.payments_by_id.get(row.payment.external_id)
    if known and not _is_same_payment(row, *known):
        shown = row.payment.external_id
        return [_error(row, Field.PAYMENT_ID, shown, "payment_id_twice", known[1].line)]
    debt = so_far.debts.get(row.debt.contract)
    for other in debt.payments if debt and not row.payment.external_id else []:
        if _is_same_payment(row, row.debt.contract, other):
            shown = f"{row.payment.paid_on:%d/%m/%Y}"
            return [_error(row, Field.PAID_ON, shown, "payment_told_twice", other.line)]
    return []


def _is_same_payment(row: ImportRow, contract: str, other: GatheredPayment) -> bool:
    place = (contract, other.installment, other.facts)
    return place == (row.debt.contract, row.installment.number, row.payment)


def _take_in(row: ImportRow, *, into: Gathered) -> None:
    """Add a row that contradicts nothing."""
    debtor = into.debtors.setdefault(row.debtor.tax_id, GatheredDebtor(row.debtor, row.line))
    debtor.facts = _completed(debtor.facts, row.debtor)
    for point in row.points:
        _take_in_point(point, into=debtor)
    debt = into.debts.setdefault(row.debt.contract, GatheredDebt(row.debt, row.debtor.tax_id, row.line))
    debt.facts = replace(
        debt.facts,
        product=debt.facts.product or row.debt.product,
        original_creditor=debt.facts.original_creditor or row.debt.original_creditor,
    )
    is_new_part = row.installment.number not in debt.installments
    debt.installments.setdefault(row.installment.number, (row.installment, row.line))
    is_new_payment = _take_in_payment(row, debt=debt, into=into)
    into.repeated += not is_new_part and not is_new_payment


def _take_in_payment(row: ImportRow, *, debt: GatheredDebt, into: Gathered) -> bool:
    """Add the payment of a row, if it tells of one that is not known by its id; return whether it did."""
    if row.payment is None or row.payment.external_id in into.payments_by_id:
        return False
    payment = GatheredPayment(row.payment, row.installment.number, row.line)
    debt.payments.append(payment)
    if row.payment.external_id:
        into.payments_by_id[row.payment.external_id] = (row.debt.contract, payment)
    return True


def _take_in_point(point: PointFacts, *, into: GatheredDebtor) -> None:
    key = (point.medium, point.value)
    known = into.points.get(key, point)
    into.points[key] = replace(
        known,
        kind=more_protected(known.kind, point.kind),
        city=known.city or point.city,
        state=known.state or point.state,
        postal_code=known.postal_code or point.postal_code,
    )


def _completed(known: DebtorFacts, other: DebtorFacts) -> DebtorFacts:
    """Return the facts with what was blank filled from another row."""
    return replace(
        known,
        preferred_name=known.preferred_name or other.preferred_name,
        birth_date=known.birth_date or other.birth_date,
        customer_since=known.customer_since or other.customer_since,
        key_customer=known.key_customer or other.key_customer,
        credit_risk=known.credit_risk or other.credit_risk,
    )


def _error(row: ImportRow, column: Field, value: str, code: str, other_line: int) -> RowError:
    return RowError(row.line, column.value, value, code, {"line": str(other_line)})
