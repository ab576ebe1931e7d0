"""The page of operations: every figure is one of the rows behind it, and every trouble is said."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collections_crm import alarms, snapshot
from collections_crm.engines.state import MANY, EngineState
from contacts.models import Attempt, Contact, Finding, Instance, ListDelay, Sender, WorkerRun
from contacts.services import senders, skew
from contacts.vocabulary import AttemptState, Channel, ContactState, FindingKind, HeldBecause, RestBecause
from tests.factories import make_agent, make_contact, make_debtor, make_manager, make_policy

pytestmark = pytest.mark.django_db

PAGE = reverse("operations")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def manager(client):
    user = make_manager()
    client.force_login(user)
    return user


@pytest.fixture
def well(now):
    """A house in which everything runs: a policy, a worker seen a moment ago."""
    make_policy(now=now)
    return WorkerRun.objects.create(host="crm-1", pid=41, started_at=now, seen_at=now)


def put(state: ContactState, *, now, channel: Channel = Channel.SMS, **values) -> Contact:
    contact = make_contact(debtor=make_debtor(), at=now, state=state, channel=channel)
    Contact.objects.filter(pk=contact.pk).update(**values)
    return contact


def attempt(
    contact: Contact, *, at, state: AttemptState = AttemptState.ACCEPTED, sender: str = ""
) -> Attempt:
    return Attempt.objects.create(
        contact=contact,
        provider="sandbox",
        sender=sender,
        provider_id=f"x{contact.pk}" if state == AttemptState.ACCEPTED else None,
        to="x",
        policy=make_policy(now=at),
        facts_hash="0" * 64,
        started_at=at,
        state=state,
    )


def codes(now) -> list[str]:
    return [alarm.code for alarm in alarms.of(snapshot.take(now=now))]


def test_what_waits_moves_and_stands_still_is_counted_by_channel(client, manager, well, now):
    put(ContactState.PLANNED, now=now - timedelta(minutes=2))
    put(ContactState.PLANNED, now=now + timedelta(hours=3))
    put(ContactState.PLANNED, now=now, channel=Channel.EMAIL)
    put(ContactState.SENDING, now=now)
    put(ContactState.UNKNOWN, now=now)
    put(ContactState.PARKED, now=now)
    put(ContactState.BLOCKED, now=now)
    put(ContactState.CONCLUDED, now=now)

    shown = client.get(PAGE).context

    assert (shown["seen"].queue.due, shown["seen"].waiting_for_later) == (2, 1)
    assert (shown["leaving"], shown["unclear"], shown["parked"], shown["blocked"]) == (1, 1, 1, 1)
    numbers = [(name, [number for _word, number in row]) for name, row in shown["by_channel"]]
    assert numbers == [("SMS", [2, 0, 1, 1, 1, 1]), ("e-mail", [1, 0, 0, 0, 0, 0])]


def test_an_agents_call_does_not_wait_for_a_worker(client, manager, well, now):
    put(ContactState.PLANNED, now=now, channel=Channel.VOICE, agent=manager)

    assert client.get(PAGE).context["seen"].queue.due == 0


def test_what_holds_contacts_back_is_told_apart_by_whether_time_mends_it(client, manager, well, now):
    put(ContactState.BLOCKED, now=now, objections=["OPT_OUT_GLOBAL", "NOTHING_OWED"])
    put(ContactState.BLOCKED, now=now, objections=["NOTHING_OWED"])
    put(ContactState.PLANNED, now=now + timedelta(hours=9), objections=["OUTSIDE_HOURS"])

    rows = client.get(PAGE).context["held_back"]

    told = [(each.reason.text, each.for_good, each.for_now) for each in rows]
    assert told[0] == ("não há nada a pagar", 2, 0)
    assert {(good, later) for _text, good, later in told[1:]} == {(1, 0), (0, 1)}


def test_what_each_sender_did_in_the_last_hour_and_day(client, manager, well, now, settings):
    settings.CHANNELS = {"sms": "sandbox"}
    senders.senders()
    for minutes, state in (
        (5, AttemptState.ACCEPTED),
        (50, AttemptState.ACCEPTED),
        (70, AttemptState.ACCEPTED),
        (90, AttemptState.REJECTED),
        (60 * 25, AttemptState.ACCEPTED),
    ):
        attempt(put(ContactState.SENT, now=now), at=now - timedelta(minutes=minutes), state=state)
    attempt(put(ContactState.SENT, now=now), at=now, sender="+551130000000")

    ours, gone = client.get(PAGE).context["senders"]

    assert (ours.rate.accepted_in_the_hour, ours.rate.accepted_in_the_day) == (2, 3)
    assert [number for _word, number in ours.rate.others_in_the_day] == [1]
    assert (gone.name, gone.sender, gone.rate.accepted_in_the_hour) == ("+551130000000", None, 1)


def test_what_ended_without_leaving_in_the_last_day_says_why(client, manager, well, now):
    for hours, code in ((1, "30003"), (2, "30003"), (30, "30003"), (1, "cannot fill due_date")):
        put(ContactState.FAILED, now=now, error_code=code, concluded_at=now - timedelta(hours=hours))

    rows = client.get(PAGE).context["came_to_nothing"]

    assert [(code, number) for _word, code, number in rows] == [("30003", 2), ("cannot fill due_date", 1)]


def test_a_house_in_which_all_is_well_raises_no_alarm(client, manager, well, now):
    assert codes(now) == []
    assert "Tudo funciona." in client.get(PAGE).content.decode()


def test_a_house_without_policy_and_workers_says_so(now):
    assert codes(now) == ["no_policy", "no_worker"]


@pytest.mark.parametrize(("seconds", "is_alive"), [(149, True), (151, False)])
def test_a_worker_not_seen_for_two_minutes_and_a_half_counts_as_silent(well, now, seconds, is_alive):
    assert ("no_worker" not in codes(now + timedelta(seconds=seconds))) is is_alive


def test_a_worker_that_was_found_dead_is_not_alive(well, now):
    WorkerRun.objects.update(ended_at=now)

    assert codes(now) == ["no_worker"]


def test_senders_held_because_the_database_is_older_than_what_left(well, now):
    Instance.objects.create(held_since=now, held_because=HeldBecause.OLDER)

    assert codes(now) == ["held"]


def test_a_sender_at_rest_is_shown_with_its_reason_and_can_be_woken(client, manager, well, now, settings):
    settings.CHANNELS = {"sms": "sandbox"}
    [sender] = senders.senders()
    Sender.objects.update(
        troubles=8, rests_until=now + timedelta(minutes=3), rests_because=RestBecause.REFUSES_US
    )
    assert codes(now) == ["sender_rests"]
    assert "nos recusa" in client.get(PAGE).content.decode()

    client.post(reverse("wake_sender", args=[sender.pk]))

    assert codes(now) == []


def test_findings_contradictions_and_decisions_are_announced(well, now):
    Finding.objects.create(kind=FindingKind.TERMS, first_at=now, last_at=now)
    contact = put(ContactState.PARKED, now=now)
    late = attempt(contact, at=now, state=AttemptState.NOT_SENT)
    Attempt.objects.filter(pk=late.pk).update(contradicted_at=now)

    assert codes(now) == ["late_evidence", "findings", "parked"]


@pytest.mark.parametrize(("minutes", "is_behind"), [(9, False), (11, True)])
def test_sending_that_does_not_keep_up_is_announced(well, now, minutes, is_behind):
    put(ContactState.PLANNED, now=now - timedelta(minutes=minutes))

    assert ("behind" in codes(now)) is is_behind


@pytest.mark.parametrize(("seconds", "is_trouble"), [(300, False), (301, True)])
def test_a_list_that_is_further_behind_than_anybody_waits_is_announced(well, now, seconds, is_trouble):
    ListDelay.objects.create(
        channel="sms", provider="twilio", looked_at=now, absent_for=timedelta(seconds=seconds)
    )

    assert ("list_lags" in codes(now)) is is_trouble


def test_a_pause_is_no_trouble_and_what_waits_during_it_is_none_either(well, now):
    make_policy(now=now, is_paused=True)
    put(ContactState.PLANNED, now=now - timedelta(hours=3))

    assert codes(now) == ["paused"]


@pytest.mark.parametrize(
    ("engine", "is_trouble"),
    [
        (EngineState("celery", 3), False),
        (EngineState("celery", MANY + 1), True),
        (EngineState("celery", None, is_reachable=False), True),
        (EngineState("immediate", None), False),
    ],
)
def test_a_queue_that_is_gone_or_full_is_announced(well, now, monkeypatch, engine, is_trouble):
    monkeypatch.setattr("collections_crm.engines.state.state", lambda: engine)

    assert ("engine" in codes(now)) is is_trouble


@pytest.mark.parametrize(
    ("seconds", "tones"), [(5, []), (-5, []), (6, ["wait"]), (-20, ["wait"]), (31, ["bad"]), (-31, ["bad"])]
)
def test_clocks_that_differ_are_announced(well, now, monkeypatch, seconds, tones):
    monkeypatch.setattr(skew, "measure", lambda: timedelta(seconds=seconds))

    assert [alarm.tone for alarm in alarms.of(snapshot.take(now=now))] == tones


def test_htmx_gets_the_part_alone_and_a_browser_the_page(client, manager, well):
    page, part = client.get(PAGE), client.get(PAGE, headers={"HX-Request": "true"})

    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()
    assert 'class="tiles"' in part.content.decode()


def test_an_agent_sees_no_operations_and_wakes_nobody(client, settings):
    settings.CHANNELS = {"sms": "sandbox"}
    [sender] = senders.senders()
    client.force_login(make_agent())

    assert client.get(PAGE).status_code == 403
    assert client.post(reverse("wake_sender", args=[sender.pk])).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_much_as_for_little(client, manager, well, now, rows):
    for _row in range(rows):
        contact = put(ContactState.BLOCKED, now=now, objections=["NOTHING_OWED"])
        attempt(contact, at=now, state=AttemptState.UNKNOWN, sender=f"+5511{contact.pk}")
        put(ContactState.FAILED, now=now, error_code=str(contact.pk), concluded_at=now)
        WorkerRun.objects.create(host="crm", pid=contact.pk, started_at=now, seen_at=now)
    client.get(PAGE)

    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)

    clock_of_its_own = 1 if connection.vendor == "postgresql" else 0
    assert len(asked) == 18 + clock_of_its_own
