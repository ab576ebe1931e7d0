"""Each sender keeps its rate over all processes, and rests while its provider is in trouble."""

import json
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connections

from contacts.channels.base import STOOD_STILL, Accepted, NotSent, Rejected, Unknown
from contacts.models import Attempt, Contact, Sender
from contacts.rules import circuit, pacing
from contacts.rules.circuit import MOST_TROUBLES
from contacts.services import dispatch, outbox, senders
from contacts.vocabulary import AttemptState, Channel, ContactState, Purpose, RestBecause
from tests.factories import house_creditor, make_debt, make_debtor, make_policy, make_template

pytestmark = pytest.mark.django_db

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
OPENING = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)  # Tuesday, 08:30 in São Paulo
#: Mobiles of thirty area codes, at which the sandbox always answers "too many requests".
BUSY = [f"+55{code}999990004" for code in (*range(11, 20), *range(31, 36), *range(41, 50), *range(61, 70))]


@dataclass
class Clock:
    """A clock that moves on while somebody waits by it, and a little with every look."""

    now: datetime = MONDAY_10AM
    tick: timedelta = timedelta(milliseconds=20)

    def __call__(self) -> datetime:
        self.now += self.tick
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def sandbox(settings, tmp_path):
    settings.CHANNELS = {"sms": "sandbox", "email": "sandbox", "voice": "manual"}
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    return settings.SANDBOX_FILE


@pytest.fixture
def house(db):
    make_policy(now=MONDAY_10AM)
    make_template()
    make_template(channel=Channel.EMAIL)


def want(count: int, *, channel: Channel = Channel.SMS, at: datetime = MONDAY_10AM, phones=(), **rest):
    """Want so many messages, each to a debtor of its own."""
    for number in range(count):
        debtor = make_debtor(phone=phones[number] if phones else "")
        make_debt(debtor=debtor)
        outbox.want(
            Contact(
                wanted_by=f"test:{channel}:{at:%d%H%M}:{number}",
                debtor=debtor,
                creditor=house_creditor(),
                channel=channel,
                purpose=Purpose.COLLECTION,
                template=make_template(channel=channel),
                not_before=at,
                created_at=at,
                **rest,
            )
        )


def rate(per_minute: int | None, *, channel: Channel = Channel.SMS) -> Sender:
    senders.senders()
    Sender.objects.filter(channel=channel).update(per_minute=per_minute)
    return Sender.objects.get(channel=channel)


def pump(clock: Clock, **rest) -> int:
    return dispatch.pump(clock=clock, pause=clock.pause, **rest)


def left(sandbox, channel: str = "sms") -> list[datetime]:
    lines = sandbox.read_text().splitlines() if sandbox.exists() else []
    kept = (json.loads(line) for line in lines)
    return sorted(datetime.fromisoformat(each["at"]) for each in kept if each["channel"] == channel)


def test_messages_of_a_sender_leave_one_after_the_other_never_faster_than_its_rate(sandbox, house):
    rate(60)
    want(30)

    assert pump(Clock()) == 30

    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(left(sandbox))]
    assert len(gaps) == 29
    assert min(gaps[1:]) >= 0.9  # the second may begin within the first second
    assert sum(gaps) >= 28
    assert len({round(gap, 1) for gap in gaps}) > 2


def test_a_sender_without_a_rate_waits_for_nobody(sandbox, house):
    want(45)

    assert pump(Clock()) == 45
    assert left(sandbox)[-1] - left(sandbox)[0] < timedelta(seconds=10)


def test_a_slow_sender_holds_no_other_channel_up(sandbox, house):
    rate(1)
    want(3)
    want(10, channel=Channel.EMAIL)
    clock = Clock()

    assert pump(clock, longest_run_seconds=1.0) == 11

    assert (len(left(sandbox)), len(left(sandbox, "email"))) == (1, 10)
    assert Contact.objects.filter(state=ContactState.PLANNED).count() == 2


def test_what_the_gate_refuses_uses_no_slot(sandbox, house, monkeypatch):
    sender = rate(1)
    want(8, at=OPENING - timedelta(hours=3))
    clock = Clock(now=OPENING - timedelta(hours=3))

    pump(clock)

    assert Contact.objects.filter(objections=["OUTSIDE_HOURS"]).count() == 8
    sender.refresh_from_db()
    assert sender.next_slot_at <= clock.now + timedelta(seconds=2)


