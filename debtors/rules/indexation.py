"""Monetary correction by an index of prices, and the legal rate where none was agreed.

Rates are imported, never built in: IPCA and INPC of IBGE, IGP-M of FGV, and the Banco Central's
series 29543 for the legal rate. A month that a table lacks is an error, never a guess.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Context, Decimal

from debtors.rules import charges
from debtors.rules.charges import Rounding

#: Year and month.
type Month = tuple[int, int]
#: The rate of each month as a fraction: 0.0052 is 0.52 %.
type Rates = Mapping[Month, Decimal]

CALCULATOR_PLACES = 7
LEGAL_RATE_PLACES = Decimal("0.00000001")  # six decimals of a rate in per cent
LEGAL_RATE_SINCE = date(2024, 8, 30)
FIRST_LEGAL_MONTH = (2024, 8)
WILDEST_RATE = Decimal("0.9")  # beyond this a comma was lost: the worst month since 1994 is below 0.07

_WIDE = Context(prec=50)
_MONTH = re.compile(r"(?:([0-9]{4})-([0-9]{2}))|(?:([0-9]{1,2})/([0-9]{4}))")
_RATE = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{1,8})?")


class MissingMonthsError(ValueError):
    """A table lacks months that are needed; `months` names them."""

    def __init__(self, months: Iterable[Month]) -> None:
        self.months = tuple(months)
        super().__init__("no rate for " + ", ".join(f"{month:02d}/{year}" for year, month in self.months))


@dataclass(frozen=True, slots=True)
class RateError:
    """A row of a table that cannot be read; `code` is `not_a_month`, `not_a_rate`, `wild_rate` or `twice`."""

    row: int
    code: str
    found: str


def read_rates(rows: Iterable[tuple[str, str]]) -> tuple[dict[Month, Decimal], list[RateError]]:
    """Return the monthly rates in rows of month and per cent, and what cannot be read.

    Months are `01/2003` or `2003-01`, rates `2,25`, `-0.15`. Rows count from 1.
    """
    rates: dict[Month, Decimal] = {}
    errors = []
    for row, (month_text, rate_text) in enumerate(rows, start=1):
        month, rate = _read_month(month_text), _read_rate(rate_text)
        if month is None:
            errors.append(RateError(row, "not_a_month", month_text))
        elif rate is None:
            errors.append(RateError(row, "not_a_rate", rate_text))
        elif abs(rate) > WILDEST_RATE:
            errors.append(RateError(row, "wild_rate", rate_text))
        elif month in rates:
            errors.append(RateError(row, "twice", month_text))
        else:
            rates[month] = rate
    return rates, errors


def factor(rates: Rates, *, first: Month, last: Month) -> Decimal:
    """Return what an amount is multiplied by over the months `first` to `last`, both counted.

    Months with falling prices count as they are. 1 when `last` comes before `first`. Raises
    MissingMonthsError.

    Source: Banco Central do Brasil, Calculadora do Cidadão: product of the monthly rates.
    """
    months = list(_months(first, last))
    missing = [month for month in months if month not in rates]
    if missing:
        raise MissingMonthsError(missing)
    product = Decimal(1)
    for month in months:
        product = _WIDE.multiply(product, 1 + rates[month])
    return product


def as_calculator(exact: Decimal) -> Decimal:
    """Return a factor as the Banco Central's calculator shows it: seven places, the rest cut off."""
    return exact.quantize(Decimal(1).scaleb(-CALCULATOR_PLACES), ROUND_DOWN, _WIDE)


def months_of_delay(*, due_on: date, on: date, lag: int = 1) -> tuple[Month, Month]:
    """Return the first and last month whose prices correct a debt: from the due month to the one before `on`.

    The month of payment has no index yet when it is paid. Practice of the courts' tables; a
    contract may agree otherwise. With a `lag` of two, every month is taken one earlier, so that the
    last one has been published on any day.
    """
    return _earlier((due_on.year, due_on.month), lag - 1), _earlier((on.year, on.month), lag)


