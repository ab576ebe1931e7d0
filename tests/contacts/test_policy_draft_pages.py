"""Drafts of the policy on their pages: typed, judged as they are typed, published, proposed, approved."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.forms.policy import FEAST_WORDS, PolicyForm, initial_from
from contacts.models import ContactPolicy, PolicyHead, PolicyProposal
from contacts.rules import commemoration, policy_json
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import policy
from contacts.vocabulary import PolicyState, ProposalState
from tests.factories import make_manager

pytestmark = pytest.mark.django_db

PAGE = reverse("contacts:policy")


@pytest.fixture
def manager(client):
    user = make_manager(username="helena")
    client.force_login(user)
    return user


@pytest.fixture
def in_force():
    return policy.ship_default(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def draft(client, manager, in_force) -> ContactPolicy:
    client.post(reverse("contacts:policy_write"), {"version": "1"})
    return ContactPolicy.objects.get(state=PolicyState.DRAFT)


def as_typed(**changes) -> dict:
    """Return what the form posts when nothing but `changes` was touched."""
    values = initial_from(DEFAULT_POLICY) | {"note": "Teste", "revision": 1} | changes
    return {name: value for name, value in values.items() if value not in (None, False, [])}


def address(name: str, draft: ContactPolicy) -> str:
    return reverse(f"contacts:{name}", args=[draft.pk])


def keep(client, draft: ContactPolicy, **changes) -> ContactPolicy:
    """Type and keep; return the draft as it is then."""
    response = client.post(address("policy_draft_edit", draft), as_typed(**changes))
    assert response.status_code == 302, response.context["form"].errors
    draft.refresh_from_db()
    return draft


def seen(client, draft: ContactPolicy) -> dict:
    """Return what the buttons of the draft's page post."""
    context = client.get(address("policy_draft", draft)).context
    return {"revision": context["draft"].revision, "seen_in_force": context["head"].policy_id}


def test_a_draft_is_written_from_a_version_and_led_to_its_form(client, manager, in_force):
    response = client.post(reverse("contacts:policy_write"), {"version": "1"})

    draft = ContactPolicy.objects.get(state=PolicyState.DRAFT)
    assert response["Location"] == address("policy_draft_edit", draft)
    assert draft.base == in_force
    assert client.get(response["Location"]).context["form"].initial["windows_mon"] == "08:30-21:00"


def test_the_first_draft_of_the_house_is_the_courteous_default_and_one_publishes_it(client, manager):
    client.post(reverse("contacts:policy_write"))
    draft = keep(client, ContactPolicy.objects.get())

    client.post(address("policy_publish", draft), {"revision": draft.revision, "seen_in_force": ""})

    assert PolicyHead.objects.get().policy == draft


def test_what_was_not_touched_says_the_same(client, draft):
    keep(client, draft)

    assert policy_json.policy_from_json(draft.terms) == policy_json.policy_from_json(DEFAULT_POLICY)
    assert client.get(address("policy_draft", draft)).context["lines"] == []


