"""The gate on days on which clocks are put forward or back: as Brazil did it, and as it may do it again."""

import importlib
import sys
from datetime import date, timedelta
from importlib import resources

import pytest

from contacts.rules import calendar, gate, zones
from contacts.rules.facts import Cap, ContactFacts, PromiseFacts
from tests.factories.gate import (
    NORONHA,
    RIO_BRANCO,
    SAO_PAULO,
    at,
    every_day,
    make_facts,
    make_terms,
    reasons,
)
from tests.factories.zone_files import make_zone_file

BUSINESS = make_terms(windows=every_day(("08:30", "21:00")))
SECOND = timedelta(seconds=1)
CLOSED = ("OUTSIDE_HOURS",)


def in_zone(name):
    return make_facts(time_zones=(name,))


def free_from(facts, terms, *, now):
    return gate.decide(facts=facts, terms=terms, now=now, horizon_days=3).next_allowed


# The last of the old rules: on 4 November 2018 midnight became one o'clock in São Paulo.
@pytest.mark.parametrize("utc", ["2018-11-02 11:30", "2018-11-03 11:30", "2018-11-04 10:30"])
def test_the_morning_comes_an_hour_earlier_once_clocks_are_put_forward(utc):
    assert reasons(terms=BUSINESS, now=at(utc) - SECOND) == CLOSED
    assert reasons(terms=BUSINESS, now=at(utc)) == ()
    assert reasons(terms=BUSINESS, now=at(utc) + timedelta(hours=12.5) - SECOND) == ()
    assert reasons(terms=BUSINESS, now=at(utc) + timedelta(hours=12.5)) == CLOSED


def test_an_opening_that_does_not_exist_is_passed_over_at_once():
    from_half_past_midnight = make_terms(windows=every_day(("00:30", "02:00")))
    evening = at("2018-11-03 23:00")

    assert reasons(terms=from_half_past_midnight, now=at("2018-11-04 02:59:59")) == CLOSED
    assert reasons(terms=from_half_past_midnight, now=at("2018-11-04 03:00")) == ()  # it is 01:00
    assert free_from(make_facts(), from_half_past_midnight, now=evening) == at("2018-11-04 03:00")


def test_a_window_that_lies_in_the_hour_left_out_does_not_open_that_day():
    from_midnight = make_terms(windows=every_day(("00:00", "01:00")))

    assert free_from(make_facts(), from_midnight, now=at("2018-11-03 23:00")) == at("2018-11-05 02:00")


@pytest.mark.parametrize(
    ("facts", "terms", "code"),
    [
        ({"birth_date": date(1980, 11, 4)}, {}, "BIRTHDAY"),
        ({"holidays": frozenset({date(2018, 11, 4)})}, {}, "HOLIDAY"),
        ({}, {"yearly_holidays": frozenset({(11, 4)})}, "HOLIDAY"),
    ],
)
def test_a_day_without_midnight_begins_and_ends_with_its_date(facts, terms, code):
    edges = [at("2018-11-04 02:59:59"), at("2018-11-04 03:00"), at("2018-11-05 01:59:59")]

    found = [reasons(make_facts(**facts), make_terms(**terms), now=moment) for moment in edges]

    assert found == [(), (code,), (code,)]
    assert free_from(make_facts(**facts), make_terms(**terms), now=edges[1]) == at("2018-11-05 02:00")


def test_a_promise_for_the_day_before_rests_until_the_day_without_midnight_begins():
    promise = PromiseFacts(due_on=date(2018, 11, 3), made_at=at("2018-10-30 12:00"))
    facts = make_facts(promises=(promise,))

    assert reasons(facts, now=at("2018-11-04 02:59:59")) == ("PROMISE_GRACE",)
    assert reasons(facts, now=at("2018-11-04 03:00")) == ()


def test_a_day_of_twenty_three_hours_has_one_contact_all_the_same():
    once_a_day = make_terms(total_cap=Cap(per_day=1))
    facts = make_facts(contacts=(ContactFacts(at("2018-11-04 03:00"), "sms", "sent"),))

    assert reasons(facts, once_a_day, now=at("2018-11-05 01:59:59")) == ("CAP_DAY_TOTAL",)
    assert reasons(facts, once_a_day, now=at("2018-11-05 02:00")) == ()


