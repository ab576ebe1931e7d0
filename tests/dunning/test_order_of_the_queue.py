"""The queue is ordered by points that managers set, and the order follows days and weights by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from debtors.models import PromiseToPay
from debtors.services import customer_facts
from debtors.vocabulary import FactKind, FactValue, PromiseStatus
from dunning import queries
from dunning.models import Case, QueueWeights
from dunning.queries import desk
from dunning.rules.priority import USUAL
from dunning.services import weighing, workqueue
from tests.factories import make_case, make_manager, make_policy, make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office(db, monday_10am):
    make_policy(now=monday_10am)
    make_strategy()


def parts_of(case: Case, *, now) -> dict[str, int]:
    return dict(queries.urgencies(cases=[case], now=now)[case.pk].parts)


def call_key_customer(case: Case, *, value=FactValue.YES, now, days_ago: int = 0) -> bool:
    return customer_facts.record(
        case.debtor,
        case.creditor,
        kind=FactKind.KEY_CUSTOMER,
        value=value,
        known_on=now.date() - timedelta(days=days_ago),
        source="Comercial",
        by=None,
        now=now,
    )


def test_weights_that_a_manager_sets_put_the_queue_into_another_order(agent, monday_10am):
    large = make_case(now=monday_10am, amount_cents=4_000_000, days_late=10)
    old = make_case(now=monday_10am, amount_cents=1_000, days_late=110)
    weighing.weigh_again(now=monday_10am)
    assert desk.desk_of(agent, now=monday_10am).listed("now").first() == large

    weights = replace(USUAL, amount=10, age=500)
    weighing.set_weights(weights, why="Antigas primeiro", by=make_manager(), now=monday_10am)
    weighing.weigh_again(now=monday_10am + timedelta(minutes=5))

    assert workqueue.take_next(agent=agent, now=monday_10am + timedelta(minutes=5)) == old


def test_weighing_again_finds_nothing_until_the_next_day(monday_10am):
    case = make_case(now=monday_10am, days_late=20)
    assert weighing.weigh_again(now=monday_10am) == 1
    before = Case.objects.get(pk=case.pk).urgency

    assert weighing.weigh_again(now=monday_10am + timedelta(hours=2)) == 0
    assert weighing.weigh_again(now=monday_10am + timedelta(days=1)) == 1

    assert Case.objects.get(pk=case.pk).urgency == before + 1


def test_a_key_customer_comes_earlier_until_the_creditor_says_otherwise(monday_10am):
    case = make_case(now=monday_10am)
    assert call_key_customer(case, now=monday_10am, days_ago=3)
    assert not call_key_customer(case, now=monday_10am), "told again it is no news"
    assert parts_of(case, now=monday_10am)["key_customer"] == USUAL.key_customer

    call_key_customer(case, value=FactValue.NO, now=monday_10am)

    assert "key_customer" not in parts_of(case, now=monday_10am)


def test_a_promise_broken_yesterday_counts_more_than_one_broken_last_week(monday_10am):
    case = make_case(now=monday_10am)
    promise = PromiseToPay.objects.create(
        debtor=case.debtor, creditor=case.creditor, amount_cents=100, promised_on=monday_10am.date(),
        status=PromiseStatus.BROKEN, made_at=monday_10am, settled_at=monday_10am - timedelta(days=7),
    )  # fmt: skip
    assert "broken_just_now" not in parts_of(case, now=monday_10am)

    PromiseToPay.objects.filter(pk=promise.pk).update(settled_at=monday_10am - timedelta(days=1))

    found = parts_of(case, now=monday_10am)
    assert (found["broken_promise"], found["broken_just_now"]) == (200, 100)


def test_the_page_sets_weights_with_their_reason_and_shows_who_set_them(client, monday_10am):
    manager = make_manager(username="rita")
    client.force_login(manager)
    page = reverse("dunning:weights")
    typed = {name: getattr(USUAL, name) for name in USUAL.__slots__} | {
        "reply": 700,
        "why": "Respostas antes",
    }

    assert client.post(page, typed | {"age": 9_999}).status_code == 422
    assert client.post(page, typed).status_code == 302

    row = QueueWeights.objects.get()
    assert (row.reply, row.why, row.set_by) == (700, "Respostas antes", manager)
    assert "Respostas antes" in client.get(page).content.decode()