def test_what_is_typed_is_kept_and_one_manager_publishes_what_only_tightens(client, manager, draft):
    keep(client, draft, windows_sat="09:00-12:00, 14:00-16:00", channels=["sms"], cap_sms_per_day="0")
    assert (draft.terms["windows"]["sat"], draft.terms["channels"]) == (
        [["09:00", "12:00"], ["14:00", "16:00"]],
        ["sms"],
    )
    assert PolicyHead.objects.get().policy.version == 1

    answer = client.post(address("policy_publish", draft), seen(client, draft), follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    assert "A versão 2 está em vigor" in answer.text
    head = PolicyHead.objects.get()
    assert (head.policy.version, head.policy.note, head.policy.published_by) == (2, "Teste", manager)
    assert ContactPolicy.objects.get(version=1).terms == DEFAULT_POLICY


def test_what_loosens_is_told_field_by_field_and_put_in_force_by_a_colleague(client, manager, draft):
    keep(client, draft, windows_sun="09:00-12:00", conversation_cooldown_hours="24")
    page = client.get(address("policy_draft", draft))
    assert [(line.title, line.before, line.after) for line in page.context["loosened"]] == [
        ("Domingo", "sem contato", "09:00–12:00"),
        ("Horas de descanso depois de uma conversa", "48", "24"),
    ]
    assert address("policy_publish", draft) not in page.text

    refused = client.post(address("policy_publish", draft), seen(client, draft), follow=True)
    assert "um segundo gestor precisa aprovar" in refused.text
    client.post(address("policy_propose", draft), seen(client, draft))
    proposal = PolicyProposal.objects.get()
    own = client.post(reverse("contacts:policy_approve", args=[proposal.pk]), follow=True)
    assert "um colega precisa decidir" in own.text
    assert PolicyHead.objects.get().policy.version == 1

    colleague = make_manager(username="igor")
    client.force_login(colleague)
    assert client.get(PAGE).context["drafts"][0].waiting == [proposal]
    assert (
        reverse("contacts:policy_approve", args=[proposal.pk])
        in client.get(address("policy_draft", draft)).text
    )
    client.post(reverse("contacts:policy_approve", args=[proposal.pk]))

    head = PolicyHead.objects.get()
    assert (head.policy.version, head.policy.author, head.policy.second) == (2, manager, colleague)
    history = client.get(reverse("contacts:policy_history")).text
    assert (history.count(f">rascunho {draft.pk}</a>"), history.count(">versão 2</a>")) == (2, 1)


def test_a_colleague_refuses_with_a_reason_that_the_author_reads_on_the_draft(client, manager, draft):
    keep(client, draft, minor_age="17")
    client.post(address("policy_propose", draft), seen(client, draft))
    proposal = PolicyProposal.objects.get()

    client.force_login(make_manager(username="igor"))
    silent = client.post(reverse("contacts:policy_refuse", args=[proposal.pk]), {"reason": " "}, follow=True)
    assert "Diga antes por quê." in silent.text
    client.post(reverse("contacts:policy_refuse", args=[proposal.pk]), {"reason": "a lei diz 18"})

    client.force_login(manager)
    page = client.get(address("policy_draft", draft))
    assert "Igor não aprovou" in page.text
    assert "a lei diz 18" in page.text
    assert page.context["waiting"] is None


def test_a_request_is_withdrawn_and_the_draft_edited_and_thrown_away(client, draft):
    keep(client, draft, minor_age="17")
    client.post(address("policy_propose", draft), seen(client, draft))
    locked = client.post(address("policy_draft_edit", draft), as_typed(revision=draft.revision))
    assert locked.status_code == 409
    assert "Retire o pedido" in locked.text

    client.post(reverse("contacts:policy_withdraw", args=[PolicyProposal.objects.get().pk]))
    assert PolicyProposal.objects.get().state == ProposalState.WITHDRAWN
    client.post(address("policy_discard", draft))

    assert client.get(address("policy_draft", draft)).status_code == 404
    assert client.get(PAGE).context["drafts"] == []


def test_another_version_that_came_into_force_meanwhile_is_said_and_compared_with(client, manager, draft):
    keep(client, draft, minor_age="17")
    looked_at = seen(client, draft)
    client.post(address("policy_propose", draft), looked_at)
    other = policy.publish(
        terms=DEFAULT_POLICY | {"channels": ["email"]}, note="só e-mail", by=manager, now=timezone.now()
    )

    client.force_login(make_manager(username="igor"))
    answer = client.post(
        reverse("contacts:policy_approve", args=[PolicyProposal.objects.get().pk]), follow=True
    )

    assert "Outra versão entrou em vigor" in answer.text
    assert answer.context["head"].policy == other
    assert answer.context["loosened"][0].title == "Canais ligados"
    again = client.post(address("policy_propose", draft), looked_at, follow=True)
    assert "Outra versão entrou em vigor" in again.text
    assert PolicyHead.objects.get().policy == other


def test_what_a_colleague_typed_meanwhile_is_not_overwritten_and_nothing_typed_is_lost(
    client, manager, draft
):
    keep(client, draft, minor_age="19")

    stale = client.post(address("policy_draft_edit", draft), as_typed(minor_age="30", note="meu texto"))

    assert stale.status_code == 409
    assert "Um colega alterou este rascunho" in stale.text
    assert "Ver o rascunho como está guardado agora" in stale.text
    assert "meu texto" in stale.text
    draft.refresh_from_db()
    assert draft.terms["minor_age"] == 19


def test_without_a_reason_nothing_is_published(client, draft):
    keep(client, draft, minor_age="19", note=" ")
    page = client.get(address("policy_draft", draft))
    assert address("policy_publish", draft) not in page.text

    answer = client.post(address("policy_publish", draft), seen(client, draft), follow=True)

    assert "Diga antes por quê." in answer.text
    assert PolicyHead.objects.get().policy.version == 1


def test_the_address_of_a_draft_leads_to_the_version_it_became(client, draft):
    keep(client, draft, minor_age="19")
    client.post(address("policy_publish", draft), seen(client, draft))

    assert client.get(address("policy_draft", draft))["Location"] == reverse(
        "contacts:policy_version", args=[2]
    )
    assert client.get(address("policy_draft_edit", draft)).status_code == 404
    assert client.post(address("policy_publish", draft), {"revision": "2"})["Location"] == PAGE


def test_what_is_typed_is_judged_at_once_and_not_kept(client, draft):
    judged = client.post(address("policy_judge", draft), as_typed(windows_mon="07:00-22:00", note=""))

    assert [line.title for line in judged.context["loosened"]] == ["Segunda-feira"]
    assert "Vai além de 08:30 às 21:00" in judged.text
    assert judged.context["week"][0].is_changed
    assert_told_in_short(judged, "Um segundo gestor precisa aprovar.")
    wrong = client.post(address("policy_judge", draft), as_typed(windows_mon="12:00-11:00"))
    assert wrong.status_code == 200
    assert "Ainda não dá para ler tudo:" in wrong.text
    assert_told_in_short(wrong, "Ainda não dá para ler tudo.")
    tighter = client.post(address("policy_judge", draft), as_typed(windows_mon=""))
    assert_told_in_short(tighter, "Um gestor pode publicar.")
    draft.refresh_from_db()
    assert draft.terms == DEFAULT_POLICY


def assert_told_in_short(judged, words: str) -> None:
    """Beside the buttons, which stay in view on a telephone; and aloud."""
    assert f'<span id="in-short" class="quiet small" hx-swap-oob="true">{words}' in judged.text
    assert f'data-announce="{words}' in judged.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("windows_mon", "8h30 to never"),
        ("windows_mon", "12:00-11:00"),
        ("windows_mon", "08:30-25:00"),
        ("windows_mon", "08:30-12:75"),
        ("closed_dates", "31/02/2026"),
        ("closed_dates", "Natal"),
        ("closed_dates", "30/02"),
        ("cap_total_per_day", "-1"),
        ("channels", ["pigeon"]),
        ("minor_age", "eighteen"),
    ],
)
def test_what_cannot_be_a_policy_is_said_beside_its_field(client, draft, field, value):
    response = client.post(address("policy_draft_edit", draft), as_typed() | {field: value})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    draft.refresh_from_db()
    assert draft.revision == 1


