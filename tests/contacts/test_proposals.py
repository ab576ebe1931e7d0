"""A proposal sent to be read and accepted: once a day, through the gate, and never after it is over."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from contacts import proposal_ways, queries
from contacts.models import Contact, Hold, Template
from contacts.services import consent, dispatch, proposals
from contacts.services.asked_for import NotWantedError
from contacts.vocabulary import Channel, ContactState, HoldKind, OptOutScope, Purpose, TemplateState
from debtors.models import Agreement, ContactPoint
from debtors.services import agreement_papers, agreements, proposal_links, proposals_online
from debtors.vocabulary import Medium, PointKind, PointStatus
from dunning.services import defaults
from tests.factories import make_agent, make_contact, make_debt, make_manager, make_payment, make_policy
from tests.factories.agreements import make_offer_rules, make_proposal

MONDAY_10AM = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def debt(settings, tmp_path):
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    defaults.ship()
    make_policy(now=MONDAY_10AM)
    made = make_debt(installments=[(MONDAY_10AM.date() - timedelta(days=30), 100_000)])
    make_offer_rules(creditor=made.creditor)
    return made


@pytest.fixture
def agent(debt):
    return make_agent(permissions=["negotiate_agreement", "view_agreement"])


@pytest.fixture
def proposed(debt, agent) -> Agreement:
    return make_proposal(
        debt, total_cents=98_000, by=agent, now=MONDAY_10AM, first_on=MONDAY_10AM.date() + timedelta(days=5)
    )


def left(settings):
    lines = settings.SANDBOX_FILE.read_text().splitlines() if settings.SANDBOX_FILE.exists() else []
    return [json.loads(line) for line in lines]


def pump(at=MONDAY_10AM):
    dispatch.pump(clock=lambda: at)


def want(agreement, channel=Channel.SMS, at=MONDAY_10AM) -> Contact:
    return proposals.want(agreement, channel=channel, now=at)


def shown(agreement, *, at=MONDAY_10AM) -> dict[str, tuple[str, str]]:
    known = queries.gather([agreement.debtor], now=at)
    return {way.channel: (way.button, way.said) for way in proposal_ways.ways(agreement, known=known)}


def test_it_leaves_once_with_the_address_and_its_day_and_nothing_of_the_debt(proposed, settings):
    first, again = want(proposed), want(proposed)
    pump()

    [message] = left(settings)
    assert first == again
    assert (first.purpose, first.expires_at) == (Purpose.SERVICE, datetime(2026, 11, 29, 3, tzinfo=UTC))
    assert proposal_links.address_of(proposed.pk) in message["body"]
    assert "28/11/2026" in message["body"]
    for secret in ("980", "1.026", proposed.creditor.name, proposed.debts.get().debt.contract):
        assert secret not in message["body"]


def withdrawn(agreement, by):
    agreements.withdraw(agreement, reason="x", by=by, now=MONDAY_10AM)


def accepted(agreement, by):
    assert proposals_online.accept(agreement, seen=agreement_papers.hash_of(agreement), now=MONDAY_10AM)


def replaced(agreement, by):
    make_proposal(agreement.debts.get().debt, total_cents=99_000, by=by, now=MONDAY_10AM)


@pytest.mark.parametrize("ended", [withdrawn, accepted, replaced])
def test_a_message_about_a_proposal_that_is_over_is_called_back_at_once(proposed, agent, settings, ended):
    wanted = want(proposed)

    ended(proposed, agent)

    wanted.refresh_from_db()
    assert wanted.state == ContactState.CANCELLED
    pump()
    assert left(settings) == []


def test_it_does_not_leave_where_something_was_paid_since(proposed, settings):
    wanted = want(proposed)
    make_payment(debtor=proposed.debtor, amount_cents=100, now=MONDAY_10AM)

    pump()

    wanted.refresh_from_db()
    assert (wanted.state, wanted.error_code) == (ContactState.FAILED, "cannot fill proposal_link")
    assert left(settings) == []


def opted_out(debtor):
    consent.opt_out(
        debtor=debtor,
        scope=OptOutScope.CHANNEL,
        channel=Channel.SMS,
        source="x",
        by=None,
        now=MONDAY_10AM,
    )


def on_hold(debtor):
    Hold.objects.create(debtor=debtor, kind=HoldKind.DISPUTE, active_from=MONDAY_10AM)


def at_work_only(debtor):
    debtor.points.filter(medium=Medium.PHONE).update(kind=PointKind.WORKPLACE)


@pytest.mark.parametrize("stopped", [opted_out, on_hold, at_work_only])
def test_what_stops_other_messages_stops_it_and_no_button_is_there(proposed, settings, stopped):
    wanted = want(proposed)
    stopped(proposed.debtor)

    pump()

    wanted.refresh_from_db()
    assert (wanted.state, left(settings)) == (ContactState.BLOCKED, [])
    assert shown(proposed, at=MONDAY_10AM + timedelta(days=1))["sms"][0] == ""


def test_it_waits_for_the_morning_like_any_message_and_ends_with_the_proposal(proposed):
    night = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
    wanted = want(proposed, at=night)

    pump(night)
    wanted.refresh_from_db()
    waits = wanted.state, wanted.objections
    pump(datetime(2026, 11, 29, 12, tzinfo=UTC))

    wanted.refresh_from_db()
    assert waits == (ContactState.PLANNED, ["OUTSIDE_HOURS"])
    assert wanted.state == ContactState.EXPIRED


@pytest.mark.parametrize("reason", ["over", "waits", "no_text", "no_point"])
def test_what_cannot_be_sent_is_refused(proposed, debt, agent, reason):
    now = MONDAY_10AM
    if reason == "over":
        now += timedelta(days=6)
    elif reason == "waits":
        proposed = make_proposal(debt, total_cents=85_000, by=agent, now=now)
    elif reason == "no_text":
        Template.objects.filter(key=proposals.TEMPLATE_KEY).update(state=TemplateState.RETIRED)
    else:
        ContactPoint.objects.update(status=PointStatus.INVALID)

    with pytest.raises(NotWantedError) as refused:
        want(proposed, at=now)

    assert refused.value.reason == reason
    assert proposal_ways.refusal(reason)


def test_what_was_approved_may_be_sent(debt, agent, settings):
    far = make_proposal(debt, total_cents=85_000, by=agent, now=MONDAY_10AM)
    agreements.decide(far, is_approved=True, reason="ok", by=make_manager(), now=MONDAY_10AM)

    want(far)
    pump()

    assert len(left(settings)) == 1


def test_each_channel_says_whether_it_may_be_used_now(proposed):
    make_policy(
        now=MONDAY_10AM,
        channels=["sms", "email", "whatsapp", "voice"],
        consent_required=["whatsapp"],
        caps={"channels": {"email": {"gap_minutes": 90}}},
    )
    make_contact(debtor=proposed.debtor, at=MONDAY_10AM - timedelta(minutes=30), channel=Channel.EMAIL)

    ways = shown(proposed)

    assert {channel: button for channel, (button, _said) in ways.items()} == {
        "sms": "now", "whatsapp": "", "email": "then",
    }  # fmt: skip
    assert "11:00" in ways["email"][1]


def test_what_was_sent_is_told_and_offered_again_the_next_day(proposed):
    want(proposed)
    wanted = shown(proposed)["sms"]
    pump()
    sent = shown(proposed, at=MONDAY_10AM + timedelta(minutes=5))["sms"]
    tomorrow = shown(proposed, at=MONDAY_10AM + timedelta(days=1))["sms"]

    assert wanted == ("", "Sai por SMS assim que a política permitir")
    assert sent == ("", "Enviada por SMS às 10:00")
    assert tomorrow == ("now", "")


def test_whoever_may_negotiate_sends_it_from_the_agreements_page(client, proposed, agent):
    address = reverse("debtors:agreement", args=[proposed.pk])
    with time_machine.travel(MONDAY_10AM, tick=False):
        client.force_login(agent)
        page = client.get(address).content.decode()
        client.post(reverse("contacts:send_proposal", args=[proposed.pk]), {"channel": "email"})
        unknown = client.post(reverse("contacts:send_proposal", args=[proposed.pk]), {"channel": "voice"})

    assert 'name="channel" value="sms"' in page
    assert Contact.objects.get().channel == Channel.EMAIL
    assert unknown.status_code == 404
