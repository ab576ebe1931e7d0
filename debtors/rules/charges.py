"""Additions for delay: the one-off late fee and simple interest on arrears."""

from decimal import ROUND_HALF_UP, Decimal

LATE_FEE_CEILING = Decimal("0.02")
DAYS_OF_A_MONTH = 30


def late_fee_cents(*, installment_cents: int, rate: Decimal, days_late: int) -> int:
    """Return the one-off fee (multa) for an installment paid late, in centavos.

    `rate` is a fraction of the installment, 0.02 being 2 %. It is charged once, from
    the first day late on, however many days follow. Half a centavo rounds up.

    Raises ValueError when `rate` is outside 0 to 2 %: a contract asking for more must
    be refused at import, never trimmed here in silence.

    Source: Brazil, Consumer Code (Law 8.078/1990), art. 52 §1, wording of Law 9.298/1996.
    """
    if not 0 <= rate <= LATE_FEE_CEILING:
        raise ValueError(f"late fee rate {rate} is outside 0 to {LATE_FEE_CEILING}")
    if days_late < 1:
        return 0
    return int((installment_cents * rate).quantize(Decimal(1), ROUND_HALF_UP))


def interest(*, principal_cents: int, monthly_rate: Decimal, days: int) -> Decimal:
    """Return simple interest (juros de mora) in centavos, not yet rounded.

    `monthly_rate` is a fraction (0.01 is 1 % a month), counted by day of a 30-day month. The
    due day itself does not count, the day of payment does. Zero for zero or fewer days.

    Source: Civil Code, art. 406; market practice for the 30-day divisor.
    """
    return principal_cents * monthly_rate * max(days, 0) / DAYS_OF_A_MONTH
