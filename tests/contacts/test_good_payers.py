"""Good payers on the debtor's page and in texts: their level follows the ledger, up and down."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from contacts.services import rendering
from debtors.models import LoyaltyLevel, LoyaltyRules
from debtors.queries import loyalty
from debtors.services import ledger
from tests.factories import make_debt, make_manager, make_payment, make_template

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def debt():
    today = timezone.localdate(NOW)
    made = make_debt(installments=[(today - timedelta(days=days), 10_000) for days in (60, 30)])
    rules = LoyaltyRules.objects.create(creditor=made.creditor)
    LoyaltyLevel.objects.create(rules=rules, from_points=20, name="Ouro", benefit="frete grátis")
    return made


def pay(debt, days_ago, cents=10_000):
    paid_on = timezone.localdate(NOW) - timedelta(days=days_ago)
    return make_payment(
        debtor=debt.debtor, creditor=debt.creditor, amount_cents=cents, paid_on=paid_on, now=NOW
    )


def standing(debt):
    return loyalty.standing(
        debtor_id=debt.debtor_id, creditor_id=debt.creditor_id, on=timezone.localdate(NOW)
    )


def test_points_follow_the_ledger_up_and_down_to_nothing(debt):
    assert standing(debt).points == 0

    first, _second = pay(debt, 60), pay(debt, 30)
    assert (standing(debt).points, standing(debt).level.name) == (20, "Ouro")

    ledger.reverse_payment(first, reason="devolvido", by=None, now=NOW)
    assert (standing(debt).points, standing(debt).level) == (0, None)


def test_a_text_says_kindly_what_he_has_and_leaves_for_everybody(debt):
    text = make_template(key="bons", body="{{ brand }}: {{ benefits }} Para nao receber: SAIR")
    contact = Contact(pk=1, debtor=debt.debtor, creditor=debt.creditor, channel=text.channel, template=text)

    def said():
        return rendering.render(contact, zones=("America/Sao_Paulo",), now=NOW)[1]

    assert "confianca" in said() or "confiança" in said()
    pay(debt, 60)
    pay(debt, 30)
    assert "Como cliente Ouro" in said()


def test_the_debtors_page_shows_level_points_and_the_kind_words(client, debt):
    pay(debt, 60)
    pay(debt, 30)
    client.force_login(make_manager())

    page = client.get(reverse("contacts:debtor", args=[debt.debtor_id])).content.decode()

    assert "Ouro" in page
    assert "20 pontos" in page
    assert "Como cliente Ouro, você tem frete grátis." in page
