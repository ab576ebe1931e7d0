"""On the debtor's page: what he would rather have, and which local rules bind contact with him."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db.models import JSONField, Value
from django.urls import reverse
from django.utils import timezone

from contacts.models import Preference
from contacts.services import preferences
from contacts.vocabulary import Channel
from tests.factories import (
    make_address,
    make_agent,
    make_creditor,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_portfolio,
)
from tests.factories.local_rules import daily, make_overlay

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tuesday_noon():
    with time_machine.travel(datetime(2026, 11, 24, 15, tzinfo=UTC)):
        yield


@pytest.fixture
def debtor():
    make_policy(now=timezone.now())
    debtor = make_debtor()
    make_debt(debtor=debtor)
    return debtor


@pytest.fixture
def manager(client):
    user = make_manager()
    client.force_login(user)
    return user


def page_of(debtor) -> str:
    return reverse("contacts:debtor", args=[debtor.pk])


def keep(client, debtor, **form):
    page = reverse("contacts:keep_preference", args=[debtor.pk])
    return client.post(page, {"source": "disse ao telefone"} | form)


def end(client, preference, source="quer como antes"):
    return client.post(reverse("contacts:end_preference", args=[preference.pk]), {"source": source})


def test_a_preference_is_kept_seen_and_ended(client, manager, debtor):
    answer = keep(client, debtor, working_days="18h-20h", sunday="-", unwanted_channels=["sms"])

    assert answer.status_code == 302
    text = client.get(page_of(debtor)).content.decode()
    assert "O que o devedor prefere" in text
    assert "seg a sex: 18:00-20:00" in text.lower()
    assert "não por: SMS" in text
    kept = Preference.objects.get()
    assert kept.recorded_by == manager

    end(client, kept)

    kept.refresh_from_db()
    assert (kept.end_source, kept.ended_by) == ("quer como antes", manager)
    assert "O que o devedor prefere" not in client.get(page_of(debtor)).content.decode()


def test_it_binds_what_the_page_says_may_be_done_now(client, manager, debtor):
    keep(client, debtor, working_days="18:00-20:00")

    context = client.get(page_of(debtor)).context

    lines = [context["everywhere"], *(said.answer for line in context["points"] for said in line.answers)]
    assert {answer.tone for answer in lines if answer} == {"later"}


def test_what_was_kept_stands_in_the_form_when_it_is_changed(client, manager, debtor):
    keep(client, debtor, working_days="18:00-20:00", saturday="-", unwanted_channels=["voice"])

    form = client.get(page_of(debtor)).context["preference_form"]

    assert form.initial == {"working_days": "18:00-20:00", "saturday": "-", "unwanted_channels": ["voice"]}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"working_days": "à noite"}, "working_days"),
        ({"saturday": "20:00-18:00"}, "saturday"),
        ({"sunday": "25:00-26:00"}, "sunday"),
        ({"working_days": "18:00-20:00", "source": ""}, "source"),
        ({}, "__all__"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_what_was_typed_stays(
    client, manager, debtor, form, field
):
    response = keep(client, debtor, **form)

    assert response.status_code == 422
    assert list(response.context["preference_form"].errors) == [field]
    assert not Preference.objects.exists()


def test_an_agent_keeps_a_preference_and_a_manager_ends_it(client, debtor):
    home = debtor.debts.get().portfolio
    client.force_login(make_agent(portfolios=[home], permissions=["view_debtor", "add_preference"]))

    assert keep(client, debtor, unwanted_channels=["sms"]).status_code == 302
    assert end(client, Preference.objects.get()).status_code == 403


def test_the_preference_of_a_debtor_of_another_portfolio_is_as_absent_as_one_that_never_was(client, debtor):
    kept = preferences.keep(
        debtor=debtor, windows={}, unwanted_channels=["sms"], source="x", by=None, now=timezone.now()
    )
    client.force_login(make_agent(portfolios=[], permissions=["add_preference", "change_preference"]))

    assert keep(client, debtor, unwanted_channels=["voice"]).status_code == 404
    assert end(client, kept).status_code == 404
    kept.refresh_from_db()
    assert kept.active_until is None


def test_the_rules_that_bind_are_named_with_their_law_and_channels_and_no_others(client, manager, debtor):
    now = timezone.now()
    make_address(debtor=debtor, city="Campinas", state="SP")
    law = make_overlay(
        now=now, state="SP", is_law=True, channels=(Channel.VOICE,), windows=daily("08:00", "20:00")
    )
    ours = make_overlay(now=now, creditor=debtor.debts.get().creditor, windows=daily("09:00", "18:00"))
    make_overlay(now=now, state="RJ")
    make_overlay(now=now, creditor=make_creditor())

    told = client.get(page_of(debtor)).context["local_rules"]

    assert {each.rule: (each.channels, each.lines) for each in told} == {
        law: ("ligação", ["Seg a Dom: 08:00-20:00"]),
        ours: ("SMS, WhatsApp, e-mail, ligação, carta", ["Seg a Dom: 09:00-18:00"]),
    }
    text = client.get(page_of(debtor)).content.decode()
    assert "Regras que valem aqui" in text
    assert "Seg a Dom: 09:00-18:00" in text
    assert "Lei 1/2026" in text


def test_the_rules_of_a_creditor_of_another_portfolio_are_not_named(client, debtor):
    theirs = make_portfolio(creditor=make_creditor())
    make_debt(debtor=debtor, portfolio=theirs)
    make_overlay(now=timezone.now(), creditor=theirs.creditor)
    home = debtor.debts.order_by("pk")[0].portfolio
    client.force_login(make_agent(portfolios=[home], permissions=["view_debtor"]))

    assert client.get(page_of(debtor)).context["local_rules"] == []


@pytest.mark.parametrize(
    ("windows", "unwanted"),
    [(5, []), ({"mon": 5}, []), ({"mon": [["18:00"]]}, []), ({"segunda": []}, []), ({}, 5), ({}, ["call"])],
)
def test_a_wish_that_cannot_be_read_is_said_to_be_so_where_it_is_mended(
    client, manager, debtor, windows, unwanted
):
    keep(client, debtor, working_days="18:00-20:00")
    bent = {"windows": Value(windows, JSONField()), "unwanted_channels": Value(unwanted, JSONField())}
    Preference.objects.update(**bent)

    assert "Não pode ser lido, por isso ninguém contata o devedor" in client.get(page_of(debtor)).text

    keep(client, debtor, working_days="18:00-20:00")
    assert "Seg a Sex: 18:00-20:00" in client.get(page_of(debtor)).text