def test_two_pumps_of_one_sender_keep_its_rate_together(sandbox, house):
    rate(60)
    want(40)
    first, second = senders.Watch(), senders.Watch()
    clock = Clock(tick=timedelta(0))
    taken: Counter[str] = Counter()

    for _look in range(100):
        for name, watch in (("first", first), ("second", second)):
            for turn in watch.turns(most=20, clock=clock):
                taken[name] += turn.slots.count if turn.slots else 0
        clock.pause(0.1)

    assert 8 <= taken.total() <= 11  # ten seconds at one a second, and the one to begin with


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_no_slot_is_taken_twice_by_processes_at_the_same_moment(sandbox):
    rate(600)
    taken, ready = [], threading.Barrier(6)

    def take() -> None:
        try:
            ready.wait()
            for turn in senders.Watch().turns(most=20, clock=lambda: MONDAY_10AM):
                taken.append(turn.slots.count if turn.slots else 0)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 8 <= sum(taken) <= 10  # one second of ten a second, whoever got them


def test_a_morning_opens_without_a_burst(sandbox, house, monkeypatch):
    rate(30)
    want(24, at=OPENING - timedelta(minutes=20))
    # Chance goes by ids, which other tests move on: this is the morning of ids from nought.
    first, spread = min(Contact.objects.values_list("pk", flat=True)), pacing.spread
    monkeypatch.setattr(pacing, "spread", lambda at, *, seed, over: spread(at, seed=seed - first, over=over))
    clock = Clock(now=OPENING - timedelta(minutes=20))
    pump(clock)

    while clock.now < OPENING + timedelta(hours=1):
        clock.now = clock.now.replace(second=0) + timedelta(minutes=4)
        pump(clock)

    by_minute = Counter(at.replace(second=0, microsecond=0) for at in left(sandbox))
    assert by_minute.total() == 24
    assert min(by_minute) >= OPENING
    assert max(by_minute.values()) <= 8
    assert len(by_minute) >= 8


def test_a_message_that_waited_too_long_for_its_turn_ends_as_too_late(sandbox, house):
    rate(1)
    want(3, expires_at=MONDAY_10AM + timedelta(seconds=70))
    clock = Clock()

    for _minute in range(3):
        pump(clock)
        clock.pause(60)

    states = Counter(Contact.objects.values_list("state", flat=True))
    assert states == {ContactState.SENT: 2, ContactState.EXPIRED: 1}


def test_a_sender_that_is_switched_off_sends_nothing_and_holds_no_other_channel_up(sandbox, house):
    rate(None)
    Sender.objects.filter(channel=Channel.SMS).update(is_on=False)
    want(2)
    want(2, channel=Channel.EMAIL)
    clock = Clock()

    pump(clock)
    assert (len(left(sandbox)), len(left(sandbox, "email"))) == (0, 2)

    Sender.objects.update(is_on=True)
    pump(clock)
    assert len(left(sandbox)) == 2


def test_a_new_number_warms_up_from_its_first_message_on(sandbox, house):
    rate(60)
    Sender.objects.filter(channel=Channel.SMS).update(warm_up_hours=24)
    clock = Clock()
    pump(clock)
    assert Sender.objects.get(channel=Channel.SMS).first_used_at is None  # nothing was due

    want(5)
    pump(clock)

    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(left(sandbox))]
    assert min(gaps) >= 8  # six a minute, not sixty
    sender = Sender.objects.get(channel=Channel.SMS)
    assert left(sandbox)[0] <= sender.first_used_at <= left(sandbox)[1]
    assert senders.rate_of(sender, now=sender.first_used_at + timedelta(hours=24)) == 60


def test_the_settings_give_a_sender_its_first_rate_and_a_manager_the_next(settings):
    settings.CHANNELS = {"sms": "twilio"}
    settings.TWILIO_SMS_FROM = "+551130000000"
    settings.RATES_PER_MINUTE = {("sms", "twilio"): 42}
    [first] = senders.senders()
    Sender.objects.update(per_minute=7)

    [again] = senders.senders()

    assert (first.address, first.per_minute) == ("+551130000000", 42)
    assert again.per_minute == 7


def test_another_number_is_another_sender(settings):
    settings.CHANNELS = {"sms": "twilio"}
    for number in ("+551130000000", "+551140000000"):
        settings.TWILIO_SMS_FROM = number
        senders.senders()

    assert Sender.objects.count() == 2
    assert [each.address for each in senders.senders()] == ["+551140000000"]


def test_every_attempt_says_from_which_number_it_left(settings, house, monkeypatch):
    monkeypatch.setattr("contacts.channels.registry.sender_of", lambda _channel: "+551130000000")
    want(1)

    pump(Clock())

    assert Attempt.objects.get().sender == "+551130000000"


