"""The playbook of objections on the card and in practice."""

import pytest
import time_machine
from django.urls import reverse

from dunning.models import Objection
from dunning.services import workqueue
from tests.factories import confirm_person, make_case, make_policy, make_strategy

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def case(agent, monday_10am, client):
    """A case the agent holds."""
    make_policy(now=monday_10am)
    make_strategy()
    client.force_login(agent)
    return workqueue.take(make_case(now=monday_10am, amount_cents=184_250), agent=agent, now=monday_10am)


@pytest.fixture
def search(client, case, monday_10am):
    """Search the objections on the card, by htmx."""

    def asked(text, **data):
        with time_machine.travel(monday_10am, tick=False):
            address = reverse("dunning:objections", args=[case.pk])
            return client.post(address, {"asked": text, "fence": case.fence, **data}, headers=HTMX)

    return asked


def test_a_reply_is_filled_with_the_facts_of_the_case(search, case, monday_10am):
    confirm_person(case, now=monday_10am)

    page = search("boleto").content.decode()

    assert "R$ 1.891,63" in page
    assert "Não recebi o boleto." in page
    assert "{{" not in page


def test_before_the_person_is_confirmed_and_to_a_stale_tab_nothing_is_told(search, case, monday_10am):
    unconfirmed = search("boleto")
    confirm_person(case, now=monday_10am)
    stale = search("boleto", fence=99)

    assert (unconfirmed.status_code, stale.status_code) == (302, 409)
    assert "R$" not in unconfirmed.content.decode() + stale.content.decode()


def test_the_managers_list_stands_instead_of_the_shipped_one(search, case, monday_10am):
    confirm_person(case, now=monday_10am)
    Objection.objects.create(language="pt-br", says="Estou viajando.", reply="Boa viagem, {{ name }}.")
    Objection.objects.create(language="pt-br", says="Fora de uso.", reply="Não.", is_active=False)

    page = search("").content.decode()

    assert "Estou viajando." in page
    assert ("Não recebi o boleto." in page, "Fora de uso." in page) == (False, False)


def test_practice_plays_the_debtor_and_judges_kindly(client, agent):
    client.force_login(agent)
    address = reverse("dunning:practice")

    asked = client.get(address, {"turn": 13}).content.decode()
    answered = client.post(address, {"turn": 1, "answer": "Tem que pagar hoje mesmo."}).content.decode()

    assert "Não recebi o boleto." in asked
    assert "Uma proposta funciona melhor." in answered
    assert "Podemos enviar de novo" in answered
