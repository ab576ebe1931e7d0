"""Calls that the provider places: the agent first, then the debtor, and words for a human only."""

import itertools
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from twilio.http.response import Response

from contacts.channels import registry, twilio_voice
from contacts.channels.base import Message, NotSent, Rejected, Unknown
from contacts.models import Attempt, CallLine, Contact, PhoneCall, ProviderEvent
from contacts.services import (
    bridging,
    call_endings,
    call_line,
    calls,
    clock,
    consent,
    holds,
    points,
    policy,
    refusals,
)
from contacts.vocabulary import AttemptState, Channel, ContactState, HoldKind, OptOutScope, Outcome, Purpose
from debtors.vocabulary import PointKind, PointStatus
from tests.factories import (
    house_creditor,
    make_address,
    make_agent,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_promise,
)
from tests.fakes.twilio.callbacks import signature
from tests.fakes.twilio.in_process import OURS, PUBLIC, SID, TOKEN, post, telephones

pytestmark = pytest.mark.django_db

AGENT, THEIRS = "+5511970000001", "+5511987650001"
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
_names = itertools.count(1)
#: Every word Twilio may say of who answered, one it may come to say, and none.
ANSWERS = (
    "human", "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax",
    "unknown", "", "something_new", "Human",
)  # fmt: skip


@pytest.fixture
def twilio(settings):
    """The stand-in for Twilio, to which the settings lead."""
    with telephones(settings) as fake:
        yield fake


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def office(twilio, now):
    make_policy(now=now, windows=ALWAYS, minor_age=None)
    agent = make_agent()
    agent.phone = AGENT
    agent.save()
    return agent


def place(agent, now, *, to=THEIRS, debtor=None, name=""):
    """Let the agent press Dial."""
    who = debtor or make_debtor(phone=to, email=None)
    if debtor is None:
        make_debt(debtor=who)
    return calls.place(
        debtor=who,
        creditor=house_creditor(),
        point=who.points.get(medium="phone"),
        agent=agent,
        wanted_by=name or f"call:1:{next(_names)}:1",
        now=now,
    )


def play(twilio, *, until="end"):
    """Let the agent's telephone be answered, then the debtor's, and both be told the rest."""
    exchange = twilio.exchange
    (agents,) = exchange.to(AGENT)
    exchange.play(agents)
    debtors = [call for call in exchange.calls.values() if call is not agents]
    for call in debtors if until != "agent" else ():
        exchange.play(call)
        if call.room and until == "end":
            exchange.talk_is_over(call)
    exchange.tell_the_rest()
    return agents, debtors[0] if debtors else None


def standing(contact):
    contact.refresh_from_db()
    return contact.state, contact.outcome


# --- the whole road


def test_the_agents_telephone_rings_first_and_the_debtors_only_after_a_key(office, twilio, now):
    place(office, now)

    before = [call.asked("To") for call in twilio.exchange.calls.values()]
    agents, debtors = play(twilio, until="agent")

    assert before == [AGENT]
    assert agents.heard == [
        "Gather:",
        "Say: Pressione qualquer tecla para ligar para o cliente.",
        f"Conference: a-{Attempt.objects.get().pk}",
    ]
    about = f"a={Attempt.objects.get().pk}"
    assert dict(debtors.form) | {"StatusCallbackEvent": ""} == {
        "To": THEIRS,
        "From": OURS,
        "Url": f"{PUBLIC}/contacts/twilio/voice/answered?{about}",
        "Method": "POST",
        "Timeout": "22",
        "MachineDetection": "Enable",
        "MachineDetectionTimeout": "10",
        "StatusCallback": f"{PUBLIC}/contacts/twilio/voice/status?{about}&leg=debtor#rc=5&rp=all",
        "StatusCallbackMethod": "POST",
        "StatusCallbackEvent": "",
    }
    assert debtors.events == {"initiated", "ringing", "answered", "completed"}


def test_a_human_is_connected_and_what_was_said_is_for_the_agent_to_record(office, twilio, now, settings):
    settings.CALL_RECORDING = "never"
    contact = place(office, now)

    agents, debtors = play(twilio)

    assert debtors.heard == [f"Conference: a-{Attempt.objects.get().pk}"]
    assert agents.room == debtors.room != ""
    assert standing(contact) == (ContactState.SENT, "")
    call = PhoneCall.objects.get()
    assert (call.is_connected, call.answered_by, call.status) == (True, "human", "completed")
    assert call.ended_at is not None


