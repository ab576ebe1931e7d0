"""The gate's days: zones it can trust, personal dates, holidays, age."""

import os
import subprocess
import sys
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules import calendar, zones
from tests.factories.gate import (
    MANAUS,
    NORONHA,
    RIO_BRANCO,
    SAO_PAULO,
    WEDNESDAY,
    at,
    every_day,
    make_facts,
    make_point,
    make_terms,
    reasons,
)

NEEDING_A_CLOCK = make_terms(
    windows=every_day(("03:00", "03:01")), holidays=frozenset({date(2026, 11, 18)}), minor_age=200
)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../x", "/etc/localtime", "America", "zone.tab", "Brasil/Central", "a" * 5000),
        *(
            "America/Sao Paulo",
            "america/sao_paulo",
            "America/Sao_Paulo ",
            "America.Indiana/Knox",
            "\0",
            "\ud800",
        ),
    ],
)
def test_one_zone_that_cannot_be_loaded_is_enough_to_trust_no_clock(name):
    alone = make_facts(time_zones=(name,), birth_date=date(2000, 11, 18))
    among_good_ones = make_facts(time_zones=(SAO_PAULO, name), birth_date=date(2000, 11, 18))

    assert reasons(alone, NEEDING_A_CLOCK) == ("TZ_UNKNOWN",)
    assert reasons(among_good_ones, NEEDING_A_CLOCK) == ("TZ_UNKNOWN",)


def test_an_unknown_zone_is_reported_for_exempt_channels_too():
    terms = make_terms(hours_exempt_channels=frozenset({"sms"}), dates_exempt_channels=frozenset({"sms"}))

    assert reasons(make_facts(time_zones=()), terms) == ("TZ_UNKNOWN",)


def test_fallback_zones_count_only_when_nothing_is_known():
    terms = make_terms(windows=every_day(("12:00", "12:01")), fallback_time_zones=(SAO_PAULO,))
    elsewhere = make_terms(windows=every_day(("12:00", "12:01")), fallback_time_zones=(SAO_PAULO, NORONHA))

    assert reasons(make_facts(time_zones=()), terms) == ()
    assert reasons(make_facts(time_zones=()), elsewhere) == ("OUTSIDE_HOURS",)
    assert reasons(make_facts(time_zones=(RIO_BRANCO,)), terms) == ("OUTSIDE_HOURS",)
    assert reasons(make_facts(time_zones=("Nowhere/Land",)), terms) == ("TZ_UNKNOWN",)
    assert reasons(make_facts(point=make_point(time_zones=("Nowhere/Land",)), time_zones=()), terms) == (
        "TZ_UNKNOWN",
    )


def test_in_a_fallback_zone_every_rule_that_asks_for_the_day_is_judged():
    terms = make_terms(
        fallback_time_zones=(SAO_PAULO,),
        windows=every_day(("03:00", "03:01")),
        yearly_holidays=frozenset({(11, 18)}),
        minor_age=200,
    )
    facts = make_facts(time_zones=(), birth_date=date(1980, 11, 18))

    assert reasons(facts, terms) == ("BIRTHDAY", "HOLIDAY", "MINOR", "OUTSIDE_HOURS")


def test_an_instant_is_brought_to_utc_from_any_zone():
    local = at("2026-11-18 15:00").astimezone(calendar.zone(RIO_BRANCO))

    assert calendar.in_utc(local) == at("2026-11-18 15:00")
    assert calendar.in_utc(local).tzinfo is calendar.UTC


def test_a_required_birth_date_is_missed_even_where_the_zone_is_unknown():
    terms = make_terms(require_birth_date=True)

    assert reasons(make_facts(time_zones=()), terms) == ("BIRTH_DATE_UNKNOWN", "TZ_UNKNOWN")
    assert reasons(make_facts(), terms) == ("BIRTH_DATE_UNKNOWN",)
    assert reasons(make_facts(birth_date=date(1990, 1, 1)), terms) == ()


