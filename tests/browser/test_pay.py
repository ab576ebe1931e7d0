"""Pay now in the browser: an agent issues, the debtor opens his page, at both widths, light and dark."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from debtors.models import PaymentRequest
from debtors.services import pay_links
from tests.browser.pages import is_wider_than_the_screen, log_in, picture, serious_findings, use_theme
from tests.factories import make_debt, make_debtor, make_manager
from tests.factories.paying import make_account


@pytest.fixture
def helena(transactional_db):
    return make_manager(username="Helena")


@pytest.mark.parametrize(("width", "theme", "language"), [(1440, "light", "pt-br"), (390, "dark", "en")])
def test_a_pix_and_a_boleto_are_issued_and_the_debtor_opens_them(
    watched, live_server, helena, width, theme, language
):
    today = timezone.localdate()
    debt = make_debt(
        debtor=make_debtor(name="Rosângela Prado"),
        installments=[(today - timedelta(days=days), 40_000) for days in (200, 170)],
        contract="CT-2041",
    )
    make_account(creditor=debt.creditor)
    log_in(watched, base=live_server.url, user=helena, language=language)
    use_theme(watched, base=live_server.url, theme=theme)
    watched.set_viewport_size({"width": width, "height": 900})

    def look(name):
        picture(watched, f"pay-{name}-{theme}", width=width)
        assert not is_wider_than_the_screen(watched)
        assert serious_findings(watched) == []

    address = live_server.url + reverse("debtors:pay", args=[debt.debtor_id, debt.creditor_id])
    for kind in ("pix", "boleto"):
        watched.goto(address)
        watched.locator(f"input[name=kind][value={kind}]").check()
        watched.locator("main form.form button.btn-primary").click()
        expect(watched.locator(f"a[href$='{'pix.png' if kind == 'pix' else 'boleto.pdf'}']")).to_be_visible()
    look("issued")
    watched.goto(live_server.url + reverse("contacts:debtor", args=[debt.debtor_id]))
    look("debtor")
    watched.context.clear_cookies()
    for name in ("pix", "boleto"):
        found = PaymentRequest.objects.get(kind=name)
        watched.goto(live_server.url + reverse("pay", args=[pay_links.token_of(found.pk)]))
        expect(watched.locator("textarea")).to_be_visible()
        look(f"own-{name}")