@pytest.mark.parametrize(
    ("ending", "outcome", "code"),
    [
        ("99990301", Outcome.NO_ANSWER, "busy"),
        ("99990302", Outcome.NO_ANSWER, "no-answer"),
        ("99990303", Outcome.FAILED, "failed"),
        ("99990304", Outcome.VOICEMAIL, "VOICEMAIL"),
        ("99990305", Outcome.VOICEMAIL, "VOICEMAIL"),
        ("99990306", Outcome.VOICEMAIL, "VOICEMAIL"),
        ("99990307", Outcome.VOICEMAIL, "VOICEMAIL"),
    ],
)
def test_every_other_end_is_known_without_the_agent_and_lets_him_go(
    office, twilio, now, ending, outcome, code
):
    contact = place(office, now, to=f"+55119{ending}")

    agents, debtors = play(twilio)

    assert standing(contact) == (ContactState.CONCLUDED, outcome)
    assert contact.error_code == code
    assert debtors.heard == []
    assert agents.status == "completed"  # he does not wait for nobody


def test_a_machine_at_the_agents_rings_nobody(office, twilio, now):
    office.phone = "+5511999990308"
    office.save()
    contact = place(office, now)
    (agents,) = twilio.exchange.to(office.phone)

    twilio.exchange.play(agents)

    assert len(twilio.exchange.calls) == 1
    assert standing(contact) == (ContactState.CONCLUDED, Outcome.FAILED)
    assert contact.error_code == "agent completed"


@pytest.mark.sqlite  # the same on either database; once is long enough
@pytest.mark.parametrize("debtors", [10, pytest.param(100, marks=pytest.mark.full)])
def test_of_many_calls_only_those_that_a_human_answers_hear_a_word(office, twilio, now, debtors):
    placed = place_ten_for_each_of(debtors, office, now)
    answered_by = dict(zip(placed, [answer for answer in ANSWERS for _debtor in range(debtors)], strict=True))
    twilio.exchange.loses_reports = True  # what is heard does not depend on them

    for attempt_id, answer in answered_by.items():
        result = registry.bridge().ring_debtor(attempt_id=str(attempt_id), to=THEIRS)
        twilio.exchange.answers.append(answer)
        twilio.exchange.play(twilio.exchange.calls[result.provider_id])

    heard = {call.asked("Url")[-36:]: call.heard for call in twilio.exchange.calls.values()}
    assert len(heard) == 10 * debtors
    spoken_to = {attempt_id for attempt_id, answer in answered_by.items() if answer == "human"}
    assert {attempt_id for attempt_id, words in heard.items() if words} == {str(each) for each in spoken_to}
    assert set(PhoneCall.objects.filter(is_connected=True).values_list("attempt", flat=True)) == spoken_to
    outcomes = Contact.objects.values_list("attempts", "state", "outcome")
    assert {(state, outcome) for attempt, state, outcome in outcomes if attempt in spoken_to} == {
        (ContactState.SENT, "")
    }
    assert {(state, outcome) for attempt, state, outcome in outcomes if attempt not in spoken_to} == {
        (ContactState.CONCLUDED, Outcome.VOICEMAIL)  # it counts although nothing was said
    }


def place_ten_for_each_of(people, agent, now):
    """Return the attempts of calls whose telephone is about to ring, ten for each of so many people."""
    version = policy.ship_default(now=now)
    debtors = [make_debtor(phone=f"+55119{70_000_000 + number}", email=None) for number in range(people)]
    for debtor in debtors:
        make_debt(debtor=debtor)
    contacts = Contact.objects.bulk_create(
        Contact(
            wanted_by=f"call:{number}:1:1",
            debtor=debtor,
            creditor=house_creditor(),
            channel=Channel.VOICE,
            point=debtor.points.all()[0],
            agent=agent,
            state=ContactState.SENT,
            not_before=now,
            started_at=now,
            created_at=now,
        )
        for number, debtor in enumerate(debtors * 10)
    )
    attempts = Attempt.objects.bulk_create(
        Attempt(
            contact=contact,
            state=AttemptState.ACCEPTED,
            provider="twilio",
            provider_id=f"CA{contact.pk:032x}",
            to=THEIRS,
            policy=version,
            facts_hash="",
            started_at=now,
        )
        for contact in contacts
    )
    PhoneCall.objects.bulk_create(PhoneCall(attempt=attempt, rung_at=now) for attempt in attempts)
    return [attempt.pk for attempt in attempts]


# --- what may have changed meanwhile


