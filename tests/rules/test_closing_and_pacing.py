"""Until when a contact stays within its window, and how contacts are spread over time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules import closing, pacing
from contacts.rules.facts import Facts, PointFacts, PolicyTerms, Window
from tests.factories.gate import SAO_PAULO, at, every_day

WORKING_HOURS = PolicyTerms(channels=frozenset({"sms"}), windows=((Window(8 * 60 + 30, 21 * 60),),) * 7)
MONDAY_NOON = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # 12:00 in São Paulo


@pytest.mark.parametrize(
    ("zones", "closes_at"),
    [
        (("America/Sao_Paulo",), datetime(2026, 11, 24, 0, 0, tzinfo=UTC)),
        (("America/Rio_Branco",), datetime(2026, 11, 24, 2, 0, tzinfo=UTC)),
        (("America/Rio_Branco", "America/Noronha"), datetime(2026, 11, 23, 23, 0, tzinfo=UTC)),
        ((), MONDAY_NOON),
    ],
)
def test_the_first_zone_to_close_counts_and_nothing_is_promised_of_an_unknown_one(zones, closes_at):
    assert closing.closes_at(facts=_facts(zones), terms=WORKING_HOURS, now=MONDAY_NOON) == closes_at


@pytest.mark.parametrize(
    ("utc", "closes_at"),
    [
        ("2026-11-23 11:29:59", "2026-11-23 11:29"),  # not open yet
        ("2026-11-23 11:30", "2026-11-24 00:00"),
        ("2026-11-23 23:59:59", "2026-11-24 00:00"),
        ("2026-11-24 00:00", "2026-11-24 00:00"),
        ("2026-11-24 00:17:30", "2026-11-24 00:17"),
        ("2026-11-24 05:40", "2026-11-24 05:40"),
    ],
)
def test_outside_the_window_and_at_its_last_moment_it_is_closed_already(utc, closes_at):
    closes = closing.closes_at(facts=_facts((SAO_PAULO,)), terms=WORKING_HOURS, now=at(utc))

    assert closes == at(closes_at)
    assert closes.tzinfo is UTC


@pytest.mark.parametrize(
    ("windows", "minutes"),
    [
        ([("09:00", "12:30"), ("12:10", "12:40")], 40),  # the second is open before the first closes
        ([("09:00", "12:30"), ("10:00", "12:40")], 40),
        ([("09:00", "12:00"), ("12:00", "12:45")], 45),
        ([("12:01", "18:00")], 0),
    ],
)
def test_of_windows_that_are_open_at_once_the_last_to_close_counts(windows, minutes):
    terms = PolicyTerms(channels=frozenset({"sms"}), windows=every_day(*windows))

    closes = closing.closes_at(facts=_facts((SAO_PAULO,)), terms=terms, now=MONDAY_NOON)

    assert closes == MONDAY_NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("utc", "closes_at"),
    [
        ("2019-02-17 00:50", "2019-02-17 01:30"),
        ("2019-02-17 01:10", "2019-02-17 01:30"),  # 23:10 for the first time
        ("2019-02-17 02:10", "2019-02-17 02:30"),  # 23:10 again
        ("2018-11-04 02:50", "2018-11-04 02:50"),  # 23:50: closed
    ],
)
def test_in_the_hour_that_comes_twice_each_pass_has_its_own_end(utc, closes_at):
    terms = PolicyTerms(channels=frozenset({"sms"}), windows=every_day(("08:30", "23:30")))

    assert closing.closes_at(facts=_facts((SAO_PAULO,)), terms=terms, now=at(utc)) == at(closes_at)


def test_a_channel_exempt_from_hours_is_good_until_local_midnight():
    terms = PolicyTerms(channels=frozenset({"sms"}), hours_exempt_channels=frozenset({"sms"}))

    end = closing.closes_at(facts=_facts(("America/Sao_Paulo",)), terms=terms, now=MONDAY_NOON)

    assert end == datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def test_of_windows_that_touch_the_last_to_close_counts():
    no_break = ((Window(8 * 60, 12 * 60 + 30), Window(12 * 60 + 30, 18 * 60)),) * 7
    terms = PolicyTerms(channels=frozenset({"sms"}), windows=no_break)

    end = closing.closes_at(facts=_facts(("America/Sao_Paulo",)), terms=terms, now=MONDAY_NOON)

    assert end == MONDAY_NOON + timedelta(hours=6)


def test_of_two_windows_the_one_that_is_open_counts():
    lunch_break = ((Window(9 * 60, 12 * 60 + 30), Window(14 * 60, 18 * 60)),) * 7
    terms = PolicyTerms(channels=frozenset({"sms"}), windows=lunch_break)

    end = closing.closes_at(facts=_facts(("America/Sao_Paulo",)), terms=terms, now=MONDAY_NOON)

    assert end == MONDAY_NOON + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("channel", "seconds"), [("sms", 30), ("email", 30), ("voice", 30), ("whatsapp", 600)]
)
def test_the_last_message_is_started_so_long_before_its_window_closes(channel, seconds):
    assert closing.margin(channel) == timedelta(seconds=seconds)


@given(seed=st.integers(0, 2**40), minutes=st.integers(1, 600))
def test_a_moment_is_moved_forward_within_the_span_and_always_alike_for_the_same_contact(seed, minutes):
    span = timedelta(minutes=minutes)

    moved = pacing.spread(MONDAY_NOON, seed=seed, over=span)

    assert MONDAY_NOON <= moved < MONDAY_NOON + span
    assert moved == pacing.spread(MONDAY_NOON, seed=seed, over=span)


def test_a_thousand_contacts_are_spread_over_the_whole_span_and_burst_in_no_minute():
    moments = [pacing.spread(MONDAY_NOON, seed=seed) for seed in range(1000)]

    by_minute = [sum(moment.minute == minute for moment in moments) for minute in range(45)]
    assert max(by_minute) < 45
    assert min(by_minute) > 5


def _facts(zones):
    point = PointFacts(id="1", kind="own", status="valid", channels=frozenset({"sms"}))
    return Facts(channel="sms", point=point, time_zones=zones, birth_date=date(1980, 1, 1))
