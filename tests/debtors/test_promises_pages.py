"""The page of promises: what is due today, what is late, what became of the last ones."""

from datetime import timedelta

import pytest
from django.utils import timezone

from debtors.models import PromiseToPay
from debtors.vocabulary import PromiseStatus
from tests.factories import make_agent, make_creditor, make_debt, make_debtor, make_manager, make_portfolio

pytestmark = pytest.mark.django_db

PAGE = "/debtors/promises/"


def promised(name: str, *, in_days: int, status: PromiseStatus = PromiseStatus.OPEN, portfolio=None):
    debt = make_debt(debtor=make_debtor(name=name), portfolio=portfolio)
    now = timezone.now()
    return PromiseToPay.objects.create(
        debtor=debt.debtor,
        creditor=debt.creditor,
        amount_cents=5_000,
        promised_on=timezone.localdate() + timedelta(days=in_days),
        status=status,
        made_at=now,
        settled_at=None if status == PromiseStatus.OPEN else now,
    )


@pytest.fixture
def manager(client):
    client.force_login(make_manager())


@pytest.fixture
def several():
    promised("Ontem", in_days=-1)
    promised("Hoje", in_days=0)
    promised("Amanhã", in_days=1)
    promised("Cumprida", in_days=-3, status=PromiseStatus.KEPT)


@pytest.mark.parametrize(
    ("when", "names"),
    [
        ("all", ["Ontem", "Hoje", "Amanhã"]),
        ("late", ["Ontem"]),
        ("today", ["Hoje"]),
        ("next", ["Amanhã"]),
        ("settled", ["Cumprida"]),
        ("whatever", ["Ontem", "Hoje", "Amanhã"]),
    ],
)
def test_each_chip_shows_its_promises_and_their_number(client, manager, several, when, names):
    response = client.get(PAGE, {"when": when})

    assert [promise.debtor.name for promise in response.context["page"]] == names
    assert response.context["counts"] == {"all": 3, "late": 1, "today": 1, "next": 1, "settled": 1}


def test_an_agent_sees_only_promises_of_his_portfolios(client):
    mine = make_portfolio()
    promised("Minha", in_days=1, portfolio=mine)
    promised("Alheia", in_days=1, portfolio=make_portfolio())
    client.force_login(make_agent(portfolios=[mine], permissions=["view_promisetopay"]))

    assert [promise.debtor.name for promise in client.get(PAGE).context["page"]] == ["Minha"]


def test_of_a_debtor_he_shares_an_agent_sees_what_was_promised_to_his_own_creditor_only(client):
    mine, others = make_portfolio(creditor=make_creditor()), make_portfolio(creditor=make_creditor())
    promise = promised("Dividida", in_days=1, portfolio=others)
    make_debt(debtor=promise.debtor, portfolio=mine)
    client.force_login(make_agent(portfolios=[mine], permissions=["view_promisetopay"]))

    response = client.get(PAGE)

    assert list(response.context["page"]) == []
    assert response.context["counts"]["all"] == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_one_promise_as_for_three(
    client, manager, rows, django_assert_num_queries
):
    for number in range(rows):
        promised(f"Pessoa {number}", in_days=number)
    client.get(PAGE)

    with django_assert_num_queries(6):
        client.get(PAGE)
