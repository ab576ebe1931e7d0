"""When a message of the day may leave, and when it has become pointless."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dunning.rules.timing import earliest, too_late

OFFICE = ZoneInfo("America/Sao_Paulo")


def at(hour: int, minute: int = 0, day: int = 16) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=OFFICE)


@pytest.mark.parametrize(
    ("now", "expected"),
    [(at(0, 5), at(9)), (at(8, 59), at(9)), (at(9), at(9)), (at(9, 1), at(9, 1)), (at(23, 59), at(23, 59))],
)
def test_nothing_is_meant_to_leave_before_nine_in_the_office(now, expected):
    assert earliest(now=now, zone=OFFICE) == expected


def test_the_morning_is_that_of_the_offices_own_day():
    late_in_utc = at(22).astimezone(ZoneInfo("UTC"))  # already the 17th there

    assert earliest(now=late_in_utc, zone=OFFICE) == at(22)


def test_a_message_is_pointless_after_three_days():
    assert too_late(not_before=at(9, 30), due_on=None, zone=OFFICE) == at(9, 30) + timedelta(days=3)


@pytest.mark.parametrize(
    ("due_day", "expected"), [(17, at(0, day=18)), (16, at(0, day=17)), (25, at(9, 30, day=19))]
)
def test_a_reminder_is_pointless_once_its_due_date_is_over(due_day, expected):
    assert too_late(not_before=at(9, 30), due_on=date(2026, 11, due_day), zone=OFFICE) == expected
