"""What a creditor allows in agreements: discounts by age, floors, limits of each level, the exit point.

All of it is set beforehand. A debt's age decides what is offered; a level decides how much more may
be forgiven; the creditor's floor is where every level ends.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from debtors.rules.authority import Authority
from debtors.rules.payoff import Balance

#: A discount takes the additions first, and the debt itself last.
FORGIVEN_IN_ORDER = ("late_fee_cents", "interest_cents", "correction_cents", "costs_cents", "principal_cents")


@dataclass(frozen=True, slots=True)
class Items:
    """What is owed, item by item, in centavos."""

    principal_cents: int
    correction_cents: int = 0
    interest_cents: int = 0
    late_fee_cents: int = 0
    costs_cents: int = 0

    @property
    def total_cents(self) -> int:
        """All items together."""
        return sum(getattr(self, name) for name in FORGIVEN_IN_ORDER)


@dataclass(frozen=True, slots=True)
class Band:
    """What is forgiven of debts at least so many days late; rates are fractions of the total."""

    from_days_late: int
    one_off_rate: Decimal
    installments_rate: Decimal

    def rate(self, *, payments: int) -> Decimal:
        """Return the discount for whoever pays at once, or in installments."""
        return self.one_off_rate if payments == 1 else self.installments_rate


NO_DISCOUNT = Band(0, Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Limit:
    """How far one level may go. `extra_rate` is forgiven beyond the discount that is offered for the age."""

    extra_rate: Decimal
    most_payments: int
    most_days_to_first: int


@dataclass(frozen=True, slots=True)
class Rules:
    """A creditor's rules for agreements; rates are fractions.

    `floor_rate` is the least share of the total that anybody may accept. `offered_payments` are the
    numbers of payments offered besides paying at once. Below `exit_cents` an agreement costs more
    than it brings; after `exit_days_late` nothing is hoped for any more.
    """

    bands: tuple[Band, ...]
    limits: Mapping[Authority, Limit]
    floor_rate: Decimal
    min_down_payment_rate: Decimal = Decimal(0)
    min_payment_cents: int = 5_000
    offered_payments: tuple[int, ...] = (3, 6, 12)
    days_to_first: int = 5
    exit_cents: int = 0
    exit_days_late: int | None = None


def items_of(balance: Balance) -> Items:
    """Return the items of a balance."""
    return Items(
        balance.principal_cents,
        correction_cents=balance.correction_cents,
        interest_cents=balance.interest_cents,
        late_fee_cents=balance.late_fee_cents,
        costs_cents=balance.costs_cents,
    )


def band_at(rules: Rules, *, days_late: int) -> Band:
    """Return the band of the highest age that a debt has reached; no discount before the first."""
    reached = [band for band in rules.bands if band.from_days_late <= days_late]
    return max(reached, key=lambda band: band.from_days_late, default=NO_DISCOUNT)


def floor_cents(
    items: Items, *, days_late: int, payments: int, rules: Rules, level: Authority | None = None
) -> int:
    """Return the least total that `level` may accept for a debt of this age; None: what is offered unasked.

    Never below the creditor's floor. A fraction of a centavo counts for the creditor.
    """
    forgiven = band_at(rules, days_late=days_late).rate(payments=payments)
    if level is not None:
        forgiven += rules.limits[level].extra_rate
    rate = max(rules.floor_rate, 1 - forgiven)
    return int((items.total_cents * rate).to_integral_value(ROUND_CEILING))


def lowest_cents(items: Items, *, rules: Rules) -> int:
    """Return the least total that anybody may accept: the floor, or the exit point if that is higher.

    Never more than is owed.
    """
    floor = int((items.total_cents * rules.floor_rate).to_integral_value(ROUND_CEILING))
    return min(items.total_cents, max(floor, rules.exit_cents, 1))


def discount_cents(items: Items, *, days_late: int, payments: int, rules: Rules) -> int:
    """Return what is forgiven unasked; a fraction of a centavo counts for the creditor."""
    rate = band_at(rules, days_late=days_late).rate(payments=payments)
    offered = int((items.total_cents * rate).to_integral_value(ROUND_FLOOR))
    return min(
        offered, items.total_cents - floor_cents(items, days_late=days_late, payments=payments, rules=rules)
    )


def down_payment_cents(total_cents: int, *, payments: int, rules: Rules) -> int:
    """Return the least first payment of an agreement in installments; nothing more for one at once."""
    if payments == 1:
        return 0
    return int((total_cents * rules.min_down_payment_rate).to_integral_value(ROUND_CEILING))


def is_payment_large_enough(total_cents: int, *, payments: int, first_cents: int, rules: Rules) -> bool:
    """Return whether every payment reaches the least one; who pays everything at once always may."""
    if payments == 1:
        return True
    first = max(first_cents, -(-total_cents // payments))
    return (total_cents - first) // (payments - 1) >= rules.min_payment_cents


def exit_reason(items: Items, *, days_late: int, rules: Rules) -> str:
    """Return why a write-off should be proposed instead: `too_little_left`, `too_old`, or "" when not."""
    if 0 < items.total_cents < rules.exit_cents:
        return "too_little_left"
    is_too_old = rules.exit_days_late is not None and days_late > rules.exit_days_late
    return "too_old" if is_too_old and items.total_cents > 0 else ""


def faults(rules: Rules) -> list[str]:
    """Return what is wrong with a creditor's rules; only rules without a fault may be put in force.

    The codes: `rate_outside_0_to_1`, `limits_missing`, `limits_not_widening` (a higher level must
    be allowed at least what a lower one is), `band_below_the_floor`, `bands_not_rising`,
    `offered_beyond_the_agents_limit`, `payment_not_above_zero`, `days_beyond_the_agents_limit`.
    """
    if set(rules.limits) != set(Authority):
        return ["limits_missing"]
    return list(dict.fromkeys([*_faults_of_rates(rules), *_faults_of_limits(rules)]))


def _faults_of_rates(rules: Rules) -> Iterator[str]:
    rates = [rules.floor_rate, rules.min_down_payment_rate]
    rates += [limit.extra_rate for limit in rules.limits.values()]
    rates += [rate for band in rules.bands for rate in (band.one_off_rate, band.installments_rate)]
    if not all(0 <= rate <= 1 for rate in rates):
        yield "rate_outside_0_to_1"
    if any(1 - max(band.one_off_rate, band.installments_rate) < rules.floor_rate for band in rules.bands):
        yield "band_below_the_floor"
    ages = [band.from_days_late for band in rules.bands]
    if ages != sorted(set(ages)):
        yield "bands_not_rising"


def _faults_of_limits(rules: Rules) -> Iterator[str]:
    levels = [rules.limits[level] for level in Authority]
    if not all(
        lower.extra_rate <= higher.extra_rate
        and lower.most_payments <= higher.most_payments
        and lower.most_days_to_first <= higher.most_days_to_first
        for lower, higher in pairwise(levels)
    ):
        yield "limits_not_widening"
    agent = levels[0]
    if any(count > agent.most_payments for count in rules.offered_payments):
        yield "offered_beyond_the_agents_limit"
    if rules.min_payment_cents < 1 or any(count < 1 for count in rules.offered_payments):
        yield "payment_not_above_zero"
    if not 0 <= rules.days_to_first <= agent.most_days_to_first:
        yield "days_beyond_the_agents_limit"
