"""The page of operations: readable, within the screen, and quiet while it refreshes itself."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import Attempt, Contact, ListDelay, Sender, WorkerRun
from contacts.services import senders
from contacts.vocabulary import AttemptState, Channel, ContactState
from tests.browser.pages import complaints_about, log_in, use_theme
from tests.factories import make_contact, make_debtor, make_manager, make_policy

PAGE = reverse("operations")


@pytest.fixture
def helena(transactional_db):
    user = make_manager(username="Helena")
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def busy_house(helena, settings):
    """A house at work: some of everything, one sender at rest."""
    settings.CHANNELS = {"sms": "sandbox", "email": "sandbox", "whatsapp": "sandbox"}
    now = timezone.now()
    policy = make_policy(now=now)
    ListDelay.objects.create(channel="sms", provider="twilio", looked_at=now, longest=timedelta(seconds=41))
    senders.senders()
    Sender.objects.filter(channel="email").update(
        per_minute=60, troubles=9, rests_until=now + timedelta(minutes=4), rests_because="unreachable"
    )
    for number, (state, objections) in enumerate(
        [
            (ContactState.PLANNED, []),
            (ContactState.PLANNED, ["OUTSIDE_HOURS"]),
            (ContactState.SENDING, []),
            (ContactState.UNKNOWN, []),
            (ContactState.PARKED, []),
            (ContactState.BLOCKED, ["OPT_OUT_GLOBAL"]),
            (ContactState.BLOCKED, ["NOTHING_OWED", "HOLD_DISPUTE"]),
            (ContactState.SENT, []),
            (ContactState.SENT, []),
            (ContactState.FAILED, []),
        ]
    ):
        channel = Channel.SMS if number % 2 else Channel.EMAIL
        contact = make_contact(debtor=make_debtor(), at=now, state=state, channel=channel)
        later = now + timedelta(hours=9) if objections else now - timedelta(minutes=12)
        Contact.objects.filter(pk=contact.pk).update(
            objections=objections,
            not_before=later,
            error_code="30003" if state == ContactState.FAILED else "",
            concluded_at=now if state == ContactState.FAILED else None,
        )
        Attempt.objects.create(
            contact=contact,
            provider="sandbox",
            provider_id=f"x{number}" if state == ContactState.SENT else None,
            to="x",
            policy=policy,
            facts_hash="0" * 64,
            started_at=now,
            state=AttemptState.ACCEPTED if state == ContactState.SENT else AttemptState.REJECTED,
        )
    WorkerRun.objects.create(host="crm-1", pid=4711, started_at=now - timedelta(hours=3), seen_at=now)
    WorkerRun.objects.create(
        host="crm-2", pid=812, started_at=now - timedelta(hours=9), seen_at=now - timedelta(minutes=20)
    )


@pytest.mark.parametrize(("theme", "language"), [("light", "pt-br"), ("dark", "en")])
def test_the_page_is_readable_and_within_the_screen(
    watched, live_server, helena, busy_house, theme, language
):
    log_in(watched, base=live_server.url, user=helena, language=language)
    use_theme(watched, base=live_server.url, theme=theme)
    watched.goto(live_server.url + PAGE)

    assert complaints_about(watched, f"operations-{theme}-{language}", theme=theme) == []


def test_it_refreshes_itself_and_leaves_the_focus_where_it_is(watched, live_server, helena, busy_house):
    log_in(watched, base=live_server.url, user=helena)
    watched.goto(live_server.url + PAGE)
    due = watched.locator("#tile-due .tile-value")
    expect(due).to_have_text("1")
    watched.locator("#tile-due").focus()
    before = watched.locator("#announce").text_content()
    late = make_contact(debtor=make_debtor(), at=timezone.now(), state=ContactState.PLANNED)
    assert late.pk

    watched.evaluate("htmx.ajax('GET', location.pathname, {target: '#operation', source: '#operation'})")

    expect(due).to_have_text("2")
    assert watched.evaluate("document.activeElement.id") == "tile-due"
    assert watched.locator("#announce").text_content() == before


def test_a_manager_wakes_a_sender_at_rest(watched, live_server, helena, busy_house):
    log_in(watched, base=live_server.url, user=helena)
    watched.goto(live_server.url + PAGE)

    watched.get_by_role("button", name="Tentar de novo agora").click()

    expect(watched.locator("#messages")).to_contain_text("Segue com a próxima mensagem.")
    assert not Sender.objects.exclude(rests_until=None).exists()
