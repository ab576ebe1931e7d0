"""The gate's hours: the debtor's own wall clock decides, to the microsecond."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from contacts.rules.facts import EVERY_DAY_CLOSED, Window
from tests.factories.gate import (
    ALL_DAY,
    MANAUS,
    NORONHA,
    RIO_BRANCO,
    SAO_PAULO,
    at,
    every_day,
    make_facts,
    make_point,
    make_terms,
    reasons,
)

BUSINESS = make_terms(windows=every_day(("08:30", "21:00")))
INCLUSIVE = replace(BUSINESS, window_end_inclusive=True)
ZONES = {RIO_BRANCO: -5, MANAUS: -4, SAO_PAULO: -3, NORONHA: -2}


def at_local(time_of_day: str, *, hours_from_utc: int) -> datetime:
    local = datetime.fromisoformat(f"2026-11-18 {time_of_day}")
    return (local - timedelta(hours=hours_from_utc)).replace(tzinfo=UTC)


@pytest.mark.parametrize(("zone", "hours_from_utc"), ZONES.items())
@pytest.mark.parametrize(
    ("time_of_day", "is_open"),
    [
        ("08:29:59", False),
        ("08:29:59.999999", False),
        ("08:30:00", True),
        ("08:30:00.000001", True),
        ("20:59:59", True),
        ("20:59:59.999999", True),
        ("21:00:00", False),
        ("21:00:00.000001", False),
        ("00:00:00", False),
    ],
)
def test_a_window_includes_its_start_and_not_its_end_in_each_zone(zone, hours_from_utc, time_of_day, is_open):
    now = at_local(time_of_day, hours_from_utc=hours_from_utc)

    found = reasons(make_facts(time_zones=(zone,)), BUSINESS, now=now)

    assert found == (() if is_open else ("OUTSIDE_HOURS",))


@pytest.mark.parametrize(("zone", "hours_from_utc"), ZONES.items())
@pytest.mark.parametrize(
    ("time_of_day", "is_open"),
    [
        ("08:29:59.999999", False),
        ("08:30:00", True),
        ("21:00:00", True),
        ("21:00:00.000001", False),
        ("21:00:59", False),
    ],
)
def test_an_inclusive_window_holds_its_last_instant_and_no_more(zone, hours_from_utc, time_of_day, is_open):
    now = at_local(time_of_day, hours_from_utc=hours_from_utc)

    found = reasons(make_facts(time_zones=(zone,)), INCLUSIVE, now=now)

    assert found == (() if is_open else ("OUTSIDE_HOURS",))


@pytest.mark.parametrize(
    ("utc", "is_open"),
    [
        ("2026-11-18 13:29:59", False),  # 08:29:59 in Rio Branco, 11:29 in Noronha
        ("2026-11-18 13:30:00", True),
        ("2026-11-18 22:59:59", True),  # 20:59:59 in Noronha, 17:59 in Rio Branco
        ("2026-11-18 23:00:00", False),
    ],
)
def test_where_several_zones_are_possible_all_must_be_inside(utc, is_open):
    anywhere = make_facts(time_zones=tuple(ZONES))

    assert reasons(anywhere, BUSINESS, now=at(utc)) == (() if is_open else ("OUTSIDE_HOURS",))


def test_the_zones_of_the_point_and_of_the_debtor_are_united():
    now = at("2026-11-18 12:00")  # 09:00 in São Paulo, 07:00 in Rio Branco
    point = make_point(time_zones=(RIO_BRANCO,))

    assert reasons(make_facts(time_zones=(SAO_PAULO,)), BUSINESS, now=now) == ()
    assert reasons(make_facts(point=point), BUSINESS, now=now) == ("OUTSIDE_HOURS",)
    assert reasons(make_facts(point=point, time_zones=()), BUSINESS, now=now) == ("OUTSIDE_HOURS",)


def test_each_weekday_has_its_own_windows_and_the_local_weekday_counts():
    only_sunday = make_terms(windows=((),) * 6 + (ALL_DAY,))

    assert reasons(terms=only_sunday, now=at("2026-11-22 02:59:59")) == ("OUTSIDE_HOURS",)  # Saturday
    assert reasons(terms=only_sunday, now=at("2026-11-22 03:00:00")) == ()
    assert reasons(terms=only_sunday, now=at("2026-11-23 02:59:59.999999")) == ()
    assert reasons(terms=only_sunday, now=at("2026-11-23 03:00:00")) == ("OUTSIDE_HOURS",)  # Monday


def test_a_day_may_have_several_windows():
    terms = make_terms(windows=every_day(("09:00", "12:00"), ("14:00", "18:00")))

    assert reasons(terms=terms, now=at("2026-11-18 14:59:59")) == ()
    assert reasons(terms=terms, now=at("2026-11-18 15:00:00")) == ("OUTSIDE_HOURS",)
    assert reasons(terms=terms, now=at("2026-11-18 17:00:00")) == ()


def test_without_windows_every_day_is_closed():
    assert reasons(terms=make_terms(windows=EVERY_DAY_CLOSED)) == ("OUTSIDE_HOURS",)


def test_an_inclusive_end_at_midnight_does_not_reach_into_the_next_day():
    wednesday_only = ((), (), (Window(20 * 60, 24 * 60),), (), (), (), ())
    terms = make_terms(windows=wednesday_only, window_end_inclusive=True)

    assert reasons(terms=terms, now=at("2026-11-19 02:59:59.999999")) == ()
    assert reasons(terms=terms, now=at("2026-11-19 03:00:00")) == ("OUTSIDE_HOURS",)


def test_an_exempt_channel_may_go_at_any_hour_and_no_other():
    terms = replace(BUSINESS, hours_exempt_channels=frozenset({"email"}))
    night = at("2026-11-18 06:00")

    assert reasons(make_facts(channel="email"), terms, now=night) == ()
    assert reasons(make_facts(channel="sms"), terms, now=night) == ("OUTSIDE_HOURS",)


@pytest.mark.parametrize("utc", ["2018-02-18 01:30", "2018-02-18 02:30"])
def test_in_a_repeated_hour_both_passes_count_alike(utc):
    assert at(utc).astimezone(ZoneInfo(SAO_PAULO)).strftime("%H:%M") == "23:30"
    late = make_terms(windows=every_day(("23:00", "24:00")))

    assert reasons(terms=late, now=at(utc)) == ()
    assert reasons(terms=make_terms(windows=every_day(("08:00", "23:00"))), now=at(utc)) == ("OUTSIDE_HOURS",)


def test_where_midnight_does_not_exist_the_day_begins_at_one():
    from_midnight = make_terms(windows=every_day(("00:00", "01:00")))

    assert reasons(terms=from_midnight, now=at("2018-11-04 02:59:59")) == ("OUTSIDE_HOURS",)  # 23:59:59
    assert reasons(terms=from_midnight, now=at("2018-11-04 03:00:00")) == ("OUTSIDE_HOURS",)  # 01:00:00
