"""The provider is gone for ten minutes: the sender rests and comes back, and everybody hears one word."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from contacts.models import Attempt, Contact, Sender
from contacts.rules.circuit import MOST_TROUBLES
from contacts.rules.disclosure import indiscretions
from contacts.services import dispatch, outbox, reconciling
from contacts.vocabulary import Channel, ContactState, RestBecause
from tests.factories import house_creditor, make_debt, make_debtor, make_policy, make_template
from tests.fakes.twilio import Account, TwilioFake
from tests.fakes.twilio.moods import Weather

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # Monday, 10:00 in São Paulo
MINUTE = timedelta(minutes=1)
PEOPLE = 24
SID, TOKEN = "AC" + "4" * 32, "a-token"


@dataclass
class Clock:
    """A clock that moves on while somebody waits by it, and by half a second with every look."""

    now: datetime = TEN

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=0.5)
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch):
    """The house's clock, by which the stand-in dates what it takes, too."""
    clock = Clock()

    class Moment(datetime):
        @classmethod
        def now(cls, tz=None):
            return clock.now

    monkeypatch.setattr("tests.fakes.twilio.account.datetime", Moment)
    return clock


@pytest.fixture
def twilio(settings):
    with TwilioFake(Account(account_sid=SID, auth_token=TOKEN, callback_share=0.0)) as fake:
        settings.CHANNELS = {"sms": "twilio"}
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = SID, TOKEN
        settings.TWILIO_SMS_FROM, settings.TWILIO_API_BASE_URL = "+551140040000", fake.url
        settings.RATES_PER_MINUTE = {("sms", "twilio"): 60}
        yield fake


@pytest.fixture
def everybody(db):
    """One message wanted for each of two dozen people, all due at ten."""
    make_policy(now=TEN)
    for number in range(PEOPLE):
        debtor = make_debtor(phone=f"+551198765{number:04}")
        make_debt(debtor=debtor)
        outbox.want(
            Contact(
                wanted_by=f"test:{number}",
                debtor=debtor,
                creditor=house_creditor(),
                channel=Channel.SMS,
                template=make_template(),
                not_before=TEN,
                created_at=TEN,
            )
        )


def live(clock: Clock, *, until: datetime) -> None:
    """Let the two bells ring every minute."""
    while clock.now < until:
        rung_at = clock.now
        reconciling.reconcile(clock=clock)
        dispatch.pump(clock=clock, pause=clock.pause)
        clock.now = max(clock.now, rung_at + MINUTE)


@pytest.mark.parametrize(
    ("troubles", "because"),
    [
        pytest.param(None, RestBecause.UNREACHABLE, id="nobody answers at its door"),
        pytest.param(
            ("20503", "20500_accepted", "reset", "reset_lost"),
            RestBecause.UNCLEAR,
            id="it answers without sense, and takes some all the same",
        ),
    ],
)
def test_ten_minutes_without_the_provider_lose_nobody_and_tell_nobody_twice(
    settings, twilio, clock, everybody, troubles, because
):
    if troubles is None:
        settings.TWILIO_API_BASE_URL = "http://127.0.0.1:9"
    else:
        twilio.account.weather = Weather(share=1.0, troubles=troubles)

    live(clock, until=TEN + MINUTE)
    sender = Sender.objects.get(channel=Channel.SMS)
    assert (sender.rests_because, sender.troubles) == (because, MOST_TROUBLES)

    live(clock, until=TEN + 10 * MINUTE)
    assert Attempt.objects.filter(handed_at__isnull=False).count() <= MOST_TROUBLES + 6  # the trials
    assert not Contact.objects.filter(state=ContactState.SENT).exists()

    settings.TWILIO_API_BASE_URL = twilio.url
    twilio.account.weather = Weather()
    live(clock, until=TEN + 60 * MINUTE)

    sender.refresh_from_db()
    assert (sender.troubles, sender.rests_until) == (0, None)
    assert Counter(message.fields["To"] for message in twilio.accepted()) == Counter(
        f"+551198765{number:04}" for number in range(PEOPLE)
    )
    by_minute = Counter(message.created_at.replace(second=0, microsecond=0) for message in twilio.accepted())
    assert max(by_minute.values()) <= 61
    assert set(Contact.objects.values_list("state", flat=True)) == {ContactState.SENT}
    assert all(indiscretions(message.fields["Body"]) == () for message in twilio.accepted())
