"""The list of debtors, and the way to one of them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from debtors.models import PromiseToPay
from debtors.views import people
from tests.factories import (
    make_agent,
    make_debt,
    make_debtor,
    make_manager,
    make_payment,
    make_phone,
    make_portfolio,
)

pytestmark = pytest.mark.django_db

LIST = "/debtors/"
SEARCH = "/debtors/search/"
QUERIES = 11 if connection.vendor == "postgresql" else 12  # dues and credits go in one errand there


def owing(name: str, *, days_late: int = 10, amount_cents: int = 10_000, portfolio=None, contract: str = ""):
    debtor = make_debtor(name=name)
    due_on = timezone.localdate() - timedelta(days=days_late)
    make_debt(debtor=debtor, portfolio=portfolio, installments=[(due_on, amount_cents)], contract=contract)
    return debtor


@pytest.fixture
def manager(client):
    user = make_manager()
    client.force_login(user)
    return user


def names(response) -> list[str]:
    return [row.debtor.name for row in response.context["rows"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_as_often_for_one_row_as_for_three(
    client, manager, rows, django_assert_num_queries
):
    for number in range(rows):
        owing(f"Pessoa {number}")
    client.get(LIST)

    with django_assert_num_queries(QUERIES):
        response = client.get(LIST)

    assert len(response.context["rows"]) == rows


def test_an_agent_sees_only_debtors_of_the_portfolios_given_to_him(client):
    mine, theirs = make_portfolio(), make_portfolio()
    owing("Minha Devedora", portfolio=mine)
    owing("Outra Devedora", portfolio=theirs)
    client.force_login(make_agent(portfolios=[mine], permissions=["view_debtor"]))

    assert names(client.get(LIST)) == ["Minha Devedora"]


def test_an_agent_is_not_told_what_is_owed_in_another_portfolio(client):
    mine, theirs = make_portfolio(), make_portfolio()
    debtor = owing("Minha Devedora", portfolio=mine, amount_cents=10_000)
    make_debt(debtor=debtor, portfolio=theirs, installments=[(timezone.localdate(), 70_000)])
    client.force_login(make_agent(portfolios=[mine], permissions=["view_debtor"]))

    row = client.get(LIST).context["rows"][0]

    assert row.balance.principal_cents == 10_000
    assert row.debtor.principal_cents == 10_000
    assert row.creditors == [mine.creditor]


def test_without_the_permission_there_is_no_list(client):
    client.force_login(make_agent(permissions=[]))

    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("typed", ["jose conceicao", "JOSÉ", "conceição josé", "zé", "CT-77", "ct-7781"])
def test_a_name_is_found_without_its_accents_and_a_contract_by_its_beginning(client, manager, typed):
    wanted = owing("José da Conceição", contract="CT-7781")
    wanted.preferred_name = "Zé da Padaria"
    wanted.save()
    owing("Maria das Dores")

    response = client.post(SEARCH, {"q": typed})

    assert response["Location"] == reverse("contacts:debtor", args=[wanted.pk])


@pytest.mark.parametrize("typed", [".*", "(", "[a-z]", "\\", "a{2}", "%", "_aria", "%aria", "ria"])
def test_what_is_typed_is_never_a_pattern_and_words_are_found_by_their_beginning(client, manager, typed):
    owing("Maria das Dores")

    assert client.post(SEARCH, {"q": typed})["Location"] == LIST


def test_a_name_of_several_shows_them_and_says_when_there_are_more(client, manager, monkeypatch):
    monkeypatch.setattr(people, "MOST_FOUND", 2)
    for name in ("Ana Maria", "Maria Ana", "Maria Bela"):
        owing(name)

    two, three = client.post(SEARCH, {"q": "ana"}), client.post(SEARCH, {"q": "maria"})

    assert (names(two), two.context["is_more"]) == (["Ana Maria", "Maria Ana"], False)
    assert (names(three), three.context["is_more"]) == (["Maria Ana", "Maria Bela"], True)


def test_a_name_or_contract_of_another_portfolio_is_not_found(client):
    owing("Escondida", portfolio=make_portfolio(), contract="CT-9")
    client.force_login(make_agent(portfolios=[make_portfolio()], permissions=["view_debtor"]))

    assert [client.post(SEARCH, {"q": typed})["Location"] for typed in ("escondida", "CT-9")] == [LIST, LIST]


def test_a_cpf_leads_to_the_debtor_and_never_into_an_address(client, manager):
    debtor = owing("Maria das Dores")

    response = client.post(reverse("debtors:search"), {"q": debtor.tax_id})

    assert response["Location"] == reverse("contacts:debtor", args=[debtor.pk])


def test_a_phone_of_two_people_offers_both(client, manager):
    for name in ("Ana", "Bruno"):
        make_phone(debtor=owing(name), number="+5511987650001")

    response = client.post(reverse("debtors:search"), {"q": "(11) 98765-0001"})

    assert names(response) == ["Ana", "Bruno"]


def test_a_cpf_of_another_portfolio_is_as_unknown_as_one_nobody_has(client):
    hidden = owing("Escondida", portfolio=make_portfolio())
    client.force_login(make_agent(portfolios=[], permissions=["view_debtor"]))

    for number in (hidden.tax_id, "52998224725"):
        response = client.post(reverse("debtors:search"), {"q": number}, follow=True)
        assert response.redirect_chain == [(LIST, 302)]
        assert len(response.context["messages"]) == 1


def test_nothing_of_a_person_stands_in_an_address(client, manager):
    for name in ("Maria das Dores", "Maria José"):
        owing(name)

    response = client.post(SEARCH, {"q": "maria"})

    assert (response.status_code, "Location" in response) == (200, False)
    assert len(names(client.get(LIST, {"q": "ninguem"}))) == 2


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", ["Ana", "Bia", "Caio"]),
        ("-name", ["Caio", "Bia", "Ana"]),
        ("principal", ["Caio", "Ana", "Bia"]),
        ("-principal", ["Bia", "Ana", "Caio"]),
        ("-days", ["Caio", "Bia", "Ana"]),
        ("days", ["Ana", "Bia", "Caio"]),
        ("nonsense", ["Ana", "Bia", "Caio"]),
    ],
)
def test_the_headers_sort(client, manager, sort, expected):
    owing("Ana", days_late=1, amount_cents=2_000)
    owing("Bia", days_late=20, amount_cents=3_000)
    owing("Caio", days_late=300, amount_cents=1_000)

    assert names(client.get(LIST, {"sort": sort})) == expected


def test_an_installment_that_is_paid_no_longer_makes_a_debtor_late(client, manager):
    today = timezone.localdate()
    partly = make_debtor(name="Paga a primeira")
    make_debt(
        debtor=partly,
        installments=[(today - timedelta(days=100), 5_000), (today - timedelta(days=5), 5_000)],
    )
    owing("Atrasada", days_late=50)
    make_payment(debtor=partly, amount_cents=5_000, paid_on=today - timedelta(days=100), now=timezone.now())

    assert names(client.get(LIST, {"sort": "-days"})) == ["Atrasada", "Paga a primeira"]


@pytest.mark.parametrize(("situation", "expected"), [("open", ["Deve"]), ("settled", ["Nada deve"])])
def test_the_situation_filters(client, manager, situation, expected):
    owing("Deve")
    make_debtor(name="Nada deve")

    assert names(client.get(LIST, {"situation": situation})) == expected


def test_a_promise_shows_instead_of_the_delay(client, manager):
    debtor = owing("Prometeu")
    today = timezone.localdate()
    PromiseToPay.objects.create(
        debtor=debtor,
        creditor=debtor.debts.get().creditor,
        amount_cents=10_000,
        promised_on=today,
        made_at=timezone.now(),
    )
    owing("Sem promessa")

    response = client.get(LIST, {"situation": "promised"})

    assert [(row.debtor.name, row.situation) for row in response.context["rows"]] == [
        ("Prometeu", "promised")
    ]


def test_the_26th_debtor_is_on_the_second_page(client, manager):
    for number in range(26):
        owing(f"Pessoa {number:02}")

    assert names(client.get(LIST, {"page": 2})) == ["Pessoa 25"]


def test_neither_cpf_nor_birth_date_stands_in_the_list(client, manager):
    debtor = owing("Maria das Dores")

    text = client.get(LIST).content.decode()

    assert debtor.tax_id not in text
    assert "1980" not in text
