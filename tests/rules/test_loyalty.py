"""Good payers: what counts as in time, and where points lead."""

from datetime import date
from decimal import Decimal

import pytest

from debtors.rules import loyalty, payoff
from debtors.rules.accrual import DueAmount
from debtors.rules.loyalty import Level, Record, Standing
from debtors.rules.payoff import Credit, History
from debtors.rules.terms import ChargeTerms

SILVER, GOLD = Level(20, "Prata", ""), Level(40, "Ouro", "frete grátis")
TODAY = date(2026, 11, 20)
TERMS = ChargeTerms(late_fee_rate=Decimal("0.02"), monthly_interest_rate=Decimal("0.01"))


def paid(*credits: tuple[date, int]) -> Record:
    """Return the record of 100.00 due on 5 October and on 5 November after these payments."""
    dues = [DueAmount(date(2026, 10, 5), 10_000), DueAmount(date(2026, 11, 5), 10_000)]
    history = History(dues, [Credit(day, cents) for day, cents in credits], TERMS)
    return loyalty.record(payoff.settled_days(history), on=TODAY)


@pytest.mark.parametrize(
    ("credits", "record"),
    [
        ([], Record(0, 2)),
        ([(date(2026, 10, 5), 10_000)], Record(1, 1)),
        ([(date(2026, 10, 5), 9_999)], Record(0, 2)),
        ([(date(2026, 10, 5), 10_000), (date(2026, 11, 5), 10_000)], Record(2, 0)),
        ([(date(2026, 10, 1), 20_000)], Record(2, 0)),
        ([(date(2026, 10, 6), 10_203), (date(2026, 11, 5), 10_000)], Record(1, 1)),
        ([(date(2026, 10, 6), 10_000), (date(2026, 11, 5), 10_000)], Record(0, 2)),  # the late fee is open
    ],
)
def test_an_installment_counts_when_the_last_of_it_was_paid_by_its_day(credits, record):
    assert paid(*credits) == record


def test_a_due_date_without_banks_is_kept_on_the_next_working_day_and_what_is_to_come_counts_nothing():
    saturday = DueAmount(date(2026, 11, 14), 100, free_until=date(2026, 11, 16))

    assert loyalty.record([(saturday, date(2026, 11, 16))], on=TODAY) == Record(1, 0)
    assert loyalty.record([(saturday, date(2026, 11, 17))], on=TODAY) == Record(0, 1)
    assert loyalty.record([(saturday, None)], on=date(2026, 11, 16)) == Record()


@pytest.mark.parametrize(
    ("record", "points", "level", "next_level"),
    [
        (Record(0, 0), 0, None, SILVER),
        (Record(1, 9), 0, None, SILVER),
        (Record(2, 0), 20, SILVER, GOLD),
        (Record(4, 1), 35, SILVER, GOLD),
        (Record(4, 0), 40, GOLD, None),
    ],
)
def test_points_rise_and_fall_and_lead_to_a_level(record, points, level, next_level):
    found = loyalty.standing(record, points_in_time=10, points_late=5, levels=[GOLD, SILVER])

    assert found == Standing(record, points, level, next_level)


def test_what_is_said_is_what_he_has_and_nothing_without_a_benefit():
    def words(in_time: int) -> str:
        found = loyalty.standing(Record(in_time), points_in_time=10, points_late=5, levels=[SILVER, GOLD])
        return found.words

    assert words(4) == "Como cliente Ouro, você tem frete grátis. Queremos que continue assim."
    assert (words(2), words(0)) == ("", "")
