"""The preview on the page of a draft: asked for, watched, stopped; figures, bars, a week, examples."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactPolicy, PolicyPreview
from contacts.services import policy, policy_drafts, previewing
from contacts.vocabulary import Channel, ContactState, PreviewState
from tests.factories import make_agent, make_contact, make_debt, make_debtor, make_manager, make_policy

pytestmark = pytest.mark.django_db

ALWAYS = {"windows": {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}}


@pytest.fixture
def manager(client):
    user = make_manager(username="helena")
    client.force_login(user)
    return user


@pytest.fixture
def draft(manager) -> ContactPolicy:
    """A draft that switches SMS off, over a policy that is always open."""
    in_force = make_policy(now=timezone.now(), **ALWAYS)
    draft = policy_drafts.write(source=in_force, by=manager, now=timezone.now())
    terms = in_force.terms | {"channels": ["email"]}
    return policy_drafts.edit(draft.pk, terms=terms, note="x", revision=1, by=manager, now=timezone.now())


@pytest.fixture
def maria(draft):
    """Somebody in São Paulo who was written to by SMS, and to whom an SMS and an e-mail wait."""
    debtor = make_debtor(name="Maria Lins")
    make_debt(debtor=debtor)
    make_contact(debtor=debtor, at=timezone.now() - timedelta(days=2))
    for channel in (Channel.SMS, Channel.EMAIL):
        make_contact(debtor=debtor, at=timezone.now(), state=ContactState.PLANNED, channel=channel)
    return debtor


def page_of(draft: ContactPolicy) -> str:
    return reverse("contacts:policy_draft", args=[draft.pk])


def preview_of(draft: ContactPolicy) -> str:
    return reverse("contacts:policy_preview", args=[draft.pk])


def test_a_preview_is_asked_for_on_the_drafts_page_and_read_there(client, draft, maria):
    assert client.get(page_of(draft)).context["preview"] is None

    answer = client.post(preview_of(draft))
    assert answer["Location"] == f"{page_of(draft)}#preview"

    page = client.get(page_of(draft))
    assert (page.context["preview"].done, page.context["sums"]["stopped"], page.context["sums"]["same"]) == (
        3,
        2,
        1,
    )
    assert [dict(counts) for _label, counts in page.context["rows"]] == [
        {"stopped": 1},
        {"stopped": 1, "same": 1},
    ]
    [bar] = page.context["rule_bars"]
    assert (bar.label, bar.counts) == ("este canal está desligado", (2, 0, 0, 0))
    assert bar.parts[0] == ("stopped", 0, 1000)
    assert [(bar.label, bar.total) for bar in page.context["state_bars"]] == [("SP", 2)]
    [(word, examples)] = page.context["examples"]
    assert (word, [example.debtor for example in examples]) == ("não saem mais", [maria])
    assert reverse("contacts:debtor", args=[maria.pk]) in page.text


def test_the_coming_week_is_drawn_hour_by_hour(client, draft, maria):
    client.post(preview_of(draft))
    context = client.get(page_of(draft)).context
    now = timezone.localtime()

    hot = {
        (hour, day): (cell.draft, cell.base, cell.level)
        for hour, cells in context["heat_rows"]
        for day, cell in enumerate(cells)
        if cell.base
    }
    assert hot == {(now.hour, 0): (1, 2, 5)}
    assert context["heat_sums"][0] == (1, 2)
    assert len(context["heat_days"]) == 7


def test_while_it_is_worked_out_the_page_asks_every_second_and_may_stop_it(client, manager, draft, maria):
    preview = previewing.ask(draft.pk, by=manager, now=timezone.now())
    PolicyPreview.objects.update(
        state=PreviewState.RUNNING, done=60_000, total=180_000, began_at=timezone.now() - timedelta(minutes=1)
    )

    page = client.get(page_of(draft))
    assert 'hx-trigger="every 1s"' in page.text
    assert '<progress value="60000" max="180000"' in page.text
    assert "Olhar de novo" in page.text
    assert 500 < page.context["rate"] <= 1_000  # the page itself may take a while
    part = client.get(preview_of(draft), headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith('<section class="card" id="preview"')

    client.post(reverse("contacts:policy_preview_stop", args=[preview.pk]))
    stopped = client.get(page_of(draft)).text
    assert "every 1s" not in stopped
    assert "Foi interrompida antes do fim." in stopped
    again = client.post(reverse("contacts:policy_preview_stop", args=[preview.pk]), follow=True)
    assert "já tinha terminado" in again.text


def test_by_htmx_the_part_alone_is_answered(client, draft, maria):
    answer = client.post(preview_of(draft), headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert answer.context["sums"]["stopped"] == 2
    assert "<html" not in answer.text


def test_figures_that_are_no_longer_true_are_marked_so(client, manager, draft, maria):
    client.post(preview_of(draft))

    terms = draft.terms | {"minor_age": 21}
    policy_drafts.edit(draft.pk, terms=terms, note="x", revision=2, by=manager, now=timezone.now())

    page = client.get(page_of(draft))
    assert page.context["preview"].state == PreviewState.OUTDATED
    assert "estes números já não valem" in page.text


def test_whoever_only_reads_sees_the_figures_and_no_button(client, draft, maria):
    client.post(preview_of(draft))
    client.force_login(make_agent(permissions=["view_contactpolicy"]))

    page = client.get(page_of(draft))

    assert page.context["sums"]["stopped"] == 2
    assert f'action="{preview_of(draft)}"' not in page.text
    assert client.post(preview_of(draft)).status_code == 403


def test_what_is_no_draft_any_more_has_no_preview_page(client, manager, draft):
    policy_drafts.discard(draft.pk, by=manager, now=timezone.now())

    assert client.get(preview_of(draft)).status_code == 404
    assert client.post(preview_of(draft)).status_code == 404


def test_without_any_contact_the_preview_says_zero(client, draft):
    client.post(preview_of(draft))

    page = client.get(page_of(draft))
    assert page.context["preview"].state == PreviewState.DONE
    assert page.context["rule_bars"] == []
    assert page.context["heat_sums"] == [(0, 0)] * 7


def test_the_preview_stays_with_the_version_it_became(client, manager, draft, maria):
    client.post(preview_of(draft))
    policy_drafts.publish(
        draft.pk,
        revision=draft.revision,
        seen_in_force=policy.in_force().policy_id,
        by=manager,
        now=timezone.now(),
    )

    assert PolicyPreview.objects.get().state == PreviewState.DONE


def test_what_is_too_short_for_a_bar_of_its_own_is_summed_up_and_nothing_is_left_out(client, draft, maria):
    client.post(preview_of(draft))
    preview = PolicyPreview.objects.get()
    states = {f"S{n}": {"stopped": n, "newly": 1} for n in range(1, 16)}
    preview.result = preview.result | {"states": states}
    preview.save()

    bars = client.get(page_of(draft)).context["state_bars"]

    assert (len(bars), bars[-1].label) == (12, "outros 4")
    assert bars[-1].counts == (1 + 2 + 3 + 4, 0, 0, 4)
    assert sum(bar.total for bar in bars) == sum(range(1, 16)) + 15


def test_what_comes_sooner_is_not_drawn_as_what_comes_later(client, draft, maria):
    client.post(preview_of(draft))
    preview = PolicyPreview.objects.get()
    preview.result = preview.result | {"states": {"SP": {"later": 1, "sooner": 3}}}
    preview.save()

    page = client.get(page_of(draft))

    [bar] = page.context["state_bars"]
    assert bar.counts == (0, 1, 3, 0)
    assert [part for part in bar.parts if part[2]] == [("later", 0, 250), ("sooner", 250, 750)]
    assert 'class="fill-sooner"' in page.text


def test_an_example_tells_the_hour_of_the_office_and_the_debtors(client, draft):
    debtor = make_debtor(phone="+5592991234567")
    make_debt(debtor=debtor)
    make_contact(debtor=debtor, at=timezone.now() - timedelta(days=2))

    client.post(preview_of(draft))

    [(_word, [example])] = client.get(page_of(draft)).context["examples"]
    at = timezone.now() - timedelta(days=2)
    office, manaus = timezone.localtime(at), at.astimezone(ZoneInfo("America/Manaus"))
    assert f", {office:%H:%M} (" in example.base_at
    assert f"{manaus:%H:%M} em Manaus)" in example.base_at
    assert example.draft_at == "não permitido"


def test_the_end_of_a_preview_is_announced_and_its_beginning_once(client, manager, draft, maria):
    waiting = PolicyPreview.objects.create(
        draft=draft, revision=draft.revision, asked_at=timezone.now(), asked_by=manager
    )
    assert "A prévia está sendo calculada" in client.get(preview_of(draft)).text
    PolicyPreview.objects.filter(pk=waiting.pk).update(state=PreviewState.RUNNING, total=10, done=3)
    assert "data-announce" not in client.get(preview_of(draft)).text
    waiting.delete()

    client.post(preview_of(draft))

    announced = 'data-announce="A prévia está pronta. Não saem mais: 2; mudam de hora: 0; passam'
    assert announced in client.get(preview_of(draft)).text


def test_whoever_may_read_the_policy_reads_no_names_of_other_portfolios_in_its_preview(client, draft, maria):
    client.post(preview_of(draft))
    assert "Maria Lins" in client.get(page_of(draft)).text

    client.force_login(make_manager(username="paula", permissions=["view_contactpolicy", "view_debtor"]))
    page = client.get(page_of(draft))

    [(_word, [example])] = page.context["examples"]
    assert example.debtor is None
    assert "Maria Lins" not in page.text
    assert "de outra carteira" in page.text