def refuse(contact, now):
    consent.opt_out(debtor=contact.debtor, scope=OptOutScope.GLOBAL, source="x", by=None, now=now)


def hold(contact, now):
    holds.place(debtor=contact.debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=now)


def pause(contact, now):
    policy.pause(is_paused=True, by=None, now=now)


def not_me(contact, now):
    refusals.not_me(contact_id=contact.pk, now=now)


def at_work(contact, now):
    source = {"source": "he said so", "by": make_manager(), "now": now}
    points.change(contact.point, kind=PointKind.WORKPLACE, status=PointStatus.NEW, **source)


def promise(contact, now):
    make_promise(debtor=contact.debtor, promised_on=now.date() + timedelta(days=3), now=now)


def close_the_hours(contact, now):
    make_policy(now=now, windows={}, minor_age=None)


@pytest.mark.parametrize("meanwhile", [at_work, promise, close_the_hours])
def test_what_binds_until_a_telephone_rings_is_asked_once_more_before_it_does(office, twilio, now, meanwhile):
    contact = place(office, now)
    meanwhile(contact, now)

    _agents, debtors = play(twilio)

    assert debtors is None
    assert standing(contact) == (ContactState.CONCLUDED, Outcome.FAILED)


def test_a_call_does_not_count_against_itself_when_the_gate_is_asked_once_more(office, twilio, now):
    once = {"per_day": 1, "gap_minutes": 60}
    caps = {"total": once, "point": once, "channels": {"voice": once}}
    make_policy(now=now, windows=ALWAYS, minor_age=None, caps=caps)
    place(office, now)

    _agents, debtors = play(twilio)

    assert debtors.heard != []


@pytest.mark.parametrize("meanwhile", [refuse, hold, pause, not_me])
def test_what_is_refused_before_the_agent_is_there_lets_no_telephone_ring(office, twilio, now, meanwhile):
    contact = place(office, now)
    meanwhile(contact, now)

    agents, debtors = play(twilio)

    assert debtors is None
    assert agents.heard[-1] == "Say: Esta ligação não pode ser feita agora."
    assert standing(contact) in [
        (ContactState.CONCLUDED, Outcome.FAILED),
        (ContactState.CONCLUDED, Outcome.WRONG_PERSON),
    ]


@pytest.mark.parametrize("meanwhile", [refuse, hold, pause, not_me])
def test_what_is_refused_while_it_rings_is_hung_up_without_a_word(office, twilio, now, meanwhile):
    contact = place(office, now)
    agents, debtors = play(twilio, until="agent")
    meanwhile(contact, now)

    twilio.exchange.play(debtors)
    twilio.exchange.tell_the_rest()

    assert debtors.heard == []
    assert agents.status == "completed"
    assert standing(contact)[0] == ContactState.CONCLUDED
    assert standing(contact)[1] in (Outcome.NO_ANSWER, Outcome.WRONG_PERSON)


def test_an_agent_who_hangs_up_takes_the_call_back(office, twilio, now):
    contact = place(office, now)
    agents, debtors = play(twilio, until="agent")

    twilio.exchange._end(agents, "completed")
    twilio.exchange.tell_the_rest()

    assert debtors.status == "canceled"
    assert standing(contact) == (ContactState.CONCLUDED, Outcome.FAILED)  # it never rang


def test_a_debtor_who_answers_after_the_agent_hung_up_hears_nothing(office, twilio, now):
    contact = place(office, now)
    play(twilio, until="agent")
    PhoneCall.objects.update(agent_left_at=now)
    debtors = twilio.exchange.to(THEIRS)[0]

    twilio.exchange.play(debtors)

    assert debtors.heard == []
    assert standing(contact) == (ContactState.CONCLUDED, Outcome.NO_ANSWER)


def test_an_agent_who_answers_late_rings_nobody(office, twilio, now):
    contact = place(office, now)
    Attempt.objects.update(started_at=now - timedelta(seconds=61))

    _agents, debtors = play(twilio)

    assert debtors is None
    assert standing(contact) == (ContactState.CONCLUDED, Outcome.FAILED)


def test_no_call_is_begun_that_could_ring_after_the_window(office, twilio, now):
    answer = registry.bridge().send(
        Message(attempt_id="x", to=THEIRS, body="", at=now, agent_phone=AGENT, valid_for_seconds=59)
    )

    assert isinstance(answer, NotSent)
    assert twilio.exchange.calls == {}


# --- said twice, in disorder, or by somebody else