# In trouble.


def tell(
    result, *, times: int = 1, watch: senders.Watch | None = None, now: datetime = MONDAY_10AM
) -> Sender:
    watch = watch or senders.Watch()
    for _time in range(times):
        watch.note(Channel.SMS, result, clock=lambda: now)
    return Sender.objects.get(channel=Channel.SMS)


def test_a_sender_whose_provider_is_gone_rests_and_nothing_more_is_tried(sandbox, house):
    want(30, phones=BUSY)

    tried = pump(Clock())

    sender = Sender.objects.get(channel=Channel.SMS)
    assert sender.rests_because == RestBecause.UNREACHABLE
    assert tried == MOST_TROUBLES
    assert Contact.objects.filter(state=ContactState.PLANNED).count() == 30


def test_while_a_sender_rests_other_channels_go_on(sandbox, house):
    rate(None)
    tell(Unknown(reason="x"), times=MOST_TROUBLES)
    want(2)
    want(2, channel=Channel.EMAIL)

    pump(Clock())

    assert (len(left(sandbox)), len(left(sandbox, "email"))) == (0, 2)


def test_after_its_rest_a_sender_is_tried_with_one_message_and_goes_on_when_that_is_taken(sandbox, house):
    rate(None)
    tell(NotSent(reason="x"), times=MOST_TROUBLES)
    want(5)
    clock = Clock(now=MONDAY_10AM + timedelta(seconds=31))
    watch = senders.Watch()

    turns = [turn for turn in watch.turns(most=20, clock=clock) if turn.sender]
    assert [turn.most for turn in turns] == [1]
    pump(clock)

    assert len(left(sandbox)) == 5
    assert Sender.objects.filter(channel=Channel.SMS, troubles=0, rests_until=None).exists()


def test_a_trial_that_fails_lets_the_sender_rest_longer(sandbox, house):
    rate(None)
    tell(NotSent(reason="x"), times=MOST_TROUBLES)
    later = MONDAY_10AM + timedelta(seconds=31)

    sender = tell(NotSent(reason="x"), now=later)

    assert sender.rests_until == later + timedelta(minutes=1)


def test_a_sender_whose_answers_are_mostly_unclear_rests_though_good_ones_come_in_between(sandbox, house):
    numbers = [
        f"+5511{'99999' if one % 2 else '98765'}{'0005' if one % 2 else f'{one:04}'}" for one in range(60)
    ]
    want(60, phones=numbers)

    pump(Clock())

    sender = Sender.objects.get(channel=Channel.SMS)
    assert sender.rests_because == RestBecause.UNCLEAR
    assert Attempt.objects.filter(state=AttemptState.UNKNOWN).count() == circuit.MOST_UNCLEAR + 1


@pytest.mark.parametrize("result", [Accepted(provider_id="x"), Rejected(code="21211", is_bad_address=True)])
def test_a_definite_answer_makes_a_sender_well_again(result):
    rate(None)
    watch = senders.Watch()
    tell(Unknown(reason="x"), times=MOST_TROUBLES - 1, watch=watch)

    sender = tell(result, watch=watch)

    assert (sender.troubles, sender.rests_until) == (0, None)


def test_a_provider_that_refuses_us_is_left_alone_for_a_quarter_of_an_hour():
    rate(None)

    sender = tell(Rejected(code="20003", stops_line=True))

    assert (sender.rests_because, sender.rests_until) == (
        RestBecause.REFUSES_US,
        MONDAY_10AM + timedelta(minutes=15),
    )


@pytest.mark.parametrize(
    "result", [NotSent(reason="smtp: recipient 450", is_of_the_recipient=True), STOOD_STILL]
)
def test_a_recipient_who_asks_for_patience_and_a_standstill_of_ours_are_no_trouble_of_the_sender(result):
    rate(None)

    sender = tell(result, times=50)

    assert (sender.troubles, sender.rests_until) == (0, None)


def test_a_manager_wakes_a_sender(sandbox, house):
    rate(None)
    sender = tell(Rejected(code="20003", stops_line=True))
    want(1)

    senders.wake(sender)
    pump(Clock())

    assert len(left(sandbox)) == 1


def test_good_news_is_written_only_where_it_is_news(django_assert_num_queries):
    rate(None)
    watch = senders.Watch()

    with django_assert_num_queries(0):
        watch.note(Channel.SMS, Accepted(provider_id="x"), clock=lambda: MONDAY_10AM)
