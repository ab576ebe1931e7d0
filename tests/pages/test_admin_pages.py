"""The admin as a manager's tool: it opens everywhere, asks services, and deletes no evidence."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from collections_crm.roles import ROLES
from contacts.models import Consent, Hold, OptOut, Preference
from contacts.services import defaults, holds
from contacts.vocabulary import HoldKind
from debtors import queries
from debtors.models import ContactPoint, Debt, Debtor, Payment, Segment, User
from debtors.services.access import set_up_roles
from debtors.vocabulary import PointKind, PointStatus
from dunning.models import Step, Strategy
from tests.factories import (
    make_agent,
    make_case,
    make_contact,
    make_debt,
    make_debtor,
    make_manager,
    make_payment,
    make_portfolio,
    make_promise,
    make_strategy,
    make_template,
)
from tests.factories.local_rules import make_block_list

pytestmark = pytest.mark.django_db

OURS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in {"debtors", "contacts", "dunning"}),
    key=lambda model: model._meta.label,
)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*(src=|type=\"application/json\"|nonce=))")
INLINE_STYLE = re.compile(r"\s(style|onclick|onchange)=\"")


def page(model, name: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss", password=None)
    client.force_login(user)
    return user


@pytest.fixture
def office(boss):
    """One row of nearly every kind."""
    now = timezone.now()
    defaults.ship(now=now)
    make_block_list("+5511900000000", now=now)
    Segment.objects.create(name="Enchente")
    make_template()
    case = make_case(now=now)
    make_contact(debtor=case.debtor, at=now)
    make_payment(debtor=case.debtor, amount_cents=100, now=now)
    make_promise(debtor=case.debtor, promised_on=timezone.localdate() + timedelta(days=1), now=now)
    Hold.objects.create(debtor=case.debtor, kind="complaint", active_from=now)
    OptOut.objects.create(debtor=case.debtor, scope="global", active_from=now, source="x")
    Consent.objects.create(debtor=case.debtor, channel="*", active_from=now, source="x")
    Preference.objects.create(debtor=case.debtor, source="x", active_from=now)
    return case


def test_every_list_and_every_row_opens_and_holds_no_inline_script_or_style(client, office):
    answered = {address: client.get(address) for address in pages_of_ours(client)}

    assert [address for address, page in answered.items() if page.status_code != 200] == []
    texts = {address: page.content.decode() for address, page in answered.items()}
    assert [address for address, text in texts.items() if INLINE_SCRIPT.search(text)] == []
    assert [address for address, text in texts.items() if INLINE_STYLE.search(text)] == []


def pages_of_ours(client) -> list[str]:
    """Return the address of each list, of its first row, and of its form for a new one."""
    request = client.get("/admin/").wsgi_request
    pages = []
    for model in OURS:
        pages += [
            page(model, "changelist"),
            *(page(model, "change", row.pk) for row in model.objects.all()[:1]),
        ]
        if admin.site._registry[model].has_add_permission(request):
            pages.append(page(model, "add"))
    return pages


def test_nothing_is_deleted_in_bulk(client, office):
    before = {model: rows_of(model) for model in OURS}

    for model, chosen in before.items():
        form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
        client.post(page(model, "changelist"), form)

    assert {model: rows_of(model) for model in OURS} == before
    assert sum(len(rows) > 0 for rows in before.values()) > len(OURS) / 3


def rows_of(model) -> list[object]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def test_only_our_apps_are_shown_settings_first(client, office):
    apps = client.get("/admin/").context["app_list"]

    assert [app["app_label"] for app in apps] == ["contacts", "dunning", "debtors", "auth"]
    assert apps[0]["models"][0]["object_name"] == "ContactPolicy"
    assert [model["object_name"] for model in apps[3]["models"]] == ["User", "Group"]


def test_a_payment_added_here_goes_through_the_ledger_once(client, boss):
    debt = make_debt(installments=[(timezone.localdate(), 10_000)])
    form = {
        "number": "7f0b9dca-55a2-4f9d-93a0-8f1e3a3c1d11",
        "debtor": debt.debtor.tax_id,
        "creditor": debt.creditor_id,
        "amount": "40,00",
        "paid_on": timezone.localdate().isoformat(),
        "method": "pix",
    }

    for _time in range(2):
        assert client.post(page(Payment, "add"), form).status_code == 302

    assert Payment.objects.get().recorded_by == boss
    owed = queries.balances(debts=[debt.pk], on=timezone.localdate())
    assert owed[debt.pk].total_cents == 6_000


@pytest.mark.parametrize(
    ("field", "value"),
    [("debtor", "52998224725"), ("debtor", "123"), ("amount", "zero"), ("paid_on", "2099-01-01")],
)
def test_a_payment_that_cannot_be_true_is_refused_beside_its_field(client, boss, field, value):
    debt = make_debt()
    form = {
        "number": "7f0b9dca-55a2-4f9d-93a0-8f1e3a3c1d11",
        "debtor": debt.debtor.tax_id,
        "creditor": debt.creditor_id,
        "amount": "40,00",
        "paid_on": timezone.localdate().isoformat(),
        "method": "pix",
    }

    response = client.post(page(Payment, "add"), form | {field: value})

    assert list(response.context["adminform"].form.errors) == [field]
    assert not Payment.objects.exists()


def test_a_new_debt_is_charged_in_the_ledger(client, boss):
    debtor, portfolio = make_debtor(), make_portfolio()
    form = {
        "debtor": debtor.tax_id,
        "creditor": portfolio.creditor_id,
        "portfolio": portfolio.pk,
        "contract": "CT-1",
        "instrument": "boleto",
        "installments-TOTAL_FORMS": "1",
        "installments-INITIAL_FORMS": "0",
        "installments-0-number": "1",
        "installments-0-due_on": "2026-12-01",
        "installments-0-amount": "1.500,00",
    }

    response = client.post(page(Debt, "add"), form)

    assert response.status_code == 302
    debt = Debt.objects.get()
    assert list(debt.entries.values_list("kind", "amount_cents")) == [("charge", 150_000)]
    assert list(debt.installments.values_list("amount_cents", flat=True)) == [150_000]


def test_the_installments_of_a_debt_are_not_touched_again(client, boss):
    debt = make_debt(installments=[(timezone.localdate(), 10_000)])
    installment = debt.installments.get()
    form = {
        "portfolio": debt.portfolio_id,
        "product": "Fogão",
        "instrument": "boleto",
        "installments-TOTAL_FORMS": "1",
        "installments-INITIAL_FORMS": "1",
        "installments-0-id": installment.pk,
        "installments-0-debt": debt.pk,
        "installments-0-amount": "1,00",
    }

    assert client.post(page(Debt, "change", debt.pk), form).status_code == 302

    debt.refresh_from_db()
    installment.refresh_from_db()
    assert (debt.product, installment.amount_cents) == ("Fogão", 10_000)


def debtor_form(**changes) -> dict:
    return {
        "kind": "person",
        "name": "Ana",
        "tax_id": "529.982.247-25",
        "points-TOTAL_FORMS": "1",
        "points-INITIAL_FORMS": "0",
        "points-0-medium": "phone",
        "points-0-kind": "own",
        "points-0-status": "new",
        "points-0-value": "(11) 98765-4321",
    } | changes


def test_a_debtor_is_kept_with_bare_cpf_and_international_phone(client, boss):
    client.post(page(Debtor, "add"), debtor_form())

    debtor = Debtor.objects.get()
    point = debtor.points.get()
    assert (debtor.tax_id, point.value, point.is_mobile) == ("52998224725", "+5511987654321", True)


@pytest.mark.parametrize(
    "changes",
    [
        {"tax_id": "529.982.247-26"},
        {"kind": "company"},
        {"points-0-value": "0800 123 4567"},
        {"points-0-value": "x"},
    ],
)
def test_a_debtor_with_an_impossible_number_is_refused(client, boss, changes):
    assert client.post(page(Debtor, "add"), debtor_form(**changes)).status_code == 200
    assert not Debtor.objects.exists()


def test_a_known_number_and_what_is_known_of_it_change_on_the_debtors_page_only(client, boss):
    debtor = make_debtor(email=None)
    point = debtor.points.get()
    form = debtor_form(
        tax_id=debtor.tax_id,
        **{
            "points-INITIAL_FORMS": "1",
            "points-0-id": point.pk,
            "points-0-debtor": debtor.pk,
            "points-0-status": "wrong_number",
            "points-0-kind": "workplace",
            "points-0-value": "+5521999990000",
            "points-0-city": "Campinas",
        },
    )

    client.post(page(Debtor, "change", debtor.pk), form)

    kept = ContactPoint.objects.get()
    assert (kept.value, kept.kind, kept.status) == (point.value, PointKind.OWN, PointStatus.NEW)
    assert kept.city == "Campinas"


def test_a_number_that_somebody_silenced_stays_silent_for_whoever_is_given_it(client, boss):
    number = "+5511987654321"
    make_debtor(phone=number).points.filter(medium="phone").update(status=PointStatus.DO_NOT_CONTACT)

    client.post(page(Debtor, "add"), debtor_form(**{"points-0-status": "verified"}))

    point = ContactPoint.objects.get(debtor__name="Ana")
    kept = point.changes.get()
    assert (point.status, kept.status, kept.recorded_by) == (PointStatus.DO_NOT_CONTACT,) * 2 + (boss,)
    assert point.status_since is not None
    assert point.source


def test_a_new_number_is_kept_with_who_typed_it_and_when(client, boss):
    client.post(page(Debtor, "add"), debtor_form(**{"points-0-status": "verified"}))

    point = ContactPoint.objects.get()
    assert (point.status, point.changes.get().recorded_by) == (PointStatus.VERIFIED, boss)
    assert point.status_since is not None


def test_whoever_places_a_hold_says_why(client, boss):
    form = {"debtor": make_debtor().tax_id, "kind": "dispute", "active_until_0": "", "active_until_1": ""}

    refused = client.post(page(Hold, "add"), form | {"reason": ""})
    assert list(refused.context["adminform"].form.errors) == ["reason"]
    client.post(page(Hold, "add"), form | {"reason": "Não reconhece"})

    assert Hold.objects.get().reason == "Não reconhece"


def test_a_hold_that_would_have_ended_already_is_refused_and_nothing_is_lost(client, boss):
    debtor = make_debtor()
    form = {"debtor": debtor.tax_id, "kind": "dispute", "reason": "Não reconhece"}

    refused = client.post(
        page(Hold, "add"), form | {"active_until_0": "01/01/2026", "active_until_1": "10:00"}
    )

    assert "Este momento já passou" in refused.content.decode()
    assert not Hold.objects.exists()
    now = timezone.now()
    with pytest.raises(ValueError, match="a hold until"):
        holds.place(debtor=debtor, kind=HoldKind.DISPUTE, reason="", by=None, now=now, until=now)


def step_form(strategy, **changes) -> dict:
    return {
        "name": "Régua",
        "is_active": "on",
        "minimum_gap_days": "2",
        "first_delay_grace_days": "5",
        "old_customer_after_days": "365",
        "steps-TOTAL_FORMS": "1",
        "steps-INITIAL_FORMS": "0",
        "steps-0-offset_days": "5",
        "steps-0-title": "Primeiro recado",
        "steps-0-actor": "system",
        "steps-0-channel": "sms",
        "steps-0-template_key": "first_notice",
        "steps-0-tone": "friendly",
        "steps-0-is_active": "on",
    } | changes


def test_a_ladder_is_written_with_its_steps(client, boss):
    make_template()

    client.post(page(Strategy, "add"), step_form(None))

    assert list(Step.objects.values_list("offset_days", "template_key")) == [(5, "first_notice")]


@pytest.mark.parametrize(
    "changes",
    [
        {"steps-0-template_key": ""},
        {"steps-0-channel": "email"},
        {"steps-0-offset_days": "-3"},
        {"steps-0-template_key": "statement", "steps-0-channel": "email", "steps-0-tone": "direct"},
        {"steps-0-fallback_channel": "letter"},
        {"steps-0-tone": "reminder"},
    ],
)
def test_a_step_that_could_not_be_taken_is_refused(client, boss, changes):
    """Without a text, telling too much at first by either channel, or speaking harder than the step."""
    make_template()
    make_template(channel="letter", disclosure="full")
    make_template(key="statement", channel="email", disclosure="full", tone="direct")

    assert client.post(page(Strategy, "add"), step_form(None, **changes)).status_code == 200
    assert not Strategy.objects.exists()


def test_two_ladders_are_never_active_for_the_same_debts(client, boss):
    make_template()
    make_strategy()

    response = client.post(page(Strategy, "add"), step_form(None))

    assert response.context["adminform"].form.non_field_errors()


def test_wishes_are_added_by_cpf_through_their_service(client, boss):
    debtor = make_debtor()
    client.post(
        page(OptOut, "add"), {"debtor": debtor.tax_id, "scope": "channel", "channel": "sms", "source": "x"}
    )
    client.post(page(Hold, "add"), {"debtor": debtor.tax_id, "kind": "complaint", "reason": "Procon"})
    client.post(page(Consent, "add"), {"debtor": debtor.tax_id, "channel": "*", "source": "x"})

    assert OptOut.objects.get().recorded_by == boss
    assert Hold.objects.get().placed_by == boss
    assert Consent.objects.get().active_from <= timezone.now()


def test_the_roles_hold_what_the_matrix_says():
    set_up_roles(permissions={name: set(wanted) for name, wanted in ROLES.items()})
    agent, manager = make_agent(permissions=[]), make_manager(permissions=[])
    agent.groups.add(Group.objects.get(name="agent"))
    manager.groups.add(Group.objects.get(name="manager"))

    assert agent.get_all_permissions() == ROLES["agent"]
    assert manager.get_all_permissions() == ROLES["manager"]
    assert ROLES["agent"] < ROLES["manager"]


def test_a_manager_of_the_matrix_opens_what_he_needs_and_not_the_colleagues_passwords(client, office):
    set_up_roles(permissions={name: set(wanted) for name, wanted in ROLES.items()})
    manager = make_manager(permissions=[])
    manager.is_staff = True
    manager.save()
    manager.groups.add(Group.objects.get(name="manager"))
    client.force_login(manager)

    shown = {
        model["object_name"] for app in client.get("/admin/").context["app_list"] for model in app["models"]
    }

    assert {"ContactPolicy", "Strategy", "Creditor", "Payment", "LedgerEntry", "Contact"} <= shown
    assert client.get(page(User, "add")).status_code == 403
    assert client.get(page(User, "change", manager.pk)).status_code == 200
    assert client.post(page(User, "change", manager.pk), {"is_superuser": "on"}).status_code == 403


@pytest.mark.parametrize("language", ["pt-br", "en"])
def test_moments_stand_in_the_admin_as_on_all_other_pages(client, boss, language):
    moment = datetime(2026, 11, 3, 17, 5, tzinfo=UTC)
    hold = Hold.objects.create(debtor=make_debtor(), kind="complaint", active_from=moment)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    assert "03/11/2026 14:05" in client.get(page(Hold, "change", hold.pk)).text
    assert "03/11/2026 14:05" in client.get(page(Hold, "changelist")).text


def test_the_note_about_the_offices_time_zone_is_told_in_portuguese(client, boss):
    scripts = client.get(reverse("admin:jsi18n")).text

    assert "Informe os hor\\u00e1rios no fuso %(timezone)s. (Voc\\u00ea est\\u00e1 %(offset)s hora" in scripts
    assert '"Choose a Time": "Escolha um hor\\u00e1rio"' in scripts