def test_zones_come_from_the_pinned_package_and_never_from_the_machine(tmp_path):
    """A machine's own file, here one that calls Noronha's time São Paulo's, is not even looked at."""
    machine = tmp_path / "America"
    machine.mkdir()
    noronha = calendar.resources.files("tzdata.zoneinfo").joinpath(NORONHA).read_bytes()
    (machine / "Sao_Paulo").write_bytes(noronha)
    ask = (
        "from datetime import datetime, UTC; from zoneinfo import ZoneInfo;"
        "from contacts.rules import calendar;"
        "noon = datetime(2026, 11, 18, 12, tzinfo=UTC); name = 'America/Sao_Paulo';"
        "print(noon.astimezone(ZoneInfo(name)).hour, noon.astimezone(calendar.zone(name)).hour)"
    )

    answer = subprocess.run(
        [sys.executable, "-c", ask],
        env=os.environ | {"PYTHONTZPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.split() == ["10", "9"]


@given(st.datetimes(min_value=at("1980-01-01 00:00").replace(tzinfo=None)))
def test_a_zone_shows_the_time_that_the_standard_library_shows(moment):
    instant = moment.replace(tzinfo=calendar.UTC)
    zone = calendar.zone("America/Manaus")

    if moment.year < 9999:
        assert (
            instant.astimezone(zone).isoformat() == instant.astimezone(ZoneInfo("America/Manaus")).isoformat()
        )


@pytest.mark.parametrize(
    ("utc", "is_birthday"),
    [
        ("2026-11-18 02:59:59", False),  # still the 17th in São Paulo
        ("2026-11-18 03:00:00", True),
        ("2026-11-19 02:59:59", True),
        ("2026-11-19 03:00:00", False),
    ],
)
def test_the_birthday_is_the_local_day(utc, is_birthday):
    facts = make_facts(birth_date=date(1980, 11, 18))

    assert reasons(facts, now=at(utc)) == (("BIRTHDAY",) if is_birthday else ())


def test_the_birthday_in_one_possible_zone_is_enough():
    facts = make_facts(birth_date=date(1980, 11, 18), time_zones=(SAO_PAULO, NORONHA))

    assert reasons(facts, now=at("2026-11-18 02:30")) == ("BIRTHDAY",)  # 23:30 and 00:30
    assert reasons(facts, now=at("2026-11-19 02:30")) == ("BIRTHDAY",)
    assert reasons(facts, now=at("2026-11-19 03:00")) == ()


@pytest.mark.parametrize(
    ("feb29", "on", "is_birthday"),
    [
        ("both", "2026-02-28", True),
        ("both", "2026-03-01", True),
        ("feb28", "2026-02-28", True),
        ("feb28", "2026-03-01", False),
        ("mar1", "2026-02-28", False),
        ("mar1", "2026-03-01", True),
        ("both", "2026-02-27", False),
        ("both", "2026-03-02", False),
        ("both", "2028-02-28", False),  # a leap year has the day itself
        ("both", "2028-02-29", True),
        ("feb28", "2028-02-29", True),
        ("mar1", "2028-03-01", False),
        ("mar1", "2100-03-01", True),  # no leap year
    ],
)
def test_a_birthday_on_29_february_falls_where_the_policy_says(feb29, on, is_birthday):
    facts = make_facts(birth_date=date(1992, 2, 29))

    found = reasons(facts, make_terms(feb29=feb29), now=at(f"{on} 15:00"))

    assert found == (("BIRTHDAY",) if is_birthday else ())


@pytest.mark.parametrize("zone", sorted(zones.all_zones()))
@pytest.mark.parametrize(
    ("birth_date", "feb29", "days"),
    [
        (date(1980, 11, 18), "both", [("2026-11-18", "2026-11-19")]),
        (date(1980, 12, 31), "both", [("2026-12-31", "2027-01-01")]),
        (date(1980, 1, 1), "both", [("2027-01-01", "2027-01-02")]),
        (date(1992, 2, 29), "both", [("2027-02-28", "2027-03-02"), ("2028-02-29", "2028-03-01")]),
        (date(1992, 2, 29), "feb28", [("2027-02-28", "2027-03-01"), ("2028-02-29", "2028-03-01")]),
        (date(1992, 2, 29), "mar1", [("2027-03-01", "2027-03-02"), ("2028-02-29", "2028-03-01")]),
    ],
)
def test_in_every_zone_the_birthday_lasts_from_its_midnight_to_the_next(zone, birth_date, feb29, days):
    facts = make_facts(birth_date=birth_date, time_zones=(zone,))
    terms = make_terms(feb29=feb29)
    shift = at("2026-11-18 12:00").astimezone(ZoneInfo(zone)).utcoffset()
    for first, after in days:
        begins, ends = at(f"{first} 00:00") - shift, at(f"{after} 00:00") - shift
        instant = timedelta(microseconds=1)
        moments = (begins - instant, begins, ends - instant, ends)

        found = [reasons(facts, terms, now=moment) for moment in moments]

        assert found == [(), ("BIRTHDAY",), ("BIRTHDAY",), ()]


@pytest.mark.parametrize(
    ("year", "is_leap"),
    [(1900, False), (1999, False), (2000, True), (2024, True), (2026, False), (2100, False), (2400, True)],
)
def test_a_century_is_a_leap_year_every_fourth_time_only(year, is_leap):
    assert calendar.is_leap_year(year) is is_leap


def test_who_was_born_on_28_february_has_no_birthday_on_1_march():
    facts = make_facts(birth_date=date(1990, 2, 28))

    assert reasons(facts, now=at("2026-02-28 15:00")) == ("BIRTHDAY",)
    assert reasons(facts, now=at("2026-03-01 15:00")) == ()


def test_dates_do_not_bind_an_exempt_channel_nor_a_policy_that_allows_birthdays():
    facts = make_facts(birth_date=date(1980, 11, 18), holidays=frozenset({date(2026, 11, 18)}))
    exempt = make_terms(dates_exempt_channels=frozenset({"sms"}))

    assert reasons(facts) == ("BIRTHDAY", "HOLIDAY")
    assert reasons(facts, exempt) == ()
    assert reasons(facts, make_terms(block_birthday=False)) == ("HOLIDAY",)


def test_age_is_judged_whatever_channel_is_exempt_from_dates():
    exempt = make_terms(dates_exempt_channels=frozenset({"sms"}))

    assert reasons(make_facts(birth_date=date(2015, 1, 1)), exempt) == ("MINOR",)


@pytest.mark.parametrize(
    ("utc", "is_holiday"),
    [
        ("2026-12-25 02:59:59", False),
        ("2026-12-25 03:00:00", True),
        ("2026-12-26 02:59:59", True),
        ("2026-12-26 03:00:00", False),
    ],
)
@pytest.mark.parametrize(
    ("policy", "own"),
    [
        ({"holidays": frozenset({date(2026, 12, 25)})}, frozenset()),
        ({"yearly_holidays": frozenset({(12, 25)})}, frozenset()),
        ({}, frozenset({date(2026, 12, 25)})),
    ],
)
def test_holidays_are_dated_or_yearly_or_the_debtors_own_and_local(policy, own, utc, is_holiday):
    found = reasons(make_facts(holidays=own), make_terms(**policy), now=at(utc))

    assert found == (("HOLIDAY",) if is_holiday else ())


def test_a_holiday_in_one_possible_zone_is_enough():
    facts = make_facts(holidays=frozenset({date(2026, 12, 25)}), time_zones=(RIO_BRANCO, NORONHA))

    assert reasons(facts, now=at("2026-12-25 02:00")) == ("HOLIDAY",)
    assert reasons(facts, now=at("2026-12-26 04:59:59")) == ("HOLIDAY",)
    assert reasons(facts, now=at("2026-12-26 05:00")) == ()


def test_a_dated_holiday_is_not_one_in_another_year_and_a_yearly_one_is():
    dated = make_terms(holidays=frozenset({date(2025, 12, 25)}))
    yearly = make_terms(yearly_holidays=frozenset({(12, 25)}))

    assert reasons(terms=dated, now=at("2026-12-25 15:00")) == ()
    assert reasons(terms=yearly, now=at("2031-12-25 15:00")) == ("HOLIDAY",)


@pytest.mark.parametrize(
    ("birth_date", "utc", "is_minor"),
    [
        (date(2008, 11, 18), "2026-11-18 02:59:59", True),
        (date(2008, 11, 18), "2026-11-18 03:00:00", False),
        (date(2008, 2, 29), "2026-02-28 15:00", True),  # a year is full on 1 March
        (date(2008, 2, 29), "2026-03-01 15:00", False),
        (date(2010, 2, 28), "2028-02-28 15:00", False),
        (date(2030, 1, 1), "2026-11-18 15:00", True),  # not born yet
    ],
)
def test_a_minor_is_younger_than_the_age_in_full_years(birth_date, utc, is_minor):
    facts = make_facts(birth_date=birth_date)

    found = reasons(facts, make_terms(block_birthday=False), now=at(utc))

    assert found == (("MINOR",) if is_minor else ())


def test_being_of_age_must_be_true_in_each_zone_and_may_not_be_asked_at_all():
    facts = make_facts(birth_date=date(2008, 11, 18), time_zones=(SAO_PAULO, RIO_BRANCO))
    now = at("2026-11-18 04:00")  # the 18th in São Paulo, the 17th in Rio Branco

    assert reasons(facts, make_terms(block_birthday=False), now=now) == ("MINOR",)
    assert reasons(facts, make_terms(block_birthday=False, minor_age=None), now=now) == ()
    assert reasons(facts, make_terms(block_birthday=False, minor_age=17), now=now) == ()


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)), st.integers(0, 40_000))
def test_every_year_a_person_has_a_birthday_on_which_the_age_grows_or_has_grown(birth_date, days):
    today = birth_date + timedelta(days=days)
    grown = calendar.full_years(today, birth_date=birth_date) - calendar.full_years(
        today - timedelta(days=1), birth_date=birth_date
    )

    assert grown in (0, 1)
    assert not grown or calendar.is_birthday(today, birth_date=birth_date, feb29="mar1")


def test_whoever_is_asked_about_in_between_keeps_his_own_clocks():
    nobody_knows_where = make_facts(time_zones=())
    of_manaus = make_terms(fallback_time_zones=(MANAUS,))
    of_acre = make_terms(fallback_time_zones=(RIO_BRANCO,))
    later = WEDNESDAY + timedelta(hours=11)
    hours = [
        (clock.hour, today.day)
        for _ in range(2)
        for facts, terms, now in (
            (make_facts(), of_manaus, WEDNESDAY),
            (nobody_knows_where, of_manaus, WEDNESDAY),
            (nobody_knows_where, of_acre, WEDNESDAY),
            (nobody_knows_where, of_acre, later),
        )
        for clock in calendar.local_clocks(facts, terms, now)
        for today in calendar.local_dates(facts, terms, now)
    ]

    assert hours == [(12, 18), (11, 18), (10, 18), (21, 18)] * 2
