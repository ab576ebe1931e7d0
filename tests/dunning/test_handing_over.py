"""A case handed over waits for one colleague, with a note, and never longer than a day."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from dunning.models import Case, HandOver
from dunning.services import handing_over, workqueue
from dunning.services.handing_over import MayNotReceiveError
from dunning.services.workqueue import StaleLeaseError
from tests.factories import (
    confirm_person,
    make_agent,
    make_case,
    make_manager,
    make_policy,
    make_portfolio,
    make_strategy,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(agent, monday_10am):
    """Return a case the agent is at."""
    make_policy(now=monday_10am)
    make_strategy()
    return workqueue.take(make_case(now=monday_10am, urgency=10), agent=agent, now=monday_10am)


@pytest.fixture
def dora(held):
    return make_agent(username="dora")


def give(held, *, agent, to, now, note="Quer falar com quem decide.") -> HandOver:
    return handing_over.hand_over(held, agent=agent, fence=held.fence, to=to, note=note, now=now)


def test_a_case_handed_over_comes_first_to_the_receiver_and_to_nobody_else(agent, held, dora, monday_10am):
    give(held, agent=agent, to=dora, now=monday_10am)
    assert workqueue.take_next(agent=agent, now=monday_10am) is None
    make_case(now=monday_10am, urgency=90)

    taken = workqueue.take_next(agent=dora, now=monday_10am)

    assert taken == held
    assert HandOver.objects.get().taken_by == dora


def test_after_a_day_the_queue_gives_it_to_whoever_comes_next(agent, held, dora, monday_10am):
    give(held, agent=agent, to=dora, now=monday_10am)
    a_day_later = monday_10am + timedelta(hours=24)

    assert workqueue.take_next(agent=agent, now=a_day_later - timedelta(seconds=1)) is None
    assert workqueue.take_next(agent=agent, now=a_day_later) == held
    assert Case.objects.get(pk=held.pk).reserved_for is None


def test_whoever_opens_it_may_take_it_for_the_debtor_may_be_on_the_line(agent, held, dora, monday_10am):
    give(held, agent=agent, to=dora, now=monday_10am)

    assert workqueue.take(held, agent=agent, now=monday_10am).agent == agent
    assert workqueue.take_next(agent=dora, now=monday_10am) is None


def test_a_stale_tab_hands_nothing_over(agent, held, dora, monday_10am):
    Case.objects.filter(pk=held.pk).update(agent=dora, fence=held.fence + 1)

    with pytest.raises(StaleLeaseError):
        give(held, agent=agent, to=make_agent(), now=monday_10am)
    assert not HandOver.objects.exists()


def test_it_goes_to_nobody_who_does_not_see_the_portfolio(agent, held, monday_10am):
    stranger = make_agent(portfolios=[make_portfolio()])

    with pytest.raises(MayNotReceiveError):
        give(held, agent=agent, to=stranger, now=monday_10am)
    assert Case.objects.get(pk=held.pk).agent == agent
    assert give(held, agent=agent, to=make_manager(), now=monday_10am)


def test_the_receiver_reads_the_note_in_his_list_and_on_the_card(client, agent, held, dora, monday_10am):
    client.force_login(agent)
    typed = {"to": dora.pk, "handed_note": "Pediu a supervisora.", "fence": held.fence}
    with time_machine.travel(monday_10am, tick=False):
        missing = client.post(reverse("dunning:hand_over", args=[held.pk]), typed | {"handed_note": ""})
        given = client.post(reverse("dunning:hand_over", args=[held.pk]), typed)
        client.force_login(dora)
        waiting = client.get(reverse("dunning:desk"), {"view": "waiting"}).content.decode()
        before = client.get(reverse("dunning:case", args=[held.pk])).content.decode()
        confirm_person(workqueue.take(held, agent=dora, now=monday_10am), now=monday_10am)
        card = client.get(reverse("dunning:case", args=[held.pk])).content.decode()

    assert (missing.status_code, given.status_code) == (422, 302)
    assert "Pediu a supervisora." in waiting
    assert ("Pediu a supervisora." in before, "Pediu a supervisora." in card) == (False, True)
