"""The case card shows what lies between one debtor and one creditor, and nothing of another's."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from contacts.services import policy
from debtors.models import PromiseToPay
from dunning.forms.desk import KEYS
from dunning.services import workqueue
from tests.factories import confirm_person, make_case, make_contact, make_creditor, make_policy, make_strategy

pytestmark = pytest.mark.django_db


def test_what_was_written_for_another_creditor_is_not_on_the_card(client, agent, monday_10am):
    make_policy(now=monday_10am)
    make_strategy()
    case = make_case(now=monday_10am)
    for creditor, body in ((case.creditor, "palavra nossa"), (make_creditor(), "palavra alheia")):
        contact = make_contact(debtor=case.debtor, creditor=creditor, at=monday_10am)
        type(contact).objects.filter(pk=contact.pk).update(body=body)
    client.force_login(agent)
    confirm_person(workqueue.take(case, agent=agent, now=monday_10am), now=monday_10am)

    with time_machine.travel(monday_10am, tick=False):
        page = client.get(reverse("dunning:case", args=[case.pk])).content.decode()

    assert "palavra nossa" in page
    assert "palavra alheia" not in page


@pytest.fixture
def held(agent, monday_10am):
    """Return a case the agent is at, with the person confirmed."""
    make_policy(now=monday_10am)
    make_strategy()
    case = workqueue.take(make_case(now=monday_10am), agent=agent, now=monday_10am)
    confirm_person(case, now=monday_10am)
    return case


def test_every_outcome_has_a_key_of_its_own(client, agent, held, monday_10am):
    client.force_login(agent)

    with time_machine.travel(monday_10am, tick=False):
        page = client.get(reverse("dunning:case", args=[held.pk])).content.decode()

    assert [key for key in KEYS.values() if page.count(f'data-key="{key}"') != 1] == []


def test_what_a_promise_and_a_callback_need_is_not_called_optional(client, agent, held, monday_10am):
    client.force_login(agent)

    with time_machine.travel(monday_10am, tick=False):
        page = client.get(reverse("dunning:case", args=[held.pk])).content.decode()

    assert "promise_amount" in page
    assert page.count("(opcional)") == 1


def test_a_promise_for_a_past_day_is_refused_in_portuguese(client, agent, held, monday_10am):
    client.force_login(agent)
    day = f"{monday_10am - timedelta(days=1):%d/%m/%Y}"
    typed = {"disposition": "promise", "promise_amount": "10,00", "promise_day": day, "fence": held.fence}

    with time_machine.travel(monday_10am, tick=False):
        answer = client.post(reverse("dunning:outcome", args=[held.pk]), typed)

    assert answer.status_code == 422
    assert "Esse dia já passou." in answer.content.decode()
    assert PromiseToPay.objects.count() == 0


def test_the_desk_says_that_everything_is_paused(client, agent, held, monday_10am):
    client.force_login(agent)
    policy.pause(is_paused=True, now=monday_10am)

    desk = client.get(reverse("dunning:desk")).text
    assert "pausou todo o contato" in desk
    assert "btn-primary" not in desk.partition("Ligar para o próximo")[0].rpartition("<form")[2]
