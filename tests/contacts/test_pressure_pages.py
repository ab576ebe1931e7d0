"""Contact pressure on the pages: managers see who is near the cap."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from contacts import pressures
from contacts.vocabulary import Channel
from tests.factories import (
    house_portfolio,
    make_agent,
    make_call,
    make_case,
    make_contact,
    make_creditor,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_portfolio,
)

NOON = datetime(2026, 11, 24, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
CAPS = {"total": {"per_day": 2, "per_7_days": 4}}
PAGE = reverse("contacts:pressure")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday_noon():
    """No holiday, nobody's birthday."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def manager(client):
    user = make_manager()
    client.force_login(user)
    return user


def listed(client, **filters):
    return [(row["debtor__name"], row["percent"]) for row in client.get(PAGE, filters).context["rows"]]


def test_managers_see_who_is_near_the_cap_most_pressed_first(client, manager):
    make_policy(now=NOON, caps=CAPS)
    for name, hours in (("Ana", [1]), ("Bruno", [1, 2]), ("Clara", [30, 50, 70]), ("Davi", [])):
        debtor = make_debtor(name=name)
        for each in hours:
            make_contact(debtor=debtor, at=NOON - each * HOUR)

    assert listed(client) == [("Bruno", 100), ("Clara", 75)]
    assert listed(client, share="50") == [("Bruno", 100), ("Clara", 75), ("Ana", 50)]
    assert listed(client, share="100") == [("Bruno", 100)]
    assert listed(client, share="50", sort="-name") == [("Clara", 75), ("Bruno", 100), ("Ana", 50)]
    assert listed(client, share="nonsense") == listed(client)


def test_contacts_by_everybody_for_every_creditor_add_up(client, manager):
    make_policy(now=NOON, caps=CAPS)
    debtor = make_debtor(name="Ana")
    make_call(debtor=debtor, at=NOON - 30 * HOUR, agent=make_agent())
    make_contact(debtor=debtor, at=NOON - 40 * HOUR, channel=Channel.EMAIL, creditor=make_creditor())
    make_contact(debtor=debtor, at=NOON - 50 * HOUR, channel=Channel.SMS, creditor=make_creditor())

    assert listed(client) == [("Ana", 75)]


def test_the_list_can_be_narrowed_to_a_portfolio(client, manager):
    make_policy(now=NOON, caps=CAPS)
    here = make_portfolio()
    for name, portfolio in (("Ana", here), ("Bruno", make_portfolio())):
        debtor = make_debtor(name=name)
        for _twice in range(2):  # two debts in it are one debtor
            make_debt(debtor=debtor, portfolio=portfolio)
        make_contact(debtor=debtor, at=NOON - HOUR)
        make_contact(debtor=debtor, at=NOON - HOUR)

    assert listed(client, portfolio=here.pk) == [("Ana", 100)]
    assert len(listed(client)) == 2


def test_a_manager_of_one_portfolio_sees_its_debtors_only(client):
    make_policy(now=NOON, caps=CAPS)
    for portfolio in (house_portfolio(), make_portfolio()):
        debtor = make_debtor(name=portfolio.name)
        make_debt(debtor=debtor, portfolio=portfolio)
        make_contact(debtor=debtor, at=NOON - HOUR)
        make_contact(debtor=debtor, at=NOON - HOUR)
    client.force_login(make_agent(permissions=["view_contact", "view_debtor"]))

    assert listed(client) == [(house_portfolio().name, 100)]


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({}, "A política não define limites por dia ou semana"),
        ({"caps": CAPS}, "Ninguém está perto do limite"),
    ],
)
def test_an_empty_list_says_why(client, manager, terms, says):
    make_policy(now=NOON, **terms)

    assert says in client.get(PAGE).content.decode()


def test_without_a_policy_there_is_nothing_to_measure_by(client, manager):
    assert "Sem política nada sai da casa" in client.get(PAGE).content.decode()


@pytest.mark.parametrize("rows", [1, 3, 60])
def test_the_list_asks_as_often_for_one_row_as_for_many(client, manager, rows, django_assert_num_queries):
    make_policy(now=NOON, caps=CAPS)
    for _row in range(rows):
        debtor = make_debtor()
        make_contact(debtor=debtor, at=NOON - HOUR)
        make_contact(debtor=debtor, at=NOON - HOUR)
    client.get(PAGE)

    with django_assert_num_queries(8):
        response = client.get(PAGE)

    assert len(response.context["rows"]) == min(rows, 25)


def test_debtor_page_and_case_card_say_the_number_and_what_is_behind_it(client, manager):
    make_policy(now=NOON, caps=CAPS)
    debtor = make_debtor()
    case = make_case(now=NOON, debtor=debtor)
    make_contact(debtor=debtor, at=NOON - 30 * HOUR, channel=Channel.EMAIL, creditor=make_creditor())

    for page in (reverse("contacts:debtor", args=[debtor.pk]), reverse("dunning:case", args=[case.pk])):
        response = client.get(page)
        shown = response.context["pressure"]

        assert (shown.percent, shown.tone) == (25, "ok")
        assert shown.gauges == ["0 de 2 contatos em 24 horas", "1 de 4 contatos em 7 dias"]
        assert [(made.at, made.channel) for made in shown.contacts] == [(NOON - 30 * HOUR, "e-mail")]
        assert "25%" in response.content.decode()


@pytest.mark.parametrize(
    ("percent", "tone"), [(0, "ok"), (65, "ok"), (66, "wait"), (99, "wait"), (100, "bad")]
)
def test_the_colour_warns_before_the_cap_is_reached(percent, tone):
    assert pressures.tone(percent) == tone
