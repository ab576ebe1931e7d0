"""What is owed on a day, item by item, after everything that was paid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from debtors.rules.accrual import DueAmount, Part
from debtors.rules.indexation import Month
from debtors.rules.terms import ChargeTerms, Item


@dataclass(frozen=True, slots=True)
class Credit:
    """Something that lowers a debt from a day on: a payment or a discount, as a positive amount."""

    on: date
    amount_cents: int
    is_discount: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed on a day, in centavos. `excess_cents` was paid beyond everything owed.

    The realised amounts are the additions that payments and discounts have settled. `missing_months`
    are those whose index or legal rate is not known: then correction or interest is not whole, and
    nobody may be asked for the amount.
    """

    principal_cents: int = 0
    interest_cents: int = 0
    late_fee_cents: int = 0
    paid_cents: int = 0
    excess_cents: int = 0
    realised_interest_cents: int = 0
    realised_late_fee_cents: int = 0
    late_principal_cents: int = 0
    oldest_open_due_on: date | None = None
    on: date | None = None
    correction_cents: int = 0
    costs_cents: int = 0
    discount_cents: int = 0
    realised_correction_cents: int = 0
    realised_costs_cents: int = 0
    missing_months: tuple[Month, ...] = ()

    @property
    def additions_cents(self) -> int:
        """What delay has added and is still open: correction, interest, late fee, costs."""
        return self.correction_cents + self.interest_cents + self.late_fee_cents + self.costs_cents

    @property
    def total_cents(self) -> int:
        """All that is open on the day, whether due or still to fall due."""
        return self.principal_cents + self.additions_cents

    @property
    def due_cents(self) -> int:
        """What should have been paid by the day: late principal with its additions."""
        return self.late_principal_cents + self.additions_cents

    @property
    def days_late(self) -> int:
        """Days since the oldest open due date; zero or less when nothing is late."""
        if self.on is None or self.oldest_open_due_on is None:
            return 0
        return (self.on - self.oldest_open_due_on).days

    @property
    def is_exact(self) -> bool:
        """Whether every rate that it needs was known."""
        return not self.missing_months


@dataclass(frozen=True, slots=True)
class History:
    """Everything that the balance of one debt follows from, and the day from which it is prescribed.

    `is_in_doubt` says that the ledger was found to differ from what it must be; until `rests_until` money
    for this creditor may be on its way.
    """

    installments: Sequence[DueAmount]
    credits: Sequence[Credit]
    terms: ChargeTerms
    limitation_on: date | None = None
    costs: Sequence[DueAmount] = ()
    is_in_doubt: bool = False
    rests_until: date | None = None

    def owed(self, *, on: date) -> Balance:
        """Return what is owed on `on`; see the function of the same name."""
        return owed(
            installments=self.installments, credits=self.credits, terms=self.terms, on=on, costs=self.costs
        )

    def settled(self) -> Balance:
        """Return what all credits have settled; see the function of the same name."""
        return settled(
            installments=self.installments, credits=self.credits, terms=self.terms, costs=self.costs
        )

    def is_barred(self, *, on: date) -> bool:
        """Return whether the debt is prescribed on `on`; one whose day nobody knows is not."""
        return self.limitation_on is not None and self.limitation_on <= on


def owed(
    *,
    installments: Iterable[DueAmount],
    credits: Iterable[Credit],
    terms: ChargeTerms,
    on: date,
    costs: Iterable[DueAmount] = (),
) -> Balance:
    """Return what is owed on `on`, additions included, to the centavo.

    Credits run in order of their day: over the costs that had arisen, then over the installments,
    oldest first, and within each in the creditor's order, principal last. A credit dated after `on`
    has not happened yet. The fee is charged once, from the first day late; interest is simple, by
    day of the terms' month, on the principal open on that day. What exceeds everything owed is
    shown, never negative.

    Source: Consumer Code (Law 8.078/1990), art. 52 §1 (fee); Civil Code, arts. 354 (additions
    before principal), 395 (correction and costs) and 406 (interest on arrears).
    """
    run = _Run(installments, costs, terms)
    for credit in sorted((each for each in credits if each.on <= on), key=lambda each: each.on):
        run.apply(credit)
    for part in run.parts:
        part.accrue(on=on)
    return run.balance(on=on)


def settled(
    *,
    installments: Iterable[DueAmount],
    credits: Iterable[Credit],
    terms: ChargeTerms,
    costs: Iterable[DueAmount] = (),
) -> Balance:
    """Return what all credits together have settled, whatever has been added to the debt since the last.

    Of the balance only the realised amounts, `paid_cents`, `discount_cents`, `principal_cents` and
    `excess_cents` say something: there is no day on which it is owed.
    """
    run = _Run(installments, costs, terms)
    for credit in sorted(credits, key=lambda each: each.on):
        run.apply(credit)
    return replace(run.so_far, principal_cents=sum(part.principal_cents for part in run.parts))


