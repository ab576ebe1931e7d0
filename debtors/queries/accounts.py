"""The rows that balances follow from, and the terms they are counted by, read for many debts at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from debtors.models import Cost, Debt, IndexRate, Installment, LedgerDoubt, LedgerEntry, MoneyInTransit
from debtors.queries.compiled import Read, together
from debtors.rules import charges, indexation
from debtors.rules.accrual import DueAmount
from debtors.rules.charges import FeeBase, Rounding
from debtors.rules.indexation import Month, Rates
from debtors.rules.payoff import Credit, History
from debtors.rules.terms import ChargeTerms, InterestKind, SettlingOrder
from debtors.vocabulary import EntryKind, MonthLength, PartyKind, PriceIndex, TransitState

Row = tuple[Any, ...]
Pair = tuple[int, int]  # debtor id, creditor id
MONTHS = {MonthLength.DAYS_30: charges.MONTH_OF_30, MonthLength.YEAR_365: charges.YEAR_OF_365}


@dataclass(frozen=True, slots=True)
class Party:
    """Between whom a debt is, what delay costs there, and when it is prescribed.

    `is_counted_anew` says that terms have changed, and what was credited is not yet settled by them.
    """

    pair: Pair
    terms: ChargeTerms
    limitation_on: date | None
    is_in_doubt: bool
    is_counted_anew: bool
    rests_until: date | None


class _Agreed(NamedTuple):
    """What a creditor charges, as his row says it; the two rates may be the contract's own."""

    late_fee_rate: Decimal
    monthly_interest_rate: Decimal
    interest_kind: str
    month_days: str
    rounding: str
    fee_base: str
    grace_days: int
    correction_index: str
    index_lag_months: int
    settling_order: str
    tolerance_cents: int
    is_company: bool


def parties(debts: QuerySet[Debt]) -> dict[int, Party]:
    """Return the party of each debt by its id: one query, one more while a rate of an index is needed."""
    return parties_of(_between_whom(debts))


def parties_between(debtor_id: int, creditor_id: int) -> dict[int, Party]:
    """Return the same of every debt between the two."""
    return parties_of(_of_pair(debtor=debtor_id, creditor=creditor_id))


@Read
def of_debtors(debtors: list[int]) -> QuerySet[Debt, Any]:
    """The debts of debtors, as `parties_of` takes them."""
    return _between_whom(Debt.objects.filter(debtor__in=debtors))


@Read
def of_debts(debts: list[int]) -> QuerySet[Debt, Any]:
    """Debts, as `parties_of` takes them, in order of their ids."""
    return _between_whom(Debt.objects.filter(pk__in=debts).order_by("pk"))


@Read
def _of_pair(debtor: int, creditor: int) -> QuerySet[Debt, Any]:
    return _between_whom(Debt.objects.filter(debtor=debtor, creditor=creditor))


def parties_of(rows: Iterable[Row]) -> dict[int, Party]:
    """Return the party of each debt by its id, of rows read before; one query while a rate is needed."""
    found = list(rows)
    agreed = {row[0]: _Agreed._make([*row[8:], row[7] == PartyKind.COMPANY]) for row in found}
    rates = rates_of({name for each in agreed.values() for name in _indices(each)})
    terms = {each: _terms(each, rates=rates) for each in set(agreed.values())}
    return {row[0]: Party((row[1], row[2]), terms[agreed[row[0]]], *row[3:7]) for row in found}


def rests_until_of(debtor: Any, creditor: Any) -> QuerySet[MoneyInTransit, date]:
    """Return the last day on which money between the two may still arrive, as a query of one row or none."""
    waiting = MoneyInTransit.objects.filter(debtor=debtor, creditor=creditor, state=TransitState.WAITING)
    return waiting.order_by("-rests_until").values_list("rests_until", flat=True)[:1]


def histories(parties: Mapping[int, Party]) -> dict[int, History]:
    """Add what falls due, what it cost and what was credited: two queries, on PostgreSQL one errand."""
    debts = {"debts": list(parties)}
    if not parties:
        return {}
    read = together(dues=(dues, debts), credits=(credits, debts))
    return histories_of(parties, read["dues"], read["credits"])


def histories_of(
    parties: Mapping[int, Party], dues: Iterable[Row], credits: Iterable[Row]
) -> dict[int, History]:
    """Return the same of the rows of `dues` and `credits`, read before.

    What something was credited to is in doubt until it is settled by the terms of today: by these a debt
    that was settled may look as if it were owed again.
    """
    (installments, costs), credited = _dues(dues), _credits(credits)
    return {
        pk: History(
            installments=installments[pk],
            credits=credited[pk],
            terms=party.terms,
            limitation_on=party.limitation_on,
            costs=costs[pk],
            is_in_doubt=party.is_in_doubt or (party.is_counted_anew and bool(credited[pk])),
            rests_until=party.rests_until,
        )
        for pk, party in parties.items()
    }


