"""A text is written with its counter and findings beside it, and approved by a colleague."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from contacts.models import Template
from contacts.services import templates
from contacts.vocabulary import Channel, TemplateState
from dunning.services import defaults
from tests.browser.pages import complaints_about, log_in, picture, use_theme
from tests.factories import make_manager

WIDTHS = (1440, 390)
THREAT = " Pague imediatamente, ou chamaremos a polícia!!"


@pytest.fixture
def helena(transactional_db):
    return make_manager(username="Helena")


@pytest.fixture
def otto(transactional_db):
    return make_manager(username="Otto")


def test_a_manager_writes_mends_and_submits_a_text_and_a_colleague_approves_it(
    watched, live_server, helena, otto
):
    page, base = watched, live_server.url
    log_in(page, base=base, user=helena)
    page.goto(base + reverse("contacts:templates"))
    page.get_by_role("link", name="Escrever um texto").first.click()
    page.get_by_label("Título").fill("Recado da tarde")
    page.get_by_label("Chave").fill("recado_da_tarde")
    body = page.get_by_label("Texto", exact=True)
    check = page.locator("#check")

    body.fill("Olá, ")
    page.get_by_role("button", name="name", exact=True).click()
    assert body.input_value() == "Olá, {{ name }}"
    body.press_sequentially(". Aqui é a {{ brand }}. Ligue {{ phone }}. {{ opt_out }}")
    expect(check).to_contain_text("Ola, Maria. Aqui é a Lojas Exemplo. Ligue (11) 3000-0000.")
    expect(check).to_contain_text("1 SMS")
    expect(check).to_contain_text("á → a")
    expect(check).to_contain_text("Nada a corrigir.")

    body.fill(body.input_value() + THREAT)
    expect(check).to_contain_text("“policia” soa como ameaça")
    expect(check).to_contain_text("“imediatamente” pressiona")
    picture(page, "template-editor-mending")
    page.get_by_role("button", name="Guardar rascunho").click()
    page.get_by_role("button", name="Pedir aprovação").click()
    expect(page.locator("#messages")).to_contain_text("Não pode ser usado como está")

    page.get_by_role("link", name="Editar").click()
    body = page.get_by_label("Texto", exact=True)
    body.fill(body.input_value().replace(THREAT, " 😀"))
    expect(check).to_contain_text("UCS-2")
    body.fill(body.input_value().replace(" 😀", ""))
    expect(check).to_contain_text("GSM-7")
    page.get_by_role("button", name="Guardar rascunho").click()
    page.get_by_role("button", name="Pedir aprovação").click()
    expect(page.get_by_role("button", name="Aprovar e usar")).to_have_count(0)

    log_in(page, base=base, user=otto)
    page.goto(base + reverse("contacts:templates"))
    page.get_by_role("link", name="Ler").click()
    page.get_by_role("link", name="Recado da tarde").click()
    page.get_by_text("Não aprovar").click()
    page.get_by_label("O que deve mudar").fill("Ótimo, mas diga o horário.")
    page.get_by_role("button", name="Devolver ao autor").click()
    assert Template.objects.get().state == TemplateState.DRAFT

    text = Template.objects.get()
    templates.submit(text.pk, revision=text.revision, by=helena, now=text.written_at)
    page.reload()
    page.get_by_role("button", name="Aprovar e usar").click()

    expect(page.locator("#messages")).to_contain_text("Aprovado")
    text.refresh_from_db()
    assert (text.state, text.decided_by) == (TemplateState.APPROVED, otto)


@pytest.mark.parametrize(("theme", "language"), [("light", "pt-br"), ("dark", "en")])
def test_the_pages_of_texts_are_readable_and_within_the_screen(
    watched, live_server, helena, otto, theme, language
):
    defaults.ship()
    shipped = Template.objects.get(key="statement", channel=Channel.EMAIL)
    draft = templates.begin_from(shipped.pk, by=otto, now=shipped.written_at)
    words = templates.words_of(draft)
    templates.submit(draft.pk, revision=draft.revision, by=otto, now=draft.written_at)
    sms = Template.objects.get(key="first_notice", channel=Channel.SMS)
    open_draft = templates.begin(
        key="aviso", channel=Channel.SMS, words=words, by=helena, now=draft.written_at
    )
    log_in(watched, base=live_server.url, user=helena, language=language)
    use_theme(watched, base=live_server.url, theme=theme)
    pages = {
        "templates": reverse("contacts:templates"),
        "template-used": reverse("contacts:template", args=[sms.pk]),
        "template-approval": reverse("contacts:template", args=[draft.pk]),
        "template-new": reverse("contacts:template_new"),
        "template-editor": reverse("contacts:template_edit", args=[open_draft.pk]),
    }
    wrong = []
    for name, path in pages.items():
        assert watched.goto(live_server.url + path).status == 200, name
        wrong += complaints_about(watched, f"{name}-{theme}-{language}", theme=theme)

    assert wrong == []
