"""Additions for delay: the one-off late fee, simple interest on arrears, and the days that count."""

from collections.abc import Container
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from collections_crm.lib import workdays

LATE_FEE_CEILING = Decimal("0.02")
#: Of contracts between companies. Source: Decree 22.626/1933, art. 9.
COMPANY_FEE_CEILING = Decimal("0.1")
#: Between companies the penalty ends at the debt itself. Source: Civil Code, art. 412.
CIVIL_FEE_CEILING = Decimal(1)

#: How many days a monthly rate is spread over: the commercial month, or a twelfth of the year.
MONTH_OF_30 = Fraction(30)
YEAR_OF_365 = Fraction(365, 12)


class Rounding(StrEnum):
    """What becomes of a fraction of a centavo: half of one rounds up, or every fraction falls away.

    Both are in use, and a centavo apart: R$ 100.00 five days late owe R$ 102.17 or R$ 102.16.
    """

    HALF_UP = "half_up"
    DOWN = "down"


class FeeBase(StrEnum):
    """What the late fee is a share of: the installment as agreed, corrected, or with its interest too."""

    INSTALLMENT = "installment"
    CORRECTED = "corrected"
    WITH_INTEREST = "with_interest"


def rounded(amount: Decimal, *, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Return whole centavos."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP if rounding == Rounding.HALF_UP else ROUND_DOWN))


def late_fee_cents(
    *,
    installment_cents: int,
    rate: Decimal,
    days_late: int,
    ceiling: Decimal = LATE_FEE_CEILING,
    rounding: Rounding = Rounding.HALF_UP,
) -> int:
    """Return the one-off fee (multa) for an installment paid late, in centavos.

    `rate` is a fraction of the installment, 0.02 being 2 %. It is charged once, from
    the first day late on, however many days follow. Half a centavo rounds up.

    Raises ValueError when `rate` is outside 0 to the ceiling, which is 2 % for consumers:
    a contract asking for more must be refused at import, never trimmed here in silence.

    Source: Brazil, Consumer Code (Law 8.078/1990), art. 52 §1, wording of Law 9.298/1996.
    """
    if not 0 <= rate <= ceiling:
        raise ValueError(f"late fee rate {rate} is outside 0 to {ceiling}")
    if days_late < 1:
        return 0
    return rounded(installment_cents * rate, rounding=rounding)


def interest(
    *, principal_cents: int, monthly_rate: Decimal, days: int, month_days: Fraction = MONTH_OF_30
) -> Decimal:
    """Return simple interest (juros de mora) in centavos, not yet rounded.

    `monthly_rate` is a fraction (0.01 is 1 % a month), counted by day of a month of `month_days`.
    The due day itself does not count, the day of payment does. Zero for zero or fewer days.

    Source: Civil Code, art. 406; market practice for the 30-day divisor.
    """
    return principal_cents * monthly_rate * max(days, 0) * month_days.denominator / month_days.numerator


def free_until(due_on: date, *, grace_days: int = 0, closed: Container[date] = frozenset()) -> date:
    """Return the last day on which an installment is paid without additions.

    That is the first working day of banks on or after the due date, or the last of `grace_days`
    calendar days after it when that is later. `closed` holds local holidays.

    Source: Law 7.089/1983, art. 1, for due dates on weekends and holidays.
    """
    return max(workdays.on_or_after(due_on, closed=closed), due_on + timedelta(days=grace_days))


def days_charged(*, due_on: date, paid_on: date, free_until: date) -> int:
    """Return the days for which interest is due: none until `free_until`, then all since the due date.

    A creditor whose due dates move to the next working day (Pix with a due date) passes the moved
    date as `due_on`.

    Source: STJ, REsp 1.954.924/SE (2022): whoever does not use the next working day owes from the
    original due date on. Banco Central do Brasil, Pix API, for due dates that move.
    """
    return (paid_on - due_on).days if paid_on > free_until else 0
