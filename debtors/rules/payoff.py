"""What is owed on a day: principal, interest and late fee, after everything that was paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from debtors.rules import charges
from debtors.rules.charges import FeeBase, Rounding


@dataclass(frozen=True, slots=True)
class DueAmount:
    """One installment: what falls due, and when.

    `free_until` is the last day on which it is paid without additions when that is not the due
    date itself (see `charges.free_until`); after it, additions count from the due date.
    """

    due_on: date
    amount_cents: int
    free_until: date | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """Something that lowers a debt from a day on: a payment or a discount, as a positive amount."""

    on: date
    amount_cents: int


@dataclass(frozen=True, slots=True)
class ChargeTerms:
    """What the creditor charges for delay; rates are fractions (0.02 is 2 %)."""

    late_fee_rate: Decimal = Decimal(0)
    monthly_interest_rate: Decimal = Decimal(0)
    month_days: Fraction = charges.MONTH_OF_30
    rounding: Rounding = Rounding.HALF_UP
    fee_base: FeeBase = FeeBase.INSTALLMENT
    fee_ceiling: Decimal = charges.LATE_FEE_CEILING
    grace_days: int = 0


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed on a day, in centavos. `excess_cents` was paid beyond everything owed."""

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

    @property
    def total_cents(self) -> int:
        """All that is open on the day, whether due or still to fall due."""
        return self.principal_cents + self.interest_cents + self.late_fee_cents

    @property
    def due_cents(self) -> int:
        """What should have been paid by the day: late principal with its additions."""
        return self.late_principal_cents + self.interest_cents + self.late_fee_cents

    @property
    def days_late(self) -> int:
        """Days since the oldest open due date; zero or less when nothing is late."""
        if self.on is None or self.oldest_open_due_on is None:
            return 0
        return (self.on - self.oldest_open_due_on).days


@dataclass(frozen=True, slots=True)
class History:
    """Everything that the balance of one debt follows from, and the day from which it is prescribed."""

    installments: Sequence[DueAmount]
    credits: Sequence[Credit]
    terms: ChargeTerms
    limitation_on: date | None = None

    def owed(self, *, on: date) -> Balance:
        """Return what is owed on `on`; see the function of the same name."""
        return owed(installments=self.installments, credits=self.credits, terms=self.terms, on=on)

    def is_barred(self, *, on: date) -> bool:
        """Return whether the debt is prescribed on `on`; one whose day nobody knows is not."""
        return self.limitation_on is not None and self.limitation_on <= on


@dataclass(slots=True)
class _Part:
    """One installment while the credits run over it."""

    due: DueAmount
    terms: ChargeTerms
    principal_cents: int
    fee_cents: int = 0
    paid_fee_cents: int = 0
    is_fee_charged: bool = False
    interest: Decimal = field(default_factory=Decimal)
    interest_from: date | None = None
    paid_interest_cents: int = 0

    def accrue(self, *, on: date) -> None:
        """Bring fee and interest up to `on`; interest is simple, on the principal still open."""
        if on <= self._free_until() or not self.principal_cents:
            return
        since = self.interest_from or self.due.due_on
        self.interest += charges.interest(
            principal_cents=self.principal_cents,
            monthly_rate=self.terms.monthly_interest_rate,
            days=(on - since).days,
            month_days=self.terms.month_days,
        )
        self.interest_from = on
        if not self.is_fee_charged or self.terms.fee_base == FeeBase.WITH_INTEREST:
            self._charge_fee()

    def _free_until(self) -> date:
        """Return the last day without additions: the due date, the next working day, the end of grace."""
        last = self.due.free_until or self.due.due_on
        if self.terms.grace_days:
            return max(last, self.due.due_on + timedelta(days=self.terms.grace_days))
        return last

    def _charge_fee(self) -> None:
        """Charge the fee once; one taken on the interest as well grows with it while principal is open."""
        self.is_fee_charged = True
        with_interest = self.terms.fee_base == FeeBase.WITH_INTEREST
        base = self.due.amount_cents + (self._interest_so_far() if with_interest else 0)
        self.fee_cents = charges.late_fee_cents(
            installment_cents=base,
            rate=self.terms.late_fee_rate,
            days_late=1,
            ceiling=self.terms.fee_ceiling,
            rounding=self.terms.rounding,
        )

    def _interest_so_far(self) -> int:
        """All interest since the due date; rounded once, so that many small credits lose nothing."""
        return charges.rounded(self.interest, rounding=self.terms.rounding)

    @property
    def interest_cents(self) -> int:
        """Interest still open."""
        return self._interest_so_far() - self.paid_interest_cents

    @property
    def late_fee_cents(self) -> int:
        """Late fee still open."""
        return self.fee_cents - self.paid_fee_cents


