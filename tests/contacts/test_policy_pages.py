"""The contact policy: read in plain words, paused, and written anew in the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.forms.policy import FEAST_WORDS, PolicyForm, initial_from
from contacts.models import Contact, ContactPolicy, PolicyHead
from contacts.rules import commemoration, policy_json
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import policy
from contacts.views.policy import in_words
from contacts.vocabulary import ContactState
from tests.factories import make_agent, make_contact, make_debtor, make_manager

pytestmark = pytest.mark.django_db

PAGE = "/contacts/policy/"
ADD = "/admin/contacts/contactpolicy/add/"


@pytest.fixture
def manager(client):
    user = make_manager()
    user.is_staff = True
    user.save()
    client.force_login(user)
    return user


@pytest.fixture
def in_force():
    return policy.ship_default(now=timezone.now() - timedelta(days=1))


def as_typed(**changes) -> dict:
    """Return what the form posts when nothing but `changes` was touched."""
    values = initial_from(DEFAULT_POLICY) | {"note": "Teste"} | changes
    return {name: value for name, value in values.items() if value not in (None, False, [])}


def test_the_week_the_caps_and_the_closed_days_are_in_the_page(client, manager, in_force):
    context = client.get(PAGE).context

    assert [day.hours for day in context["week"]] == [["08:30–21:00"]] * 6 + [[]]
    assert [(name, cap.per_day, cap.per_7_days) for name, cap in context["caps"]][:2] == [
        (context["caps"][0][0], 2, 4),
        ("SMS", 1, 2),
    ]
    assert len(context["feasts"]) == 15
    assert context["closes_public_holidays"]


def test_without_a_policy_the_page_says_so(client, manager):
    assert client.get(PAGE).status_code == 200
    assert client.post(reverse("contacts:pause"), {"do": "pause"}).status_code == 302


def test_everything_is_paused_and_resumed_by_a_button(client, manager, in_force):
    client.post(reverse("contacts:pause"), {"do": "pause"})
    assert PolicyHead.objects.get().is_paused
    assert 'role="alert"' in client.get(PAGE).content.decode()

    client.post(reverse("contacts:pause"), {"do": "resume"})
    assert not PolicyHead.objects.get().is_paused


def test_whoever_may_only_read_the_policy_cannot_pause(client, in_force):
    client.force_login(make_agent(permissions=["view_contactpolicy"]))

    assert client.post(reverse("contacts:pause"), {"do": "pause"}).status_code == 403
    assert "pause" not in client.get(PAGE).content.decode().replace("player-pause", "")


def test_the_form_is_filled_with_the_version_in_force_and_unchanged_says_the_same(client, manager, in_force):
    form = client.get(ADD).context["adminform"].form
    assert form.initial["windows_mon"] == "08:30-21:00"

    client.post(ADD, as_typed())

    before, after = (
        policy_json.policy_from_json(each.terms) for each in ContactPolicy.objects.order_by("version")
    )
    assert after == before
    assert PolicyHead.objects.get().policy.version == 2


def test_a_new_version_is_in_force_at_once_and_the_old_one_stays(client, manager, in_force):
    client.post(ADD, as_typed(windows_sat="09:00-12:00, 14:00-16:00", channels=["sms"], cap_sms_per_day=""))

    head = PolicyHead.objects.get()
    assert head.policy.terms["windows"]["sat"] == [["09:00", "12:00"], ["14:00", "16:00"]]
    assert head.policy.terms["channels"] == ["sms"]
    assert head.policy.terms["caps"]["channels"]["sms"]["per_day"] is None
    assert head.policy.created_by == manager
    assert head.policy.note == "Teste"
    assert ContactPolicy.objects.get(version=1).terms == DEFAULT_POLICY


def test_after_publishing_the_new_version_is_shown_in_plain_words(client, manager, in_force):
    answer = client.post(ADD, as_typed(windows_sat=""), follow=True)

    assert answer.redirect_chain == [(reverse("contacts:policy"), 302)]
    assert "A versão 2 está em vigor" in answer.text


def test_what_the_old_version_refused_is_judged_again(client, manager, in_force):
    now = timezone.now()
    refused = make_contact(debtor=make_debtor(), at=now, state=ContactState.BLOCKED)
    Contact.objects.update(expires_at=now + timedelta(days=1))

    client.post(ADD, as_typed())

    refused.refresh_from_db()
    assert refused.state == ContactState.PLANNED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("windows_mon", "8h30 to never"),
        ("windows_mon", "12:00-11:00"),
        ("windows_mon", "08:30-25:00"),
        ("windows_mon", "08:30-12:75"),
        ("windows_sun", "07:00-12:00"),
        ("windows_fri", "08:30-21:01"),
        ("closed_dates", "31/02/2026"),
        ("closed_dates", "Natal"),
        ("closed_dates", "30/02"),
        ("cap_total_per_day", "-1"),
        ("channels", ["pigeon"]),
        ("minor_age", "eighteen"),
        ("note", ""),
    ],
)
def test_what_cannot_be_a_policy_is_said_beside_its_field(client, manager, in_force, field, value):
    response = client.post(ADD, as_typed() | {field: value})

    assert list(response.context["adminform"].form.errors) == [field]
    assert ContactPolicy.objects.count() == 1


@pytest.mark.parametrize("window", ["08:30-21:00", "9-18", "9h30 às 12h, 13:00-18:30", "fechado", ""])
def test_windows_are_read_as_people_write_them(in_force, window):
    form = PolicyForm(as_typed(windows_mon=window), base=DEFAULT_POLICY)

    assert form.is_valid(), form.errors


def test_a_window_before_0830_or_after_2100_needs_to_be_meant(client, manager, in_force):
    client.post(ADD, as_typed(windows_mon="08:00-21:00"))
    assert ContactPolicy.objects.count() == 1

    client.post(ADD, as_typed(windows_mon="08:00-21:00", knows_it_is_looser="on"))
    assert PolicyHead.objects.get().policy.terms["windows"]["mon"] == [["08:00", "21:00"]]


def test_own_closed_dates_come_back_as_they_were_typed(in_force):
    form = PolicyForm(as_typed(closed_dates="25/01\n24/11/2026"), base=DEFAULT_POLICY)

    assert form.is_valid(), form.errors
    assert (form.terms["yearly_holidays"], form.terms["holidays"]) == (["01-25"], ["2026-11-24"])
    assert initial_from(form.terms)["closed_dates"] == "25/01\n24/11/2026"


def test_what_the_form_does_not_show_is_kept(in_force):
    base = DEFAULT_POLICY | {"week_mode": "local_dates", "feb29": "mar1"}
    form = PolicyForm(as_typed(), base=base)

    assert form.is_valid(), form.errors
    assert (form.terms["week_mode"], form.terms["feb29"]) == ("local_dates", "mar1")


def test_a_published_version_can_be_read_and_nothing_else(client, manager, in_force):
    page = f"/admin/contacts/contactpolicy/{in_force.pk}/change/"

    assert client.get(page).status_code == 200
    assert client.post(page, as_typed()).status_code == 403
    assert client.get(page.replace("change", "delete")).status_code == 403
    assert client.get(reverse("contacts:policy_version", args=[1])).status_code == 200
    assert client.get(reverse("contacts:policy_version", args=[99])).status_code == 404


def test_optional_and_commemorative_days_are_two_lists_on_the_form_and_one_in_the_policy():
    optional = ["carnival", "corpus_christi", "christmas_eve", "new_years_eve"]
    before = initial_from(DEFAULT_POLICY)
    assert before["close_optional_days"] == optional
    assert before["close_optional_days"] + before["close_feasts"] == DEFAULT_POLICY["close_feasts"]

    typed = as_typed(close_optional_days=["ash_wednesday"], close_feasts=["black_friday"])
    form = PolicyForm(typed, base=DEFAULT_POLICY)

    assert form.is_valid(), form.errors
    assert form.terms["close_feasts"] == ["ash_wednesday", "black_friday"]
    assert [str(word) for word in in_words(form.terms)["feasts"]] == [
        "Quarta-feira de Cinzas",
        "Black Friday",
    ]


def test_every_day_that_a_policy_may_close_has_a_word():
    assert list(FEAST_WORDS) == list(commemoration.FEASTS)