def test_a_question_asked_twice_is_answered_alike_and_rings_once(office, twilio, now):
    place(office, now)
    agents, _debtors = play(twilio, until="agent")
    again = {"AccountSid": SID, "CallSid": agents.sid, "Digits": "1"}
    url = f"{PUBLIC}/contacts/twilio/voice/ready?a={Attempt.objects.get().pk}"

    heard = post(url, again, signature(token=TOKEN, url=url, fields=again))

    assert heard.body == agents.served[-1]
    assert len(twilio.exchange.calls) == 2


@pytest.mark.parametrize("order", list(itertools.permutations(["initiated", "ringing", "no-answer"])))
def test_reports_in_any_order_and_twice_end_alike(office, twilio, now, order):
    contact = place(office, now)
    _agents, debtors = play(twilio, until="agent")

    for word in (*order, *order):
        hear(debtors, word)

    assert standing(contact) == (ContactState.CONCLUDED, Outcome.NO_ANSWER)
    assert PhoneCall.objects.get().status == "no-answer"


def hear(call, word, *, part="debtor", sid=None):
    """Let Twilio report on one telephone."""
    url = f"{PUBLIC}/contacts/twilio/voice/status?a={call.asked('Url')[-36:]}&leg={part}"
    fields = {"AccountSid": SID, "CallSid": sid or call.sid, "CallStatus": word}
    return post(url, fields, signature(token=TOKEN, url=url, fields=fields))


def test_a_telephone_we_did_not_ask_for_is_not_spoken_to(office, twilio, now):
    contact = place(office, now)
    _agents, debtors = play(twilio, until="agent")
    attempt = Attempt.objects.get().pk

    assert bridging.answer(attempt, call_id="CA" + "f" * 32, answered_by="human", now=now).goes_on is False
    assert hear(debtors, "completed", sid="CA" + "f" * 32).status == 204
    assert standing(contact) == (ContactState.SENT, "")
    assert bridging.answer(attempt, call_id=debtors.sid, answered_by="human", now=now).goes_on is True


@pytest.mark.parametrize(
    "name",
    ["voice_agent", "voice_ready", "voice_waiting", "voice_answered", "voice_status", "voice_recording"],
)
def test_a_forged_call_is_refused_and_changes_nothing(office, twilio, now, name):
    place(office, now)
    play(twilio, until="agent")
    before = (list(PhoneCall.objects.values()), list(Contact.objects.values()), ProviderEvent.objects.count())
    url = f"{PUBLIC}{reverse(f'contacts:{name}')}?a={Attempt.objects.get().pk}&leg=debtor"
    told = {"CallStatus": "completed", "Digits": "1", "AnsweredBy": "human", "RecordingSid": "RE1"}
    fields = {"AccountSid": SID, "CallSid": twilio.exchange.to(THEIRS)[0].sid} | told

    for signed in (
        "",
        signature(token="wrong", url=url, fields=fields),
        signature(token=TOKEN, url=url + "1", fields=fields),
    ):
        assert post(url, fields, signed).status == 403

    after = (list(PhoneCall.objects.values()), list(Contact.objects.values()), ProviderEvent.objects.count())
    assert after == before


def test_a_call_that_may_have_been_placed_is_known_by_what_rings(office, twilio, now):
    twilio.account.next_moods.append("reset")
    contact = place(office, now)
    before = standing(contact)

    _agents, debtors = play(twilio, until="agent")

    assert before == (ContactState.UNKNOWN, "")
    assert standing(contact) == (ContactState.SENT, "")
    assert debtors is not None


def test_a_debtors_telephone_that_may_have_been_asked_for_is_known_by_its_answer(office, twilio, now):
    contact = place(office, now)
    twilio.account.next_moods.append("reset")

    _agents, debtors = play(twilio)

    assert debtors.room
    assert PhoneCall.objects.get().debtor_call_id == debtors.sid
    assert standing(contact) == (ContactState.SENT, "")


def test_the_debtors_telephone_does_not_ring_on_when_the_agent_has_gone(office, twilio, now, monkeypatch):
    place(office, now)
    hung_up = []
    voice, unclear = twilio_voice.TwilioVoiceChannel, Unknown(reason="no answer")
    monkeypatch.setattr(voice, "hang_up", lambda _channel, call_id: hung_up.append(call_id))
    monkeypatch.setattr(voice, "ring_debtor", lambda _channel, **_about: unclear)
    attempt = Attempt.objects.get()
    told = {"payload": {}, "now": clock.now()}
    bridging.ring_debtor(attempt.pk, call_id=attempt.provider_id, now=clock.now())

    call_endings.hear(attempt.pk, part="agent", call_id=attempt.provider_id, status="completed", **told)
    call_endings.hear(attempt.pk, part="debtor", call_id="CA-theirs", status="ringing", **told)

    assert hung_up == ["CA-theirs"]


