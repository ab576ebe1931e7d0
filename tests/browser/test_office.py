"""Every page of a small office, as its manager sees them: readable, within the screen, in both themes."""

from datetime import timedelta

import pytest
from django.contrib.admin import site
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.vocabulary import Channel, ContactState
from debtors.services import promises
from tests.browser.pages import complaints_about, is_wider_than_the_screen, log_in, picture, use_theme
from tests.factories import (
    house_creditor,
    make_address,
    make_call,
    make_case,
    make_contact,
    make_debtor,
    make_manager,
    make_phone,
    make_policy,
    make_strategy,
    make_template,
)

NAMES = (
    "Ana Beatriz Moraes",
    "João da Conceição Vasconcelos Filho",
    "Maria das Dores",
    "Pedro Antônio Salgado",
)


@pytest.fixture
def office(transactional_db):
    """A manager, four debtors with their past, a policy, a ladder and its templates."""
    now = timezone.now()
    make_policy(now=now - timedelta(days=3), **DEFAULT_POLICY)
    for key in ("due_soon", "first_notice", "second_notice"):
        make_template(key=key)
        make_template(key=key, channel=Channel.EMAIL, subject="Um recado da Loja Aurora")
    make_strategy()
    for place, name in enumerate(NAMES, start=1):
        debtor = make_debtor(name=name, customer_since=now.date() - timedelta(days=700 * place))
        make_case(now=now, debtor=debtor, urgency=10 * place, amount_cents=73_321 * place)
        make_phone(debtor=debtor, number="+551132108800", kind="workplace", is_mobile=False)
        make_address(debtor=debtor)
        make_call(debtor=debtor, at=now - timedelta(days=place))
        make_contact(debtor=debtor, at=now - timedelta(days=place + 2), channel=Channel.EMAIL)
        make_contact(
            debtor=debtor,
            at=now - timedelta(hours=place),
            state=ContactState.BLOCKED,
            outcome="",
            channel=Channel.SMS,
        )
    promises.promise(
        debtor=debtor,
        creditor=house_creditor(),
        amount_cents=35_000,
        promised_on=now.date() + timedelta(days=3),
        made_to=None,
        now=now,
    )
    manager = make_manager(username="Helena")
    manager.is_staff = True
    manager.save()
    return manager


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_a_manager_is_readable_and_within_the_screen(watched, live_server, office, theme):
    debtor = Contact.objects.first().debtor_id
    pages = {
        "queue": reverse("dunning:desk"),
        "debtors": reverse("debtors:list"),
        "debtor": reverse("contacts:debtor", args=[debtor]),
        "promises": reverse("debtors:promises"),
        "import": reverse("debtors:import"),
        "payments-import": reverse("debtors:payments_import"),
        "payment": reverse("debtors:payment", args=[debtor, house_creditor().pk]),
        "ladders": reverse("dunning:strategies"),
        "policy": reverse("contacts:policy"),
        "messages": reverse("contacts:messages"),
        "outbox": reverse("contacts:outbox"),
        "password": reverse("password_change"),
    }
    log_in(watched, base=live_server.url, user=office)
    use_theme(watched, base=live_server.url, theme=theme)
    wrong = []
    for name, path in pages.items():
        assert watched.goto(live_server.url + path).status == 200, name
        wrong += complaints_about(watched, f"office-{name}-{theme}", theme=theme)

    assert wrong == []


def test_every_page_of_the_admin_opens_without_breaking_a_content_rule(watched, live_server, office, rf):
    office.is_superuser = True
    office.save()
    log_in(watched, base=live_server.url, user=office)
    asking = rf.get("/admin/")
    asking.user = office
    answers = {}
    for model, admin in site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        doors = ["changelist", "add"] if admin.has_add_permission(asking) else ["changelist"]
        for door in doors:
            answers[name, door] = watched.goto(live_server.url + reverse(f"admin:{name}_{door}")).status
            picture(watched, f"admin-{name}-{door}")
            if is_wider_than_the_screen(watched):
                answers[name, door] = "wider than the screen"

    assert answers
    assert set(answers.values()) == {200}, answers
