"""The managers' pages for texts: reading, writing with what is to be mended beside it, and approving."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Template
from contacts.vocabulary import Channel, Disclosure, TemplateState
from tests.factories import make_agent, make_manager, make_template

pytestmark = pytest.mark.django_db

LIST, NEW, CHECK = (reverse(f"contacts:template{name}") for name in ("s", "_new", "_check"))
GOOD = "Ola, {{ name }}. Aqui e a {{ brand }}. Ligue {{ phone }}. {{ opt_out }}"
FORM = {
    "title": "Um recado",
    "key": "recado",
    "channel": "sms",
    "tone": "friendly",
    "disclosure": "neutral",
    "subject": "",
    "body": GOOD,
    "revision": "1",
}


@pytest.fixture
def ana(client):
    user = make_manager(username="ana")
    client.force_login(user)
    return user


@pytest.fixture
def bruno(db):
    return make_manager(username="bruno")


def written(client) -> Template:
    client.post(NEW, FORM)
    return Template.objects.get(key="recado")


def move(client, text: Template, do: str, **more: str):
    text.refresh_from_db()
    address = reverse("contacts:template_move", args=[text.pk])
    return client.post(address, {"do": do, "revision": text.revision} | more, follow=True)


def said(response) -> str:
    return response.content.decode()


def test_a_text_goes_from_its_author_over_a_colleague_into_use(client, ana, bruno):
    text = written(client)
    move(client, text, "submit")
    client.force_login(bruno)
    page = said(client.get(reverse("contacts:template", args=[text.pk])))
    assert "Ola, Maria. Aqui e a Lojas Exemplo. Ligue (11) 3000-0000. Para nao receber: SAIR" in page

    move(client, text, "approve")

    text.refresh_from_db()
    assert (text.state, text.written_by, text.decided_by) == (TemplateState.APPROVED, ana, bruno)


def test_the_author_is_offered_no_approval_and_gets_none(client, ana):
    text = written(client)
    move(client, text, "submit")

    page = said(client.get(reverse("contacts:template", args=[text.pk])))
    assert 'value="approve"' not in page
    response = move(client, text, "approve")

    text.refresh_from_db()
    assert text.state == TemplateState.WAITING
    assert "colega" in said(response)


def test_a_refusal_without_a_reason_is_asked_for_it_and_with_one_reaches_the_author(client, ana, bruno):
    text = written(client)
    move(client, text, "submit")
    client.force_login(bruno)

    assert move(client, text, "refuse", reason="").status_code == 422
    move(client, text, "refuse", reason="Falta calor humano.")

    client.force_login(ana)
    assert "Falta calor humano." in said(client.get(reverse("contacts:template", args=[text.pk])))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("body", {"body": "Ola, {{ nome }}"}),
        ("body", {"body": "Ola, {name}"}),
        ("body", {"body": ""}),
        ("subject", {"subject": "{{ x }}", "channel": "email"}),
        ("key", {"key": "com espaço"}),
        ("channel", {"channel": "voice"}),
        ("title", {"title": ""}),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field_and_nothing_typed_is_lost(client, ana, field, changes):
    response = client.post(NEW, FORM | changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"].data["body"] == (FORM | changes)["body"]
    assert not Template.objects.exists()


def test_a_text_that_threatens_is_kept_as_a_draft_and_not_sent_on(client, ana):
    client.post(NEW, FORM | {"body": GOOD + " Chamaremos a polícia."})
    text = Template.objects.get()

    response = move(client, text, "submit")

    text.refresh_from_db()
    assert text.state == TemplateState.DRAFT
    assert "policia" in said(response)


def test_two_versions_of_one_text_are_not_written_at_once(client, ana):
    written(client)

    response = client.post(NEW, FORM | {"title": "Outro"})

    assert list(response.context["form"].errors) == ["key"]
    assert Template.objects.count() == 1


def test_an_edit_of_what_a_colleague_changed_meanwhile_keeps_the_words_typed(client, ana):
    text = written(client)
    address = reverse("contacts:template_edit", args=[text.pk])
    client.post(address, FORM | {"body": GOOD + " Oi."})

    response = client.post(address, FORM | {"body": GOOD + " Outra coisa."})

    assert response.status_code == 422
    assert "Outra coisa." in said(response)
    text.refresh_from_db()
    assert text.body == GOOD + " Oi."


def test_only_a_draft_is_edited(client, ana):
    text = make_template()
    address = reverse("contacts:template_edit", args=[text.pk])

    assert client.get(address).status_code == 302
    assert client.post(address, FORM | {"body": GOOD + "x"}).status_code == 302
    assert Template.objects.get().body == text.body


def test_a_new_version_begins_with_the_words_in_use_and_is_begun_once(client, ana):
    text = make_template(body=GOOD)
    address = reverse("contacts:template_version", args=[text.pk])

    first, second = client.post(address), client.post(address)

    draft = Template.objects.get(state=TemplateState.DRAFT)
    assert (draft.version, draft.body) == (2, GOOD)
    assert first.url == reverse("contacts:template_edit", args=[draft.pk])
    assert second.url == reverse("contacts:template", args=[draft.pk])


def test_whoever_approves_reads_the_new_words_beside_those_in_use(client, ana, bruno):
    text = make_template(body=GOOD.replace("Ligue", "Telefone"))
    client.post(reverse("contacts:template_version", args=[text.pk]))
    draft = Template.objects.get(state=TemplateState.DRAFT)
    client.post(reverse("contacts:template_edit", args=[draft.pk]), FORM)
    move(client, draft, "submit")

    client.force_login(bruno)
    page = said(client.get(reverse("contacts:template", args=[draft.pk])))

    assert "Ligue (11) 3000-0000" in page
    assert "Telefone (11) 3000-0000" in page


def test_the_editor_counts_as_it_is_typed_and_says_which_letters_cost(client, ana):
    plain = client.post(CHECK, FORM)
    accented = client.post(CHECK, FORM | {"body": GOOD + " Atenção: é você?"})
    smiling = client.post(CHECK, FORM | {"body": GOOD + " 😀"})

    assert (plain.context["size"].encoding, plain.context["size"].segments) == ("GSM-7", 1)
    assert accented.context["folded"] == {"ç": "c", "ã": "a", "ê": "e"}
    assert accented.context["size"].encoding == "GSM-7"
    assert (smiling.context["size"].encoding, smiling.context["size"].offenders) == ("UCS-2", "😀")
    assert "😀" in said(smiling)


@pytest.mark.parametrize("channel", ["whatsapp", "email", "letter"])
def test_only_an_sms_is_counted(client, ana, channel):
    assert client.post(CHECK, FORM | {"channel": channel}).context["size"] is None


def test_what_is_typed_comes_back_as_text_and_never_as_markup(client, ana):
    body = GOOD + "<script>alert(1)</script><b>x</b>"

    pages = [client.post(CHECK, FORM | {"body": body, "channel": channel}) for channel in ("sms", "email")]
    client.post(NEW, FORM | {"body": body})
    text = Template.objects.get()
    pages += [client.get(reverse(f"contacts:template{name}", args=[text.pk])) for name in ("", "_edit")]

    for page in pages:
        assert "<script>alert" not in said(page)
        assert "<b>x" not in said(page)


def test_a_wrong_placeholder_is_said_while_it_is_typed(client, ana):
    response = client.post(CHECK, FORM | {"body": "Ola {{ nome }}"})

    assert [each.text for each in response.context["refusals"]] == [
        "“nome” não é um campo: escolha um da lista."
    ]


def test_the_list_shows_what_is_used_or_being_written_until_a_state_is_asked_for(client, ana):
    make_template(key="em_uso")
    old = make_template(key="antigo")
    Template.objects.filter(pk=old.pk).update(state=TemplateState.RETIRED)
    written(client)

    def keys(**asked):
        return {text.key for text in client.get(LIST, asked).context["page"]}

    assert keys() == {"em_uso", "recado"}
    assert keys(state="retired") == {"antigo"}
    assert keys(q="REC") == {"em_uso", "recado"}
    assert keys(channel=Channel.EMAIL) == set()
    assert keys(tone="formal") == set()


def test_what_waits_for_approval_is_announced_on_the_list(client, ana):
    move(client, written(client), "submit")

    assert client.get(LIST).context["waiting"] == 1


@pytest.mark.parametrize("versions", [1, 3])
def test_a_text_asks_as_often_for_one_version_as_for_three(client, ana, versions):
    for number in range(1, versions):
        Template.objects.create(
            key="first_notice",
            channel="sms",
            version=number,
            state=TemplateState.RETIRED,
            title="x",
            body="x",
        )
    make_template(channel=Channel.EMAIL)
    text = Template.objects.create(
        key="first_notice", channel="sms", version=9, state=TemplateState.APPROVED, title="x", body="Olá"
    )
    address = reverse("contacts:template", args=[text.pk])
    client.get(address)

    with CaptureQueriesContext(connection) as asked:
        client.get(address)

    assert len(asked) == 10


def test_an_agent_sees_no_texts(client):
    client.force_login(make_agent())

    assert client.get(LIST).status_code == 403


def test_a_text_out_of_use_says_so_and_can_be_written_anew(client, ana):
    text = make_template(disclosure=Disclosure.NEUTRAL)

    move(client, text, "retire")

    text.refresh_from_db()
    assert text.state == TemplateState.RETIRED
    client.post(reverse("contacts:template_version", args=[text.pk]))
    assert Template.objects.filter(state=TemplateState.DRAFT, version=2).exists()