def corrected_cents(cents: int, *, by: Decimal, rounding: Rounding = Rounding.HALF_UP) -> int:
    """Return an amount corrected by a factor, never less than the amount itself.

    Source: STJ, REsp 1.265.580/RS (2012): falling prices count, down to the nominal amount.
    """
    return max(cents, charges.rounded(_WIDE.multiply(Decimal(cents), by), rounding=rounding))


def legal_rate(*, selic_factor: Decimal, ipca15_factor: Decimal) -> Decimal:
    """Return the legal rate of a month as a fraction, from the factors of the month before.

    Both factors are growth (1.0087 for 0.87 %). Never below zero; six decimals of per cent, half
    to even.

    Source: Civil Code, art. 406, wording of Law 14.905/2024; CMN Resolution 5.171/2024, art. 2.
    """
    real = _WIDE.divide(selic_factor, ipca15_factor) - 1
    return max(Decimal(0), real.quantize(LEGAL_RATE_PLACES, ROUND_HALF_EVEN, _WIDE))


def legal_rates(*, selic: Rates, ipca15: Rates) -> dict[Month, Decimal]:
    """Return the legal rate of every month that follows one whose Selic and IPCA-15 are both known.

    For months since the law only; both tables hold fractions.
    """
    both = [month for month in selic.keys() & ipca15.keys() if _earlier(month, -1) >= FIRST_LEGAL_MONTH]
    return {
        _earlier(month, -1): legal_rate(selic_factor=1 + selic[month], ipca15_factor=1 + ipca15[month])
        for month in both
    }


def legal_interest(*, cents: int, rates: Rates, due_on: date, on: date) -> Decimal:
    """Return simple interest at the legal rate in centavos, not yet rounded.

    Each month counts with its own rate, a part of it by its days; the due day does not count, the
    day of payment does. With correction agreed as well, `cents` is the corrected amount. Raises
    MissingMonthsError, also for days before the law (30 August 2024), which another rate governs.

    Source: CMN Resolution 5.171/2024, arts. 6 and 7. That a part of a month counts by calendar
    days is our reading, to be confirmed by counsel.
    """
    counted = _days_by_month(due_on, on)
    if due_on < LEGAL_RATE_SINCE - timedelta(days=1) and counted:
        before_the_law = [month for month in counted if month <= (2024, 8)]
        raise MissingMonthsError(before_the_law)
    missing = [month for month in counted if month not in rates]
    if missing:
        raise MissingMonthsError(missing)
    share = sum((rates[month] * days / monthrange(*month)[1] for month, days in counted.items()), Decimal(0))
    return cents * share


def _read_month(text: str) -> Month | None:
    match = _MONTH.fullmatch(text.strip())
    if not match:
        return None
    year, month = int(match[1] or match[4]), int(match[2] or match[3])
    return (year, month) if 1 <= month <= 12 else None


def _read_rate(text: str) -> Decimal | None:
    stripped = text.strip()
    return Decimal(stripped.replace(",", ".")) / 100 if _RATE.fullmatch(stripped) else None


def _earlier(month: Month, months: int) -> Month:
    count = month[0] * 12 + month[1] - 1 - months
    return count // 12, count % 12 + 1


def _months(first: Month, last: Month) -> Iterator[Month]:
    """Yield every month from the first to the last, both counted."""
    year, month = first
    while (year, month) <= last:
        yield year, month
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _days_by_month(due_on: date, on: date) -> dict[Month, int]:
    """Return how many days after the due date up to `on` fall into each month."""
    days = {}
    for year, month in _months((due_on.year, due_on.month), (on.year, on.month)):
        first = max(date(year, month, 1), due_on + timedelta(days=1))
        last = min(date(year, month, monthrange(year, month)[1]), on)
        if first <= last:
            days[year, month] = (last - first).days + 1
    return days