# On 16 February 2019 the hour from 23:00 came twice: from 01:00 and from 02:00 UTC.
@pytest.mark.parametrize(
    ("utc", "is_open"),
    [
        ("2019-02-17 00:59:59", True),
        ("2019-02-17 01:00", True),  # 23:00 for the first time
        ("2019-02-17 01:29:59", True),
        ("2019-02-17 01:30", False),  # 23:30
        ("2019-02-17 01:59:59", False),
        ("2019-02-17 02:00", True),  # 23:00 again
        ("2019-02-17 02:29:59", True),
        ("2019-02-17 02:30", False),
        ("2019-02-17 03:00", False),  # midnight
    ],
)
def test_in_the_hour_that_comes_twice_the_clock_on_the_wall_decides(utc, is_open):
    until_half_past_eleven = make_terms(windows=every_day(("08:30", "23:30")))

    assert reasons(terms=until_half_past_eleven, now=at(utc)) == (() if is_open else CLOSED)


def test_the_second_pass_is_the_next_chance():
    until_half_past_eleven = make_terms(windows=every_day(("08:30", "23:30")))

    assert free_from(make_facts(), until_half_past_eleven, now=at("2019-02-17 01:40")) == at(
        "2019-02-17 02:00"
    )
    assert free_from(make_facts(), until_half_past_eleven, now=at("2019-02-17 02:40")) == at(
        "2019-02-17 11:30"
    )


def test_both_passes_belong_to_the_same_day():
    once_a_day = make_terms(total_cap=Cap(per_day=1))
    facts = make_facts(contacts=(ContactFacts(at("2019-02-17 01:10"), "sms", "sent"),))
    birthday = make_facts(birth_date=date(1980, 2, 16))

    assert reasons(facts, once_a_day, now=at("2019-02-17 02:59:59")) == ("CAP_DAY_TOTAL",)
    assert reasons(facts, once_a_day, now=at("2019-02-17 03:00")) == ()
    assert reasons(birthday, now=at("2019-02-16 01:59:59")) == ()
    assert reasons(birthday, now=at("2019-02-16 02:00")) == ("BIRTHDAY",)
    assert reasons(birthday, now=at("2019-02-17 02:59:59")) == ("BIRTHDAY",)
    assert reasons(birthday, now=at("2019-02-17 03:00")) == ()


@pytest.mark.parametrize(
    ("week_mode", "is_enough"), [("rolling", False), ("local_dates", True), ("both", True)]
)
def test_seven_dates_with_a_repeated_hour_are_longer_than_168_hours(week_mode, is_enough):
    once_a_week = make_terms(total_cap=Cap(per_7_days=1), week_mode=week_mode)
    monday = ContactFacts(at("2019-02-11 02:10"), "sms", "sent")  # 00:10
    sunday_night = at("2019-02-18 02:50")  # 23:50, in winter time

    found = reasons(make_facts(contacts=(monday,)), once_a_week, now=sunday_night)

    assert found == (("CAP_7D_TOTAL",) if is_enough else ())


# Law 11.662/2008 moved the west an hour nearer, Law 12.876/2013 moved Acre and western Amazonas back.
@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        (RIO_BRANCO, ("2008-06-23 13:30", "2008-06-24 12:30")),
        (RIO_BRANCO, ("2013-11-09 12:30", "2013-11-10 13:30")),
        ("America/Eirunepe", ("2008-06-23 13:30", "2008-06-24 12:30")),
        ("America/Eirunepe", ("2013-11-09 12:30", "2013-11-10 13:30")),
        ("America/Santarem", ("2008-06-23 12:30", "2008-06-24 11:30")),
        ("America/Manaus", ("2008-06-23 12:30", "2008-06-24 12:30")),  # the east of Amazonas stayed
        ("America/Manaus", ("2013-11-09 12:30", "2013-11-10 12:30")),
    ],
)
def test_a_state_that_changes_its_zone_opens_by_the_new_clock_from_that_day_on(zone, opens):
    for opening in opens:
        assert reasons(in_zone(zone), BUSINESS, now=at(opening) - SECOND) == CLOSED
        assert reasons(in_zone(zone), BUSINESS, now=at(opening)) == ()


def test_while_amazonas_was_in_one_zone_its_two_zones_opened_together():
    amazonas = make_facts(time_zones=tuple(zones.zones_of_address(state="AM", city="")))

    openings = [
        free_from(amazonas, BUSINESS, now=at(f"{day} 05:00"))
        for day in ("2008-06-20", "2010-06-20", "2013-11-09", "2013-11-11")
    ]

    assert [f"{opening:%H:%M}" for opening in openings] == ["13:30", "12:30", "12:30", "13:30"]