def settled_days(history: History) -> list[tuple[DueAmount, date | None]]:
    """Return each installment with the day on which the last of it was settled; None while any is open."""
    run = _Run(history.installments, history.costs, history.terms)
    days: dict[int, date] = {}
    for credit in sorted(history.credits, key=lambda each: each.on):
        run.apply(credit)
        for place, part in enumerate(run.parts):
            if place not in days and not part.is_open:
                days[place] = credit.on
    return [(part.due, days.get(place)) for place, part in enumerate(run.parts)]


def combined(balances: Iterable[Balance], *, on: date) -> Balance:
    """Return the sum of several debts' balances on the same day."""
    every = list(balances)
    dues = [each.oldest_open_due_on for each in every if each.oldest_open_due_on]
    missing = {month for each in every for month in each.missing_months}
    return Balance(
        principal_cents=sum(each.principal_cents for each in every),
        correction_cents=sum(each.correction_cents for each in every),
        interest_cents=sum(each.interest_cents for each in every),
        late_fee_cents=sum(each.late_fee_cents for each in every),
        costs_cents=sum(each.costs_cents for each in every),
        paid_cents=sum(each.paid_cents for each in every),
        discount_cents=sum(each.discount_cents for each in every),
        excess_cents=sum(each.excess_cents for each in every),
        realised_interest_cents=sum(each.realised_interest_cents for each in every),
        realised_late_fee_cents=sum(each.realised_late_fee_cents for each in every),
        realised_correction_cents=sum(each.realised_correction_cents for each in every),
        realised_costs_cents=sum(each.realised_costs_cents for each in every),
        late_principal_cents=sum(each.late_principal_cents for each in every),
        oldest_open_due_on=min(dues, default=None),
        on=on,
        missing_months=tuple(sorted(missing)),
    )


class _Run:
    """The installments and costs of one debt while credits run over them."""

    def __init__(
        self, installments: Iterable[DueAmount], costs: Iterable[DueAmount], terms: ChargeTerms
    ) -> None:
        dues = sorted(installments, key=lambda each: each.due_on)
        self.parts = [Part(each, terms, each.amount_cents, Decimal(each.amount_cents)) for each in dues]
        self.costs = sorted(costs, key=lambda each: each.due_on)
        self.so_far = Balance()

    def apply(self, credit: Credit) -> None:
        """Run one credit over what is open, and add up what it settled."""
        costs = min(credit.amount_cents, self._open_costs(on=credit.on))
        took, left = dict.fromkeys(Item, 0), credit.amount_cents - costs
        for part in self.parts:
            if not left:
                break
            part.accrue(on=credit.on)
            for item, cents in part.settle(left).items():
                took[item] += cents
                left -= cents
        took[Item.COSTS] = costs
        self.so_far = _added(self.so_far, took, credit=credit, left=left)

    def balance(self, *, on: date) -> Balance:
        """Return what is open on a day up to which every part was brought."""
        costs = self._open_costs(on=on)
        since = [part.due.due_on for part in self.parts if part.is_open]
        since += [each.due_on for each in self.costs[:1] if costs]
        return replace(
            self.so_far,
            principal_cents=self._sum(Item.PRINCIPAL),
            correction_cents=self._sum(Item.CORRECTION),
            interest_cents=self._sum(Item.INTEREST),
            late_fee_cents=self._sum(Item.LATE_FEE),
            costs_cents=costs,
            late_principal_cents=sum(part.principal_cents for part in self.parts if part.due.due_on < on),
            oldest_open_due_on=since[0] if since else None,
            on=on,
            missing_months=tuple(sorted({month for part in self.parts for month in part.missing})),
        )

    def _open_costs(self, *, on: date) -> int:
        arisen = sum(each.amount_cents for each in self.costs if each.due_on <= on)
        return max(0, arisen - self.so_far.realised_costs_cents)

    def _sum(self, item: Item) -> int:
        return sum(part.open_cents(item) for part in self.parts)


def _added(so_far: Balance, took: Mapping[Item, int], *, credit: Credit, left: int) -> Balance:
    met = credit.amount_cents - left
    return replace(
        so_far,
        paid_cents=so_far.paid_cents + (0 if credit.is_discount else met),
        discount_cents=so_far.discount_cents + (met if credit.is_discount else 0),
        excess_cents=so_far.excess_cents + left,
        realised_interest_cents=so_far.realised_interest_cents + took[Item.INTEREST],
        realised_late_fee_cents=so_far.realised_late_fee_cents + took[Item.LATE_FEE],
        realised_correction_cents=so_far.realised_correction_cents + took[Item.CORRECTION],
        realised_costs_cents=so_far.realised_costs_cents + took[Item.COSTS],
    )
