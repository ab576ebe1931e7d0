"""The contact policy: read in plain words, paused, compared, and its history."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactPolicy, PolicyHead
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import policy, policy_drafts
from tests.factories import make_agent, make_manager

pytestmark = pytest.mark.django_db

PAGE = "/contacts/policy/"
TIGHTER = DEFAULT_POLICY | {"channels": ["email"], "minor_age": 21}


@pytest.fixture
def manager(client):
    user = make_manager(username="helena")
    client.force_login(user)
    return user


@pytest.fixture
def in_force():
    return policy.ship_default(now=timezone.now() - timedelta(days=1))


def test_the_week_the_caps_and_the_closed_days_are_in_the_page(client, manager, in_force):
    context = client.get(PAGE).context

    assert [day.hours for day in context["week"]] == [["08:30–21:00"]] * 6 + [[]]
    assert [(name, cap.per_day, cap.per_7_days) for name, cap in context["caps"]][:2] == [
        (context["caps"][0][0], 2, 4),
        ("SMS", 1, 2),
    ]
    assert len(context["feasts"]) == len(DEFAULT_POLICY["close_feasts"])
    assert context["closes_public_holidays"]


def test_without_a_policy_the_page_says_so(client, manager):
    assert client.get(PAGE).status_code == 200
    assert client.get(reverse("contacts:policy_compare")).status_code == 200
    assert client.get(reverse("contacts:policy_history")).status_code == 200
    assert client.post(reverse("contacts:pause"), {"do": "pause"}).status_code == 302


def test_everything_is_paused_and_resumed_by_a_button(client, manager, in_force):
    client.post(reverse("contacts:pause"), {"do": "pause"})
    assert PolicyHead.objects.get().is_paused
    paused = client.get(PAGE).text
    assert 'role="alert"' in paused
    assert f"Quem pausou: {manager.name}." in paused

    client.post(reverse("contacts:pause"), {"do": "resume", "why": "O provedor voltou"})
    assert not PolicyHead.objects.get().is_paused
    assert "O provedor voltou" in client.get(reverse("contacts:policy_history")).text


def test_whoever_may_only_read_the_policy_cannot_pause(client, in_force):
    client.force_login(make_agent(permissions=["view_contactpolicy"]))

    assert client.post(reverse("contacts:pause"), {"do": "pause"}).status_code == 403
    assert "pause" not in client.get(PAGE).content.decode().replace("player-pause", "")


def test_a_published_version_can_be_read_and_nothing_else(client, manager, in_force):
    manager.is_staff = True
    manager.save()
    page = f"/admin/contacts/contactpolicy/{in_force.pk}/change/"

    assert client.get(page).status_code == 200
    assert client.post(page, {"note": "x"}).status_code == 403
    assert client.get(page.replace("change", "delete")).status_code == 403
    assert client.get("/admin/contacts/contactpolicy/add/").status_code == 403
    assert PAGE in client.get("/admin/contacts/contactpolicy/").content.decode()
    assert client.get(reverse("contacts:policy_version", args=[1])).status_code == 200
    assert client.get(reverse("contacts:policy_version", args=[99])).status_code == 404


def test_drafts_stand_on_the_policy_page_and_not_among_the_versions_of_the_log(client, manager, in_force):
    manager.is_staff = True
    manager.save()
    draft = policy_drafts.write(source=in_force, by=manager, now=timezone.now())

    assert client.get(PAGE).context["drafts"] == [draft]
    assert list(client.get("/admin/contacts/contactpolicy/").context["cl"].queryset) == [in_force]


def test_two_versions_are_compared_field_by_field_before_and_after(client, manager, in_force):
    policy.publish(terms=TIGHTER, note="menos", by=manager, now=timezone.now())

    context = client.get(reverse("contacts:policy_compare")).context
    assert [(line.title, line.before, line.after, line.tone) for line in context["lines"]] == [
        ("Canais ligados", "e-mail, SMS, ligação", "e-mail", "ok"),
        ("Ninguém com menos de (anos)", "18", "21", "ok"),
    ]

    back = client.get(reverse("contacts:policy_compare"), {"from": "2", "to": "1"}).context["lines"]
    assert [(line.before, line.after, line.tone) for line in back] == [
        ("e-mail", "e-mail, SMS, ligação", "wait"),
        ("21", "18", "wait"),
    ]


@pytest.mark.parametrize("asked", [{"from": "1", "to": "9"}, {"from": "x"}, {"to": "-1"}, {"to": "٣"}])
def test_a_version_that_does_not_exist_is_not_compared(client, manager, in_force, asked):
    assert client.get(reverse("contacts:policy_compare"), asked).status_code == 404


def test_a_version_compared_with_itself_says_the_same(client, manager, in_force):
    response = client.get(reverse("contacts:policy_compare"), {"from": "1", "to": "1"})

    assert response.context["lines"] == []
    assert "As duas dizem o mesmo." in response.text


def test_the_history_says_who_when_and_why(client, manager, in_force):
    policy.publish(terms=TIGHTER, note="menos contatos", by=manager, now=timezone.now())
    client.post(reverse("contacts:pause"), {"do": "pause"})

    response = client.get(reverse("contacts:policy_history"))

    assert [(event.kind, event.by) for event in response.context["page"]] == [
        ("paused", manager),
        ("published", manager),
        ("published", None),
    ]
    assert "menos contatos" in response.text
    assert reverse("contacts:policy_version", args=[2]) in response.text


def test_a_version_names_its_author_and_whoever_approved_it(client, manager, in_force):
    colleague = make_manager(username="igor")
    draft = policy_drafts.write(source=in_force, by=colleague, now=timezone.now())
    draft = policy_drafts.edit(
        draft.pk,
        terms=DEFAULT_POLICY | {"minor_age": None},
        note="sem idade",
        revision=1,
        by=colleague,
        now=timezone.now(),
    )
    proposal = policy_drafts.propose(
        draft.pk, revision=2, seen_in_force=in_force.pk, by=colleague, now=timezone.now()
    )
    policy_drafts.approve(proposal.pk, by=manager, now=timezone.now())

    version = ContactPolicy.objects.get(version=2)
    assert (version.author, version.second) == (colleague, manager)
    assert "Igor, aprovada por Helena" in client.get(PAGE).text


def test_the_page_says_by_what_the_policy_is_narrowed_further(client, manager, in_force):
    page = client.get(PAGE).text

    for name in ("overlay", "blocklist", "closedday"):
        assert reverse(f"admin:contacts_{name}_changelist") in page
