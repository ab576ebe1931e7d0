"""Who sends must know the hour: a machine and a database whose clocks differ admit nothing."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.db import connection

from contacts import tasks
from contacts.channels import clocks
from contacts.models import Contact, Finding
from contacts.services import calls, clock, dispatch, skew
from contacts.vocabulary import FindingKind
from tests.contacts.test_channels_twilio import SID, TOKEN, channel, message
from tests.factories import house_creditor, make_agent, make_debt, make_debtor, make_policy
from tests.fakes.twilio import Account, TwilioFake

NOW = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)


@pytest.fixture
def forgetful(monkeypatch):
    """A process that has seen no answer yet, and that forgets what this test shows it."""
    monkeypatch.setattr(clocks, "_last", clocks._Last())


@pytest.fixture
def pumped(monkeypatch):
    """How often the pump was set going."""
    calls = []
    monkeypatch.setattr(dispatch, "pump", lambda **_: calls.append(1))
    return calls


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "sends", "is_noted"),
    [(0, True, False), (5, True, False), (-5, True, False), (5.1, True, True), (-29.9, True, True),
     (30, True, True), (30.1, False, True), (-31, False, True), (3600, False, True)],
)  # fmt: skip
def test_seconds_are_noted_and_half_a_minute_stops_sending(monkeypatch, pumped, seconds, sends, is_noted):
    monkeypatch.setattr(skew, "measure", lambda: timedelta(seconds=seconds))

    tasks.pump.call()

    assert bool(pumped) is sends
    assert Finding.objects.filter(kind=FindingKind.CLOCK).exists() is is_noted


@pytest.mark.django_db
def test_a_clock_that_is_right_is_measured_as_right():
    assert abs(skew.measure()) < timedelta(seconds=2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Mon, 23 Nov 2026 12:59:20 GMT", timedelta(seconds=40)),
        ("Mon, 23 Nov 2026 10:01:00 -0300", timedelta(seconds=-60)),
        ("soon", timedelta(0)),
        (None, timedelta(0)),
    ],
)
def test_a_providers_answer_tells_the_hour_too(forgetful, date, ahead):
    clocks.note(date, now=NOW)

    assert clocks.ahead() == ahead


def test_an_answer_of_ten_minutes_ago_stops_nobody(forgetful, monkeypatch):
    clocks.note("Mon, 23 Nov 2026 12:00:00 GMT", now=NOW)
    late = clocks.ticks() + clocks.REMEMBERED_SECONDS + 1

    monkeypatch.setattr(clocks, "ticks", lambda: late)

    assert clocks.ahead() == timedelta(0)


@pytest.mark.django_db
def test_a_provider_of_another_hour_stops_sending_where_the_database_has_no_clock(forgetful, pumped):
    clocks.note("Mon, 23 Nov 2026 12:59:00 GMT", now=NOW)

    tasks.pump.call()

    assert pumped == []


def test_every_answer_of_twilio_is_looked_at(forgetful, monkeypatch):
    seen = []
    monkeypatch.setattr(clocks, "note", lambda date, *, now: seen.append(parsedate_to_datetime(date)))
    with TwilioFake(Account(account_sid=SID, auth_token=TOKEN)) as fake:
        channel(fake.url).send(message())

    assert [abs(each - datetime.now(UTC)) < timedelta(seconds=5) for each in seen] == [True]


@pytest.mark.django_db
def test_an_agents_call_is_not_placed_while_the_hour_is_not_sure(monkeypatch):
    make_policy(now=NOW)
    debtor = make_debtor()
    make_debt(debtor=debtor)
    monkeypatch.setattr(skew, "measure", lambda: timedelta(seconds=31))

    with pytest.raises(calls.NotPlacedError, match="clock"):
        calls.place(
            debtor=debtor,
            creditor=house_creditor(),
            point=debtor.points.get(medium="phone"),
            agent=make_agent(),
            wanted_by="call:1",
            now=NOW,
        )

    assert not Contact.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_database_whose_clock_is_ahead_is_found_out(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=1))

    assert connection.vendor == "postgresql"
    assert timedelta(seconds=-62) < skew.measure() < timedelta(seconds=-58)
