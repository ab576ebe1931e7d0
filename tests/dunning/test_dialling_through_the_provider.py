"""The agent's card while the provider places his calls: it says how the call stands, and takes its end."""

import pytest
from django.urls import reverse

from contacts.models import Contact, PhoneCall
from contacts.services import calls, clock, holds
from contacts.vocabulary import Channel, ContactState, HoldKind, Outcome
from dunning.models import CaseOutcome
from dunning.services import calling, outcomes, workqueue
from dunning.vocabulary import Disposition
from tests.factories import confirm_person, make_agent, make_case, make_debtor, make_policy
from tests.fakes.twilio.in_process import telephones

pytestmark = pytest.mark.django_db

AGENT, THEIRS = "+5511970000001", "+5511987650001"
ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def exchange(settings, now):
    make_policy(now=now, windows=ALWAYS, minor_age=None)
    with telephones(settings) as fake:
        yield fake.exchange


@pytest.fixture
def agent():
    colleague = make_agent()
    colleague.phone = AGENT
    colleague.save()
    return colleague


def at_work(agent, now, *, number=THEIRS):
    """Return a case the agent holds, and the number he may dial."""
    case = make_case(now=now, debtor=make_debtor(phone=number, email=None))
    workqueue.take(case, agent=agent, now=now)
    case.refresh_from_db()
    return case, case.debtor.points.get(medium="phone")


def dial(client, case, point):
    return client.post(reverse("dunning:dial", args=[case.pk, point.pk]), {"fence": case.fence}, follow=True)


def play(exchange, *, number=THEIRS):
    for call in exchange.to(AGENT) + exchange.to(number):
        exchange.play(call)
    for call in exchange.to(number):
        exchange.play(call)
    exchange.tell_the_rest()


def said(client, case):
    response = client.get(reverse("dunning:call", args=[case.pk]))
    return response.context["call"]


def record(case, agent, disposition, now):
    confirm_person(case, now=now)
    return outcomes.record(case=case, agent=agent, fence=case.fence, disposition=disposition, now=now)


def test_the_card_tells_the_agent_where_the_call_is(client, exchange, agent, now):
    client.force_login(agent)
    case, point = at_work(agent, now)
    told = [said(client, case)]

    card = dial(client, case, point)
    told.append(said(client, case))
    exchange.play(exchange.to(AGENT)[0])
    told.append(said(client, case))
    exchange.play(exchange.to(THEIRS)[0])
    told.append(said(client, case))
    exchange.talk_is_over(exchange.to(THEIRS)[0])
    told.append(said(client, case))

    assert 'hx-get="/desk/cases/' in card.content.decode()
    assert [part and (part.tone, part.is_under_way) for part in told] == [
        None, ("info", True), ("info", True), ("ok", True), ("ok", False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ending", "disposition", "outcome"),
    [
        ("99990301", Disposition.BUSY, Outcome.NO_ANSWER),
        ("99990302", Disposition.NO_ANSWER, Outcome.NO_ANSWER),
        ("99990304", Disposition.VOICEMAIL, Outcome.VOICEMAIL),
    ],
)
def test_an_end_the_provider_told_is_recorded_without_another_call(
    client, exchange, agent, now, ending, disposition, outcome
):
    client.force_login(agent)
    number = f"+55119{ending}"
    case, point = at_work(agent, now, number=number)
    dial(client, case, point)
    play(exchange, number=number)

    recorded = record(case, agent, disposition, now)

    contact = Contact.objects.get()
    assert (contact.state, contact.outcome) == (ContactState.CONCLUDED, outcome)
    assert recorded.contact_id == contact.pk


def test_what_was_said_ends_the_call_in_the_agents_words(client, exchange, agent, now):
    client.force_login(agent)
    case, point = at_work(agent, now)
    dial(client, case, point)
    play(exchange)

    record(case, agent, Disposition.WRONG_PERSON, now)

    assert Contact.objects.get().outcome == Outcome.WRONG_PERSON
    assert PhoneCall.objects.get().is_connected


def test_a_debtor_who_calls_back_after_nobody_answered_had_a_conversation_of_his_own(
    client, exchange, agent, now
):
    client.force_login(agent)
    case, point = at_work(agent, now, number="+5511999990302")
    dial(client, case, point)
    play(exchange, number="+5511999990302")

    record(case, agent, Disposition.SPOKE, now)

    kept = Contact.objects.order_by("pk").values_list("is_inbound", "outcome")
    assert list(kept) == [(False, Outcome.NO_ANSWER), (True, Outcome.CONVERSATION)]


def test_a_call_that_did_not_come_about_may_be_dialled_again_at_once(client, exchange, agent, now):
    client.force_login(agent)
    case, point = at_work(agent, now)
    agent.phone = "+5511999990302"  # his own telephone is not answered
    agent.save()
    dial(client, case, point)
    exchange.play(exchange.to(agent.phone)[0])
    failed = said(client, case)
    agent.phone = AGENT
    agent.save()

    dial(client, case, point)
    dial(client, case, point)

    assert (failed.tone, failed.is_under_way) == ("bad", False)
    names = Contact.objects.order_by("pk").values_list("wanted_by", "outcome")
    base = f"call:{case.pk}:{case.fence}:{point.pk}"
    assert list(names) == [(base, Outcome.FAILED), (f"{base}:2", "")]
    assert len(exchange.to(AGENT)) == 1


def test_a_call_refused_at_the_last_moment_may_be_asked_for_again(client, exchange, agent, now):
    client.force_login(agent)
    case, point = at_work(agent, now)
    base = f"call:{case.pk}:{case.fence}:{point.pk}"
    hold = holds.place(debtor=case.debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=now)
    with pytest.raises(calls.NotAllowedError):  # the hold came after the card was asked
        calls.place(
            debtor=case.debtor, creditor=case.creditor, point=point, agent=agent, wanted_by=base, now=now
        )
    holds.lift(hold, why="", by=None, now=now)

    dial(client, case, point)

    names = Contact.objects.order_by("pk").values_list("wanted_by", "state")
    assert list(names) == [(base, ContactState.CANCELLED), (f"{base}:2", ContactState.SENT)]
    assert len(exchange.to(AGENT)) == 1


def test_a_call_that_no_way_out_takes_is_not_blamed_on_the_policy(client, agent, now, settings):
    make_policy(now=now, windows=ALWAYS, minor_age=None)
    settings.CHANNELS = {"sms": "sandbox"}
    client.force_login(agent)
    case, point = at_work(agent, now)

    card = dial(client, case, point)

    assert [str(message) for message in card.context["messages"]] == [
        "A linha não aceitou a ligação. Nada foi discado."
    ]


def test_an_agent_without_a_telephone_is_told_so(client, exchange, now):
    agent = make_agent()
    client.force_login(agent)
    case, point = at_work(agent, now)

    card = dial(client, case, point)

    assert [str(message) for message in card.context["messages"]] == [
        "Seu telefone não está cadastrado. Um gestor pode informá-lo em “Telefones”."
    ]
    assert Contact.objects.count() == 0


def test_where_agents_dial_by_hand_the_card_is_as_it_was(client, agent, now, settings):
    make_policy(now=now, windows=ALWAYS, minor_age=None)
    client.force_login(agent)
    case, point = at_work(agent, now)

    card = dial(client, case, point)

    assert card.context["call"] is None
    assert len(card.context["ringing"]) == 1
    assert calling.ringing(case, fence=case.fence)[0].channel == Channel.VOICE
    assert CaseOutcome.objects.count() == 0