def test_an_agent_who_left_while_the_line_was_busy_has_nobody_rung(office, twilio, now, monkeypatch):
    contact = place(office, now)
    attempt = Attempt.objects.get()

    def leave(*, now):
        PhoneCall.objects.update(agent_left_at=now)
        return now

    monkeypatch.setattr(bridging.call_line, "wait_for_turn", leave)
    bridge = bridging.ring_debtor(attempt.pk, call_id=attempt.provider_id, now=clock.now())

    assert not bridge.goes_on
    assert twilio.exchange.to(THEIRS) == []
    assert standing(contact) == (ContactState.CONCLUDED, Outcome.FAILED)


# --- recordings


@pytest.mark.parametrize(
    ("mode", "state", "is_recorded"),
    [("law", "SP", True), ("law", "BA", False), ("always", "BA", True), ("never", "SP", False)],
)
def test_a_recorded_call_says_so_first_and_its_recording_is_kept(
    office, twilio, now, settings, mode, state, is_recorded
):
    settings.CALL_RECORDING = mode
    debtor = make_debtor(phone=THEIRS, email=None, confirmed_time_zone="America/Sao_Paulo")
    make_address(debtor=debtor, state=state, city="")
    make_debt(debtor=debtor)
    place(office, now, debtor=debtor)

    agents, debtors = play(twilio)

    words = [word for word in debtors.heard if word.startswith("Say")]
    assert words == (["Say: Esta ligação é gravada."] if is_recorded else [])
    for twiml in (agents.served[-1], debtors.served[-1]):
        assert ('record="record-from-start"' in twiml) == is_recorded
    call = PhoneCall.objects.get()
    assert [call.recording_id] == (list(twilio.exchange.recordings) if is_recorded else [""])
    assert (call.is_recorded, call.recording_seconds) == ((True, 61) if is_recorded else (False, None))


# --- the line


def test_calls_are_placed_no_faster_than_the_account_allows(office, twilio, now, settings):
    settings.TWILIO_CALLS_PER_SECOND = 2

    waits = [call_line.take_turn(now=now) for _call in range(7)]

    assert [wait.total_seconds() for wait in waits] == [0, 0.5, 1, 1.5, 2, 2.5, 3]
    with pytest.raises(call_line.BusyLineError):
        call_line.take_turn(now=now)
    assert call_line.take_turn(now=now + timedelta(seconds=0.5)).total_seconds() == 3


@pytest.mark.django_db(transaction=True)
def test_processes_share_one_line(settings, now):
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_CALLS_PER_SECOND = SID, 4
    call_line.take_turn(now=now)
    waits, errors = [], []

    def take():
        try:
            waits.append(call_line.take_turn(now=now))
        except call_line.BusyLineError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _thread in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(wait.total_seconds() for wait in waits) == [0.25 * turn for turn in range(1, 13)]
    assert len(errors) == 4


def test_nothing_is_started_while_calls_wait_at_the_provider(office, twilio, now):
    call_line.saw_queue(queue_ms=2_500, now=now)

    with pytest.raises(calls.NotPlacedError) as refused:
        place(office, now, name="call:1:1:1", debtor=(debtor := make_debtor(phone=THEIRS)))

    assert refused.value.why == "busy"
    assert twilio.exchange.calls == {}
    make_debt(debtor=debtor)
    later = now + timedelta(seconds=0.6)  # the queue has shrunk to 1.9 seconds
    assert place(office, later, name="call:1:1:1", debtor=debtor).state == ContactState.SENT


def test_a_call_that_would_ring_the_agent_after_a_while_is_taken_back(office, twilio, now):
    twilio.exchange.queue_ms.append(6_000)

    with pytest.raises(calls.NotPlacedError, match="busy"):
        place(office, now)

    (agents,) = twilio.exchange.to(AGENT)
    assert agents.status == "canceled"
    assert standing(Contact.objects.get()) == (ContactState.CONCLUDED, Outcome.FAILED)


