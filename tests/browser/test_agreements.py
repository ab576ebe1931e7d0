"""Negotiating in the browser: from an offer to an agreement in force, at every width, light and dark."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from debtors.models import Agreement
from debtors.vocabulary import AgreementState
from tests.browser.pages import is_wider_than_the_screen, log_in, picture, serious_findings, use_theme
from tests.factories import make_debt, make_debtor, make_manager
from tests.factories.agreements import make_offer_rules


@pytest.fixture
def helena(transactional_db):
    return make_manager(username="Helena")


@pytest.mark.parametrize(("width", "theme", "language"), [(1440, "light", "pt-br"), (390, "dark", "en")])
def test_an_offer_becomes_an_agreement_in_four_presses(watched, live_server, helena, width, theme, language):
    today = timezone.localdate()
    debt = make_debt(
        debtor=make_debtor(name="Rosângela Prado"),
        installments=[(today - timedelta(days=days), 40_000) for days in (200, 170, 140)],
        contract="CT-2041",
    )
    make_offer_rules(creditor=debt.creditor)
    log_in(watched, base=live_server.url, user=helena, language=language)
    use_theme(watched, base=live_server.url, theme=theme)
    watched.set_viewport_size({"width": width, "height": 900})

    def look(name):
        picture(watched, f"agreement-{name}-{theme}", width=width)
        assert not is_wider_than_the_screen(watched)
        assert serious_findings(watched) == []

    address = reverse("debtors:negotiate", args=[debt.debtor_id, debt.creditor_id])
    watched.goto(live_server.url + address)
    look("offers")
    watched.locator("tbody tr").nth(1).get_by_role("button").click()
    expect(watched.locator("button[name=keep]")).to_be_visible()
    look("judged")
    watched.locator("button[name=keep]").click()
    watched.locator("#id_reference").fill("gravação 17")
    look("proposed")
    watched.locator("form[action$='/accept/'] button").click()
    expect(watched.locator("form[action$='/accept/']")).to_have_count(0)
    look("in-force")
    watched.goto(live_server.url + reverse("debtors:agreements") + "?when=active")
    look("list")

    assert Agreement.objects.get().state == AgreementState.ACTIVE