@pytest.mark.parametrize("typed", ["10.000", "1.000", "2,5"])
def test_a_figure_with_a_point_is_not_read_as_a_small_one(typed):
    form = PolicyForm(as_typed(cap_total_gap_minutes=typed), base=DEFAULT_POLICY)

    assert list(form.errors) == ["cap_total_gap_minutes"]


@pytest.mark.parametrize("window", ["08:30-21:00", "9-18", "9h30 às 12h, 13:00-18:30", "fechado", ""])
def test_windows_are_read_as_people_write_them(window):
    form = PolicyForm(as_typed(windows_mon=window), base=DEFAULT_POLICY)

    assert form.is_valid(), form.errors


def test_own_closed_dates_come_back_as_they_were_typed():
    form = PolicyForm(as_typed(closed_dates="25/01\n24/11/2026"), base=DEFAULT_POLICY)

    assert form.is_valid(), form.errors
    assert (form.terms["yearly_holidays"], form.terms["holidays"]) == (["01-25"], ["2026-11-24"])
    assert initial_from(form.terms)["closed_dates"] == "25/01\n24/11/2026"


def test_a_line_that_is_no_date_is_complained_of_once_however_many_words_it_has():
    form = PolicyForm(as_typed(closed_dates="25/01, 26/01\ndia da cidade\n24/11/2026"), base=DEFAULT_POLICY)

    assert form.errors == {"closed_dates": ["“dia da cidade” não é uma data: escreva 25/01 ou 24/11/2026."]}
    assert form.terms["yearly_holidays"] == ["01-25", "01-26"]


def test_what_the_form_does_not_show_is_kept():
    base = DEFAULT_POLICY | {"week_mode": "local_dates", "feb29": "mar1"}
    form = PolicyForm(as_typed(), base=base)

    assert form.is_valid(), form.errors
    assert (form.terms["week_mode"], form.terms["feb29"]) == ("local_dates", "mar1")