def test_a_debtors_telephone_in_the_queue_is_taken_back_while_the_agent_waits(office, twilio, now):
    contact = place(office, now)
    twilio.exchange.queue_ms.append(3_000)
    agents, debtors = play(twilio, until="agent")

    twilio.exchange.ask_while_waiting(agents)
    in_time = debtors.status
    PhoneCall.objects.update(rung_at=now - timedelta(seconds=6))
    twilio.exchange.ask_while_waiting(agents)
    twilio.exchange.tell_the_rest()

    assert (in_time, debtors.status) == ("queued", "canceled")
    assert standing(contact) == (ContactState.CONCLUDED, Outcome.FAILED)


def test_a_telephone_stops_ringing_when_its_owner_says_no_while_it_rings(office, twilio, now):
    contact = place(office, now)
    agents, debtors = play(twilio, until="agent")
    twilio.exchange.ask_while_waiting(agents)
    before = debtors.status

    consent.opt_out(debtor=contact.debtor, scope=OptOutScope.GLOBAL, source="x", by=None, now=now)
    twilio.exchange.ask_while_waiting(agents)
    twilio.exchange.tell_the_rest()

    assert (before, debtors.status, debtors.heard) == ("queued", "canceled", [])
    assert standing(contact) == (ContactState.CONCLUDED, Outcome.FAILED)


def test_a_call_that_was_held_for_unmade_and_is_answered_raises_the_alarm_and_rings_nobody(
    office, twilio, now
):
    place(office, now)
    Attempt.objects.update(state=AttemptState.NOT_SENT, provider_id=None)
    Contact.objects.update(state=ContactState.CANCELLED)

    _agents, debtors = play(twilio, until="agent")

    assert debtors is None
    assert Attempt.objects.get().contradicted_at is not None


# --- agents, and what is left open


def test_without_a_telephone_of_his_own_an_agent_places_no_call(office, twilio, now):
    office.phone = ""
    office.save()

    with pytest.raises(calls.NotPlacedError) as refused:
        place(office, now)

    assert refused.value.why == "no_phone"
    assert Contact.objects.count() == 0


def test_an_agents_telephone_that_does_not_exist_is_not_the_debtors_fault(office, twilio, now):
    office.phone = "12"
    office.save()

    with pytest.raises(calls.NotPlacedError):
        place(office, now)

    contact = Contact.objects.get()
    assert (contact.state, contact.point.status) == (ContactState.FAILED, PointStatus.NEW)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (13224, {"is_bad_address": True}),
        (21217, {"is_bad_address": True}),
        (21210, {"stops_line": True}),
        (21219, {"stops_line": True}),
        (21610, {}),
        (99999, {}),
    ],
)
def test_codes_of_calls_are_understood(code, expected):
    answer = twilio_voice.classify(Response(400, f'{{"code": {code}}}'))

    assert isinstance(answer, Rejected)
    assert {
        name: value
        for name in ("is_bad_address", "is_opt_out", "stops_line")
        if (value := getattr(answer, name))
    } == expected


def test_what_nobody_ended_is_ended(office, twilio, now):
    silent = place(office, now)
    undialled = Contact.objects.create(
        wanted_by="call:9:9:9", debtor=silent.debtor, channel=Channel.VOICE, purpose=Purpose.COLLECTION,
        agent=office, not_before=now, created_at=now - timedelta(minutes=11),
    )  # fmt: skip

    early = call_endings.sweep(now=now + timedelta(minutes=4)), standing(silent)
    late = call_endings.sweep(now=now + timedelta(minutes=6)), standing(silent)

    assert early == (1, (ContactState.SENT, ""))
    assert late == (1, (ContactState.CONCLUDED, Outcome.FAILED))
    assert standing(undialled)[0] == ContactState.CANCELLED


def test_a_conversation_of_which_nothing_was_recorded_is_one_all_the_same(office, twilio, now):
    contact = place(office, now)
    play(twilio)

    early = call_endings.sweep(now=now + timedelta(minutes=29)), standing(contact)
    late = call_endings.sweep(now=now + timedelta(minutes=31)), standing(contact)

    assert early == (0, (ContactState.SENT, ""))
    assert late == (1, (ContactState.CONCLUDED, Outcome.CONVERSATION))


def test_a_call_of_which_no_end_was_reported_ends_some_day(office, twilio, now):
    contact = place(office, now)
    play(twilio, until="agent")

    early = call_endings.sweep(now=now + timedelta(hours=3)), standing(contact)
    late = call_endings.sweep(now=now + timedelta(hours=4, minutes=1)), standing(contact)

    assert early == (0, (ContactState.SENT, ""))
    assert late == (1, (ContactState.CONCLUDED, Outcome.NO_ANSWER))
    assert CallLine.objects.count() == 1