@Read
def dues(debts: list[int]) -> QuerySet[Any, Any]:
    """The installments of debts and what they cost, as (debt, day, cents, whether it is a cost)."""
    of_cost = Cost.objects.order_by().filter(debt__in=debts)
    rows = Installment.objects.order_by().filter(debt__in=debts)
    return (
        rows.values_list("debt_id", "due_on", "amount_cents", Value(0))
        .union(of_cost.values_list("debt_id", "incurred_on", "amount_cents", Value(1)), all=True)
        .order_by()
    )


@Read
def credits(debts: list[int]) -> QuerySet[LedgerEntry, Any]:
    """What was credited to debts and not reversed, oldest first."""
    rows = LedgerEntry.objects.filter(
        debt__in=debts, kind__in=[EntryKind.PAYMENT, EntryKind.DISCOUNT], reversal__isnull=True
    ).order_by("effective_on", "id")
    return rows.values_list("debt_id", "effective_on", "amount_cents", "kind")


def due_amount(due_on: date, amount_cents: int) -> DueAmount:
    """Return an installment as balances count it: due on a day without banks, it waits for the next."""
    return DueAmount(due_on, amount_cents, _free_until(due_on))


def rates_of(indices: Iterable[str]) -> dict[str, Rates]:
    """Return the monthly rates of the indices; of the legal rate also those that follow from two others."""
    wanted = set(indices)
    if not wanted:
        return {}
    if PriceIndex.LEGAL in wanted:
        wanted |= {PriceIndex.SELIC, PriceIndex.IPCA15}
    found: dict[str, dict[Month, Decimal]] = defaultdict(dict)
    for index, month, rate in IndexRate.objects.filter(index__in=wanted).values_list(
        "index", "month", "rate"
    ):
        found[index][month.year, month.month] = rate
    if PriceIndex.LEGAL in wanted:
        derived = indexation.legal_rates(selic=found[PriceIndex.SELIC], ipca15=found[PriceIndex.IPCA15])
        found[PriceIndex.LEGAL] = {**derived, **found[PriceIndex.LEGAL]}
    return dict(found)


@lru_cache(maxsize=8192)
def _free_until(due_on: date) -> date | None:
    last = charges.free_until(due_on)
    return None if last == due_on else last


def _indices(agreed: _Agreed) -> set[str]:
    used = {agreed.correction_index} if agreed.correction_index else set()
    return used | ({PriceIndex.LEGAL} if agreed.interest_kind == InterestKind.LEGAL else set())


def _terms(agreed: _Agreed, *, rates: Mapping[str, Rates]) -> ChargeTerms:
    return ChargeTerms(
        late_fee_rate=agreed.late_fee_rate,
        monthly_interest_rate=agreed.monthly_interest_rate,
        month_days=MONTHS[MonthLength(agreed.month_days)],
        rounding=Rounding(agreed.rounding),
        fee_base=FeeBase(agreed.fee_base),
        fee_ceiling=charges.COMPANY_FEE_CEILING if agreed.is_company else charges.LATE_FEE_CEILING,
        grace_days=agreed.grace_days,
        interest_kind=InterestKind(agreed.interest_kind),
        legal_rates=rates.get(PriceIndex.LEGAL, {}),
        index=rates.get(agreed.correction_index, {}) if agreed.correction_index else None,
        index_lag_months=agreed.index_lag_months,
        order=SettlingOrder(agreed.settling_order),
        tolerance_cents=agreed.tolerance_cents,
    )


def _between_whom(debts: QuerySet[Debt]) -> QuerySet[Debt, Any]:
    of_creditor = [f"creditor__{name}" for name in _Agreed._fields[2:-1]]
    return debts.annotate(
        fee=Coalesce(F("late_fee_rate"), F("creditor__late_fee_rate")),
        interest=Coalesce(F("monthly_interest_rate"), F("creditor__monthly_interest_rate")),
        rests_until=Subquery(rests_until_of(OuterRef("debtor"), OuterRef("creditor"))),
        doubt=Exists(LedgerDoubt.objects.filter(debt=OuterRef("pk"), closed_at=None)),
        anew=Coalesce(Q(creditor__resettle_from__lt=F("debtor")), False),
    ).values_list(
        "pk", "debtor_id", "creditor_id", "limitation_on", "doubt", "anew", "rests_until", "debtor__kind",
        "fee", "interest", *of_creditor,
    )  # fmt: skip


def _dues(rows: Iterable[Row]) -> tuple[dict[int, list[DueAmount]], dict[int, list[DueAmount]]]:
    """Return the installments of each debt, and its costs."""
    dues: dict[int, list[DueAmount]] = defaultdict(list)
    costs: dict[int, list[DueAmount]] = defaultdict(list)
    for debt_id, day, amount_cents, is_cost in rows:
        if is_cost:
            costs[debt_id].append(DueAmount(day, amount_cents))
        else:
            dues[debt_id].append(due_amount(day, amount_cents))
    return dues, costs


def _credits(rows: Iterable[Row]) -> dict[int, list[Credit]]:
    credits: dict[int, list[Credit]] = defaultdict(list)
    for debt_id, on, amount_cents, kind in rows:
        credits[debt_id].append(Credit(on, -amount_cents, is_discount=kind == EntryKind.DISCOUNT))
    return credits
