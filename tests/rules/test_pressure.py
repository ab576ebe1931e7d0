"""Contact pressure: the share of the tightest cap over all channels, with the contacts behind it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.facts import Cap, ContactFacts
from contacts.rules.pressure import Gauge, Reading, gauges, pressure
from tests.factories.gate import WEDNESDAY, make_terms

TICK = timedelta(microseconds=1)
DAY, WEEK = timedelta(hours=24), timedelta(hours=168)
TOGETHER = make_terms(total_cap=Cap(per_day=2, per_7_days=4, gap_minutes=60))


def made(*ago: timedelta, channel: str = "sms", outcome: str = "sent") -> list[ContactFacts]:
    return [ContactFacts(WEDNESDAY - each, channel, outcome) for each in ago]


def percent(contacts, terms=TOGETHER):
    return pressure(contacts, terms=terms, now=WEDNESDAY).percent


@pytest.mark.parametrize(
    ("ago", "share"),
    [
        ([], 0),
        ([timedelta(hours=1)], 50),  # one of two a day
        ([timedelta(hours=30)], 25),  # one of four a week
        ([timedelta(hours=1), timedelta(hours=2)], 100),
        ([timedelta(hours=30), timedelta(hours=50), timedelta(hours=60)], 75),
        ([timedelta(hours=30)] * 9, 100),  # a policy made tighter meanwhile: never more than all
        ([DAY - TICK], 50),
        ([DAY], 25),
        ([WEEK - TICK], 25),
        ([WEEK], 0),
        ([timedelta(0)], 50),
        ([-TICK], 0),  # dated later: it has not happened
    ],
)
def test_the_tightest_gauge_is_the_number(ago, share):
    assert percent(made(*ago)) == share


def test_every_channel_and_outcome_that_the_policy_counts_is_counted():
    mixed = made(DAY, channel="letter") + made(DAY, channel="voice", outcome="conversation")

    assert percent(mixed) == 50
    assert percent(made(DAY, outcome="failed") + made(DAY, outcome="inbound")) == 0


def test_a_third_is_rounded_down():
    assert percent(made(DAY), make_terms(total_cap=Cap(per_7_days=3))) == 33


def test_a_limit_of_none_is_always_full():
    assert percent([], make_terms(total_cap=Cap(per_day=0))) == 100


def test_without_caps_over_all_channels_each_channels_own_are_the_measure():
    terms = make_terms(
        total_cap=Cap(gap_minutes=60), channel_caps={"sms": Cap(per_7_days=2), "letter": Cap(per_day=1)}
    )

    assert gauges(terms) == (Gauge(24, 1, "letter"), Gauge(168, 2, "sms"))
    assert percent(made(DAY), terms) == 50
    assert percent(made(DAY, channel="email"), terms) == 0


def test_a_policy_without_limits_measures_nothing():
    found = pressure(made(DAY), terms=make_terms(), now=WEDNESDAY)

    assert (found.percent, found.readings) == (None, ())


def test_the_contacts_behind_the_number_are_those_of_the_week_latest_first():
    old, new = made(timedelta(hours=100))[0], made(timedelta(hours=3))[0]
    found = pressure(
        [old, *made(WEEK, -TICK), *made(DAY, outcome="blocked"), new], terms=TOGETHER, now=WEDNESDAY
    )

    assert found.contacts == (new, old)
    assert found.readings == (Reading(Gauge(24, 2), 1), Reading(Gauge(168, 4), 2))


moments = st.lists(st.integers(0, 200).map(lambda hours: timedelta(hours=hours)), max_size=8)


@given(moments)
def test_one_contact_more_never_makes_it_less(ago):
    assert percent(made(*ago, timedelta(hours=1))) >= percent(made(*ago))


@given(moments, st.integers(1, 200))
def test_it_goes_down_by_itself_while_nobody_contacts_the_person(ago, hours):
    later = pressure(made(*ago), terms=TOGETHER, now=WEDNESDAY + timedelta(hours=hours)).percent

    assert 0 <= later <= percent(made(*ago)) <= 100