def test_the_night_on_which_acre_went_back_had_its_last_hour_twice():
    only_late = make_terms(windows=every_day(("23:00", "23:30")))
    acre = in_zone(RIO_BRANCO)

    assert reasons(acre, only_late, now=at("2013-11-10 03:10")) == ()  # 23:10
    assert reasons(acre, only_late, now=at("2013-11-10 03:40")) == CLOSED
    assert reasons(acre, only_late, now=at("2013-11-10 04:10")) == ()  # 23:10 again
    assert reasons(acre, only_late, now=at("2013-11-10 05:10")) == CLOSED


# A rule nobody has decreed: from November 2027 on clocks are put forward again, as they were in 2018.
DECREED = make_zone_file(
    hours=-3, changes=[(at("2027-03-01 00:00"), -3)], rule="<-03>3<-02>,M11.1.0/0,M2.3.0/0"
)


@pytest.fixture
def after_the_decree(tmp_path, monkeypatch):
    """Run as after an update of the tzdata package, in which São Paulo has the rule made up above."""
    package = tmp_path / "tzdata"
    pinned = resources.files("tzdata.zoneinfo")
    for name in (SAO_PAULO, NORONHA):
        file = package / "zoneinfo" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(DECREED if name == SAO_PAULO else pinned.joinpath(name).read_bytes())
    (package / "__init__.py").touch()
    (package / "zoneinfo" / "__init__.py").touch()
    (package / "zones").write_text(f"{SAO_PAULO}\n{NORONHA}\n", encoding="ascii")
    with monkeypatch.context() as patch:
        for module in [name for name in sys.modules if name.partition(".")[0] == "tzdata"]:
            patch.delitem(sys.modules, module)
        patch.syspath_prepend(str(tmp_path))
        _forget_zones()
        yield
        for module in [name for name in sys.modules if name.partition(".")[0] == "tzdata"]:
            del sys.modules[module]
    _forget_zones()


def _forget_zones():
    importlib.invalidate_caches()
    for remembered in (calendar._known_names, calendar._load, calendar._zones):
        remembered.cache_clear()


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("2027-11-06 11:30", "2027-11-07 00:00"),
        ("2027-11-07 10:30", "2027-11-07 23:00"),  # summer time
        ("2028-02-19 10:30", "2028-02-19 23:00"),
        ("2028-02-20 11:30", "2028-02-21 00:00"),
        ("2029-11-04 10:30", "2029-11-04 23:00"),  # and so in later years
    ],
)
def test_a_decree_is_followed_as_soon_as_the_pinned_zones_know_of_it(after_the_decree, opening, closing):
    moments = (at(opening) - SECOND, at(opening), at(closing) - SECOND, at(closing))

    assert [reasons(terms=BUSINESS, now=moment) for moment in moments] == [CLOSED, (), (), CLOSED]


def test_until_the_pinned_zones_know_of_a_decree_the_old_hours_are_kept():
    assert reasons(terms=BUSINESS, now=at("2027-11-07 10:30")) == CLOSED
    assert reasons(terms=BUSINESS, now=at("2027-11-07 11:30")) == ()


def test_a_day_that_a_decree_robs_of_its_midnight_begins_at_one(after_the_decree):
    birthday = make_facts(birth_date=date(1980, 11, 7))

    assert reasons(birthday, now=at("2027-11-07 02:59:59")) == ()
    assert reasons(birthday, now=at("2027-11-07 03:00")) == ("BIRTHDAY",)
    assert free_from(birthday, make_terms(), now=at("2027-11-07 03:00")) == at("2027-11-08 02:00")


@pytest.mark.parametrize("start", ["2027-11-06 20:00", "2028-02-19 20:00"])
@pytest.mark.parametrize("window", [("00:00", "01:00"), ("00:30", "02:00"), ("23:10", "23:20")])
def test_around_a_change_the_next_moment_is_the_first_that_minute_by_minute_asking_finds(
    after_the_decree, start, window
):
    terms = make_terms(windows=every_day(window))
    anywhere = make_facts(time_zones=(SAO_PAULO, NORONHA))
    for facts in (make_facts(), anywhere):
        for hours in range(0, 30, 3):
            now = at(start) + timedelta(hours=hours, seconds=17)
            minutes = [now.replace(second=0) + timedelta(minutes=count) for count in range(1, 3 * 1440)]
            first = next((minute for minute in minutes if not reasons(facts, terms, now=minute)), None)

            assert free_from(facts, terms, now=now) == (now if not reasons(facts, terms, now=now) else first)
