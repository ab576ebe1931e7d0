"""What delay costs with one creditor, and in which order money settles it: values, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from debtors.rules import charges
from debtors.rules.charges import FeeBase, Rounding
from debtors.rules.indexation import Rates


class InterestKind(StrEnum):
    """Where the rate of interest comes from: the contract, or the law where none was agreed."""

    AGREED = "agreed"
    LEGAL = "legal"


class Item(StrEnum):
    """What a debt is made of, as a balance lists it."""

    COSTS = "costs"
    LATE_FEE = "late_fee"
    INTEREST = "interest"
    CORRECTION = "correction"
    PRINCIPAL = "principal"


class SettlingOrder(StrEnum):
    """Which addition a payment settles first. Costs come before all, the principal comes last.

    Source: Civil Code, art. 354 (interest before principal); contracts name the rest.
    """

    FEE_FIRST = "fee_first"
    INTEREST_FIRST = "interest_first"


#: What a payment settles within one installment, in order. Correction is the principal's own value.
ORDERS: Mapping[SettlingOrder, tuple[Item, ...]] = {
    SettlingOrder.FEE_FIRST: (Item.LATE_FEE, Item.INTEREST, Item.CORRECTION, Item.PRINCIPAL),
    SettlingOrder.INTEREST_FIRST: (Item.INTEREST, Item.LATE_FEE, Item.CORRECTION, Item.PRINCIPAL),
}


@dataclass(frozen=True, slots=True)
class ChargeTerms:
    """What the creditor charges for delay; rates are fractions (0.02 is 2 %).

    `index` corrects what is late, None where no correction was agreed; its months are those from
    `index_lag_months` before the due date on. `legal_rates` are asked only where the interest is legal.
    """

    late_fee_rate: Decimal = Decimal(0)
    monthly_interest_rate: Decimal = Decimal(0)
    month_days: Fraction = charges.MONTH_OF_30
    rounding: Rounding = Rounding.HALF_UP
    fee_base: FeeBase = FeeBase.INSTALLMENT
    fee_ceiling: Decimal = charges.LATE_FEE_CEILING
    grace_days: int = 0
    interest_kind: InterestKind = InterestKind.AGREED
    legal_rates: Rates | None = None
    index: Rates | None = None
    index_lag_months: int = 1
    order: SettlingOrder = SettlingOrder.FEE_FIRST
    tolerance_cents: int = 0
