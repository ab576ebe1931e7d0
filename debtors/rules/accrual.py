"""One installment while days go by and payments run over it: correction, interest, fee, and what is open."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from debtors.rules import charges, indexation
from debtors.rules.charges import FeeBase
from debtors.rules.indexation import MissingMonthsError, Month
from debtors.rules.terms import ORDERS, ChargeTerms, InterestKind, Item


@dataclass(frozen=True, slots=True)
class DueAmount:
    """One installment, or a cost: what falls due, and when.

    `free_until` is the last day on which it is paid without additions when that is not the due
    date itself (see `charges.free_until`); after it, additions count from the due date.
    """

    due_on: date
    amount_cents: int
    free_until: date | None = None


@dataclass(slots=True)
class Part:
    """One installment while the credits run over it.

    `corrected` is the open principal with its open correction, not yet rounded. `missing` holds the
    months whose rates were needed and are not known: what they would add is left out.
    """

    due: DueAmount
    terms: ChargeTerms
    principal_cents: int
    corrected: Decimal
    fee_cents: int = 0
    is_fee_charged: bool = False
    interest: Decimal = field(default_factory=Decimal)
    accrued_on: date | None = None
    paid: dict[Item, int] = field(default_factory=lambda: dict.fromkeys(Item, 0))
    missing: set[Month] = field(default_factory=set)

    def accrue(self, *, on: date) -> None:
        """Bring correction, interest and fee up to `on`; interest is simple, on what is still open."""
        if on <= self._free_until() or not self.principal_cents:
            return
        since = self.accrued_on or self.due.due_on
        if on > since:
            self._correct(since, on)
            self._add_interest(since, on)
            self.accrued_on = on
        if not self.is_fee_charged or self.terms.fee_base != FeeBase.INSTALLMENT:
            self._charge_fee()

    def settle(self, cents: int) -> dict[Item, int]:
        """Let money settle what is open, in the creditor's order; return what it settled, item by item."""
        took = {}
        for item in ORDERS[self.terms.order]:
            took[item] = min(cents, self.open_cents(item))
            cents -= took[item]
            self.paid[item] += took[item]
        self.principal_cents -= took[Item.PRINCIPAL]
        self.corrected -= took[Item.PRINCIPAL] + took[Item.CORRECTION]
        return took

    def open_cents(self, item: Item) -> int:
        """Return what is still open of one item."""
        if item == Item.LATE_FEE:
            return self.fee_cents - self.paid[item]
        if item == Item.INTEREST:
            return self._interest_so_far() - self.paid[item]
        if item == Item.CORRECTION:
            return max(0, self._rounded(self.corrected) - self.principal_cents) if self.principal_cents else 0
        return self.principal_cents if item == Item.PRINCIPAL else 0

    @property
    def is_open(self) -> bool:
        """Whether anything of it is still to be paid."""
        return any(self.open_cents(item) for item in Item)

    def _free_until(self) -> date:
        """Return the last day without additions: the due date, the next working day, the end of grace."""
        last = self.due.free_until or self.due.due_on
        if self.terms.grace_days:
            return max(last, self.due.due_on + timedelta(days=self.terms.grace_days))
        return last

    def _correct(self, since: date, on: date) -> None:
        """Carry the open amount, corrected so far, on to the day; falling prices count."""
        if self.terms.index is None:
            return
        first, last = indexation.months_of_delay(due_on=since, on=on, lag=self.terms.index_lag_months)
        try:
            self.corrected *= indexation.factor(self.terms.index, first=first, last=last)
        except MissingMonthsError as error:
            self.missing.update(error.months)

    def _add_interest(self, since: date, on: date) -> None:
        """Add simple interest for the days, on the open principal at its value of the day."""
        base = max(self.principal_cents, self._rounded(self.corrected))
        if self.terms.interest_kind == InterestKind.AGREED:
            self.interest += charges.interest(
                principal_cents=base,
                monthly_rate=self.terms.monthly_interest_rate,
                days=(on - since).days,
                month_days=self.terms.month_days,
            )
            return
        rates = self.terms.legal_rates or {}
        try:
            self.interest += indexation.legal_interest(cents=base, rates=rates, due_on=since, on=on)
        except MissingMonthsError as error:
            self.missing.update(error.months)

    def _charge_fee(self) -> None:
        """Charge the fee once; one taken on more than the installment grows while principal is open."""
        self.is_fee_charged = True
        base = self.due.amount_cents
        if self.terms.fee_base != FeeBase.INSTALLMENT:
            base += self.paid[Item.CORRECTION] + self.open_cents(Item.CORRECTION)
        if self.terms.fee_base == FeeBase.WITH_INTEREST:
            base += self._interest_so_far()
        self.fee_cents = charges.late_fee_cents(
            installment_cents=base,
            rate=self.terms.late_fee_rate,
            days_late=1,
            ceiling=self.terms.fee_ceiling,
            rounding=self.terms.rounding,
        )

    def _interest_so_far(self) -> int:
        """All interest since the due date; rounded once, so that many small credits lose nothing."""
        return self._rounded(self.interest)

    def _rounded(self, amount: Decimal) -> int:
        return charges.rounded(amount, rounding=self.terms.rounding)