def owed(
    *, installments: Iterable[DueAmount], credits: Iterable[Credit], terms: ChargeTerms, on: date
) -> Balance:
    """Return what is owed on `on`, additions included, to the centavo.

    Credits run in order of their day over the installments, oldest first; within an installment
    late fee, then interest, then principal. A credit dated after `on` has not happened yet. The
    fee is charged once, from the first day late; interest is simple, by day of the terms' month,
    on the principal open on that day. What exceeds everything owed is shown, never negative.

    Source: Consumer Code (Law 8.078/1990), art. 52 §1 (fee); Civil Code, arts. 354 (additions
    before principal) and 406 (interest on arrears).
    """
    parts = [
        _Part(due=each, terms=terms, principal_cents=each.amount_cents)
        for each in sorted(installments, key=lambda each: each.due_on)
    ]
    balance = Balance()
    for credit in sorted((each for each in credits if each.on <= on), key=lambda each: each.on):
        balance = _apply(credit, to=parts, so_far=balance)
    for part in parts:
        part.accrue(on=on)
    open_parts = [
        part for part in parts if part.principal_cents or part.late_fee_cents or part.interest_cents
    ]
    return replace(
        balance,
        principal_cents=sum(part.principal_cents for part in parts),
        late_principal_cents=sum(part.principal_cents for part in parts if part.due.due_on < on),
        late_fee_cents=sum(part.late_fee_cents for part in parts),
        interest_cents=sum(part.interest_cents for part in parts),
        oldest_open_due_on=open_parts[0].due.due_on if open_parts else None,
        on=on,
    )


def _apply(credit: Credit, *, to: Sequence[_Part], so_far: Balance) -> Balance:
    """Run one credit over the installments, oldest first, and add up what it settled."""
    left, fee, interest = credit.amount_cents, 0, 0
    for part in to:
        part.accrue(on=credit.on)
        took_fee = min(left, part.late_fee_cents)
        part.paid_fee_cents += took_fee
        took_interest = min(left - took_fee, part.interest_cents)
        part.paid_interest_cents += took_interest
        took_principal = min(left - took_fee - took_interest, part.principal_cents)
        part.principal_cents -= took_principal
        left -= took_fee + took_interest + took_principal
        fee, interest = fee + took_fee, interest + took_interest
        if not left:
            break
    return replace(
        so_far,
        paid_cents=so_far.paid_cents + credit.amount_cents - left,
        excess_cents=so_far.excess_cents + left,
        realised_interest_cents=so_far.realised_interest_cents + interest,
        realised_late_fee_cents=so_far.realised_late_fee_cents + fee,
    )


def combined(balances: Iterable[Balance], *, on: date) -> Balance:
    """Return the sum of several debts' balances on the same day."""
    every = list(balances)
    dues = [each.oldest_open_due_on for each in every if each.oldest_open_due_on]
    return Balance(
        principal_cents=sum(each.principal_cents for each in every),
        interest_cents=sum(each.interest_cents for each in every),
        late_fee_cents=sum(each.late_fee_cents for each in every),
        paid_cents=sum(each.paid_cents for each in every),
        excess_cents=sum(each.excess_cents for each in every),
        realised_interest_cents=sum(each.realised_interest_cents for each in every),
        realised_late_fee_cents=sum(each.realised_late_fee_cents for each in every),
        late_principal_cents=sum(each.late_principal_cents for each in every),
        oldest_open_due_on=min(dues, default=None),
        on=on,
    )
