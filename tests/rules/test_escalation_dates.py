"""Days around a credit bureau and a notary, counted in working days where the law does."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collections_crm.lib import workdays
from debtors.rules import escalation_dates
from debtors.rules.escalation_dates import Service

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("available_on", "due_by"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # Monday
        (FRIDAY, date(2026, 12, 4)),
        (date(2026, 11, 28), date(2026, 12, 4)),  # Saturday
        (date(2026, 12, 23), date(2026, 12, 31)),  # over Christmas
        (date(2026, 2, 13), date(2026, 2, 24)),  # over Carnival
    ],
)
def test_a_listing_goes_within_five_working_days_of_the_money(available_on, due_by):
    assert escalation_dates.removal_due_by(available_on) == due_by


@given(available_on=st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_five_working_days_lie_between_money_and_removal(available_on):
    assert workdays.between(available_on, escalation_dates.removal_due_by(available_on)) == 5


@pytest.mark.parametrize(
    ("due_on", "last"),
    [(date(2021, 11, 21), date(2026, 11, 21)), (date(2020, 2, 29), date(2025, 3, 1))],
)
def test_a_debt_stands_in_a_bureau_for_five_years_from_its_due_date(due_on, last):
    assert escalation_dates.last_day_in_bureau(due_on) == last


def test_a_listing_waits_for_ten_days_after_the_notice_arrived():
    assert escalation_dates.listing_from(date(2026, 11, 20)) == date(2026, 11, 30)
    assert escalation_dates.listing_from(date(2026, 11, 20), wait_days=12) == date(2026, 12, 2)


def test_a_protest_is_registered_within_three_working_days_of_its_protocol():
    assert escalation_dates.protest_registered_by(FRIDAY) == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("way", "following"),
    [
        (Service.ELECTRONIC, (Service.CARRIER, date(2026, 12, 3))),
        (Service.CARRIER, (Service.PUBLIC_NOTICE, date(2026, 12, 9))),
        (Service.PUBLIC_NOTICE, None),
    ],
)
def test_a_notary_tries_the_next_way_when_receipt_is_not_proven(way, following):
    assert escalation_dates.next_service(way, sent_on=FRIDAY) == following


def test_a_local_holiday_gives_a_day_more():
    closed = {date(2026, 11, 30)}

    assert escalation_dates.removal_due_by(FRIDAY, closed=closed) == date(2026, 12, 7)
    assert escalation_dates.protest_registered_by(FRIDAY, closed=closed) == date(2026, 12, 3)
    assert escalation_dates.next_service(Service.ELECTRONIC, sent_on=FRIDAY, closed=closed) == (
        Service.CARRIER,
        date(2026, 12, 4),
    )
    closed = {date(2026, 12, 3)}
    assert escalation_dates.next_service(Service.ELECTRONIC, sent_on=FRIDAY, closed=closed) == (
        Service.CARRIER,
        date(2026, 12, 4),
    )


def test_a_notary_negotiates_for_thirty_days():
    assert escalation_dates.negotiation_until(date(2026, 11, 1)) == date(2026, 12, 1)