def test_optional_and_commemorative_days_are_two_lists_on_the_form_and_one_in_the_policy(client, draft):
    form = client.get(address("policy_draft_edit", draft)).context["form"]
    assert form.initial["close_optional_days"] == [
        "carnival",
        "corpus_christi",
        "christmas_eve",
        "new_years_eve",
    ]
    assert "mothers_day" in form.initial["close_feasts"]

    keep(client, draft, close_optional_days=["ash_wednesday"], close_feasts=["black_friday"])

    assert draft.terms["close_feasts"] == ["ash_wednesday", "black_friday"]
    assert [str(feast) for feast in client.get(address("policy_draft", draft)).context["feasts"]] == [
        "Quarta-feira de Cinzas",
        "Black Friday",
    ]


def test_a_policy_without_any_cap_is_shown_without_figures():
    form = PolicyForm(base={"channels": []})

    assert {form.initial[name] for name in form.fields if name.startswith("cap_")} == {None}


def test_every_day_that_a_policy_may_close_has_a_word():
    assert list(FEAST_WORDS) == list(commemoration.FEASTS)


def test_whoever_may_only_write_finds_no_button_to_decide(client, draft):
    keep(client, draft, minor_age="19")
    client.force_login(make_manager(permissions=["view_contactpolicy", "add_contactpolicy"]))

    page = client.get(address("policy_draft", draft)).text

    assert address("policy_draft_edit", draft) in page
    assert address("policy_publish", draft) not in page
    assert client.post(address("policy_publish", draft), {"revision": "2"}).status_code == 403


def test_a_figure_that_cannot_be_read_is_told_and_never_taken_for_no_limit(client, draft):
    refused = client.post(
        address("policy_draft_edit", draft), as_typed(cap_total_per_day="2e", minor_age="x")
    )

    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"cap_total_per_day", "minor_age"}
    assert 'value="2e"' in refused.text
    assert 'type="number"' not in refused.text  # of what it cannot read such a field hands in nothing
    draft.refresh_from_db()
    assert draft.terms == DEFAULT_POLICY


def test_everything_that_cannot_be_read_is_told_at_once_by_the_names_of_its_fields(client, draft):
    refused = client.post(
        address("policy_draft_edit", draft),
        as_typed(windows_mon="21:00-08:30", windows_tue="13:00-12:00", closed_dates="31/02", minor_age="-1"),
    )

    assert set(refused.context["form"].errors) == {"windows_mon", "windows_tue", "closed_dates", "minor_age"}
    assert "“31/02” não é uma data" in refused.text
    assert "Ainda não dá para ler" in refused.text
    assert "Segunda-feira: " in refused.text
    assert "Diz o mesmo" not in refused.text


def test_whoever_decides_reads_that_a_colleague_refused_before(client, manager, draft):
    keep(client, draft, minor_age="17")
    client.post(address("policy_propose", draft), seen(client, draft))
    client.force_login(make_manager(username="igor"))
    client.post(
        reverse("contacts:policy_refuse", args=[PolicyProposal.objects.get().pk]), {"reason": "a lei diz 18"}
    )
    client.force_login(manager)
    client.post(address("policy_propose", draft), seen(client, draft))
    withdraw = reverse("contacts:policy_withdraw", args=[PolicyProposal.objects.latest("pk").pk])
    assert withdraw in client.get(address("policy_draft", draft)).text

    client.force_login(make_manager(username="marta"))
    page = client.get(address("policy_draft", draft)).text

    assert "Igor não aprovou" in page
    assert "a lei diz 18" in page
    assert withdraw not in page  # a colleague's request is refused, with a reason
    writer = make_manager(username="rui", permissions=["view_contactpolicy", "add_contactpolicy"])
    client.force_login(writer)
    assert (
        withdraw in client.get(address("policy_draft", draft)).text
    )  # he decides nothing, and may still free it


def test_before_a_draft_that_waits_is_typed_over_its_form_says_that_nothing_can_be_kept(
    client, manager, draft
):
    keep(client, draft, minor_age="17")
    assert "Aguarda aprovação" not in client.get(address("policy_draft_edit", draft)).text

    client.post(address("policy_propose", draft), seen(client, draft))

    assert (
        f"Aguarda aprovação, pedida por {manager.name}"
        in client.get(address("policy_draft_edit", draft)).text
    )


def test_all_that_binds_is_in_the_words_of_a_version(client, draft):
    keep(client, draft, message_first="on", promise_exempt_purposes=["reply"])

    page = client.get(address("policy_draft", draft)).text

    assert "Ligação só depois de tentar uma mensagem." in page
    assert "Uma promessa não impede:" in page
