"""A proposal goes from the card to the debtor's own telephone, and comes back as an agreement in force."""

import json
import re

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import expect

from debtors.models import Agreement
from debtors.vocabulary import AgreementState, Evidence
from dunning.services import defaults
from tests.browser.pages import (
    Watch,
    confirm_person,
    is_wider_than_the_screen,
    log_in,
    picture,
    serious_findings,
    use_theme,
)
from tests.factories import make_agent, make_case, make_debtor, make_policy
from tests.factories.agreements import make_offer_rules
from tests.factories.paying import make_account

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def case(transactional_db, settings, tmp_path):
    """Ana Beatriz, twenty days late, in a house that may write at any hour."""
    settings.SANDBOX_FILE = tmp_path / "sandbox.jsonl"
    make_policy(now=timezone.now(), windows=ALWAYS, minor_age=None, channels=["sms", "email", "voice"])
    defaults.ship()
    made = make_case(
        now=timezone.now(), debtor=make_debtor(name="Ana Beatriz Moraes"), urgency=90, amount_cents=184_250
    )
    make_offer_rules(creditor=made.creditor)
    make_account(creditor=made.creditor)
    return made


@pytest.mark.parametrize(
    ("width", "theme", "language"),
    [(1440, "light", "pt-br"), pytest.param(390, "dark", "en", marks=pytest.mark.full)],
)
def test_what_was_talked_about_is_sent_by_sms_read_accepted_and_in_force_on_the_card(
    watched, browser, live_server, case, settings, width, theme, language
):
    carla = make_agent(
        username="carla",
        permissions=["work_queue", "negotiate_agreement", "view_agreement", "add_paymentrequest"],
    )
    log_in(watched, base=live_server.url, user=carla)
    use_theme(watched, base=live_server.url, theme=theme)
    watched.set_viewport_size({"width": width, "height": 900})
    watched.goto(f"{live_server.url}/desk/")
    watched.get_by_role("button", name="Ligar para o próximo").click()
    confirm_person(watched)
    if language != "pt-br":
        log_in(watched, base=live_server.url, user=carla, language=language)
        watched.reload()
    watched.locator("#negotiation > summary").click()
    expect(watched.locator("#offer-total")).to_be_visible()
    expect(watched.locator("#offers.htmx-added")).to_have_count(0)  # the new part has its keys and questions
    watched.locator("#offers button[name=keep]").click()
    look(watched, f"proposal-card-{theme}", width=width)
    watched.locator(".ways button[value=sms]").click()
    expect(watched.locator(".ways button[value=sms]")).to_have_count(0)
    look(watched, f"proposal-sent-{theme}", width=width)

    [message] = [json.loads(line) for line in settings.SANDBOX_FILE.read_text().splitlines()]
    path = re.search(r"/a/\w+/", message["body"])
    assert path
    telephone = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark" if theme == "dark" else "light"
    )
    watch = Watch(base=live_server.url)
    own = telephone.new_page()
    watch.on(own)
    telephone.add_cookies(
        [{"name": django_settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
    )
    own.goto(live_server.url + path[0])
    look(own, f"proposal-asked-{theme}", width=390)
    own.locator("#digits").fill(case.debtor.tax_id[-4:])
    own.locator("main button").click()
    expect(own.locator("button[name=accept]")).to_be_visible()
    look(own, f"proposal-plan-{theme}", width=390)
    own.locator("button[name=accept]").click()
    expect(own.locator(".tone-ok")).to_be_visible()
    look(own, f"proposal-in-force-{theme}", width=390)
    own.locator("a[href^='/p/']").first.click()
    expect(own.locator("textarea")).to_be_visible()
    assert watch.problems == []
    telephone.close()

    found = Agreement.objects.get()
    assert (found.state, found.evidence) == (AgreementState.ACTIVE, Evidence.ONLINE)
    watched.reload()
    expect(watched.locator("#offers .tone-ok")).to_be_visible()
    look(watched, f"proposal-then-{theme}", width=width)


def look(page, name, *, width):
    """Take a picture of the page, which axe has nothing serious against and which nobody has to scroll."""
    picture(page, name, width=width)
    assert not is_wider_than_the_screen(page)
    assert serious_findings(page) == []
