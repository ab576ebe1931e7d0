"""Letters: nothing but the address stands where the envelope has its window; a pile is made and posted."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import Contact, Letter, LetterBatch
from contacts.rules.letters import paragraphs
from contacts.services import dispatch, letters, outbox
from contacts.vocabulary import Channel, ContactState
from dunning.rules import texts_letter
from tests.browser.pages import complaints_about, log_in, picture, use_theme
from tests.factories import (
    house_creditor,
    make_address,
    make_agent,
    make_debt,
    make_debtor,
    make_manager,
    make_policy,
    make_template,
)

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
#: Where the sheet may be seen through the window of a DL envelope, however it slides within: millimetres.
SEEN = {"left": 10.0, "right": 120.0, "top": 39.0, "bottom": 95.0}
#: What of it is seen wherever the sheet lies.
ALWAYS_SEEN = {"left": 20.0, "right": 100.0, "top": 50.0, "bottom": 84.0}
RECTS = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    if (!text) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects())
      found.push([text, box.left, box.top, box.right, box.bottom]);
  }
  return found;
}"""
LONGEST = {
    "brand": "Cooperativa de Consumo dos Moradores do Vale do Rio Paraíba",
    "phone": "(11) 3000-0000",
    "creditor": "Cooperativa de Consumo dos Moradores do Vale S.A. · CNPJ 11.222.333/0001-81 · Rua A, 1",
    "to": [
        "Maria da Conceição de Albuquerque Cavalcanti de Vasconcelos",
        "Avenida Presidente Juscelino Kubitschek de Oliveira, 12345, bloco B, apto 56",
        "01001-000 São José do Vale do Rio Preto – RJ",
    ],
    "reference": "7KQ2XW",
    "dated": "21 de novembro de 2026",
    "heading": "Demonstrativo e opções para você",
    "paragraphs": paragraphs(texts_letter.TEXTS["statement"][1]),
}


@pytest.fixture
def house(settings, tmp_path, transactional_db):
    settings.CHANNELS = settings.CHANNELS | {"letter": "print"}
    settings.LETTERS_DIR, settings.JOURNAL_DIR = tmp_path / "letters", tmp_path / "journal"
    make_policy(now=timezone.now(), windows=ALWAYS, minor_age=None)
    now = timezone.now()
    text = make_template(channel=Channel.LETTER, body="Ola. Ligue {{ phone }}.", subject="Um recado")
    for name in ("Ana Lima", "Rui Melo", "Vicente Sampaio"):
        debtor = make_debtor(name=name)
        make_address(debtor=debtor, street="Rua das Flores, 123", postal_code="01001000")
        make_debt(debtor=debtor)
        outbox.want(
            Contact(
                wanted_by=f"test:{debtor.pk}",
                debtor=debtor,
                creditor=house_creditor(),
                channel=Channel.LETTER,
                template=text,
                not_before=now,
                created_at=now,
            )
        )
    dispatch.pump(clock=timezone.now)
    letters.print_waiting(clock=timezone.now)
    return make_manager(username="Helena")


def test_nothing_but_the_address_is_seen_through_the_window_however_the_sheet_slides(page):
    page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 pixels an inch
    sheet = "<style>body { position: relative; margin: 0 22mm 0 25mm !important }</style>"
    page.set_content(
        letters.page_of(LONGEST).replace("</head>", f"<style>{letters.style()}</style>{sheet}</head>")
    )
    page.evaluate("document.fonts.ready")
    boxes = [(text, *(round(edge / 96 * 25.4, 1) for edge in edges)) for text, *edges in page.evaluate(RECTS)]

    seen = {
        text
        for text, left, top, right, bottom in boxes
        if right > SEEN["left"] and left < SEEN["right"] and bottom > SEEN["top"] and top < SEEN["bottom"]
    }
    address = [box for box in boxes if box[0] in LONGEST["to"]]
    assert seen == set(LONGEST["to"])
    assert min(box[1] for box in address) >= ALWAYS_SEEN["left"]
    assert min(box[2] for box in address) >= ALWAYS_SEEN["top"]
    assert max(box[3] for box in address) <= ALWAYS_SEEN["right"]
    assert max(box[4] for box in address) <= ALWAYS_SEEN["bottom"]


def test_a_manager_gathers_downloads_takes_one_back_and_posts_the_rest(watched, live_server, house):
    page, base = watched, live_server.url
    log_in(page, base=base, user=house)
    page.goto(base + reverse("contacts:messages"))
    page.get_by_role("link", name="Cartas").click()

    page.get_by_role("button", name="Fazer um lote com estas 3 cartas").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Baixar para imprimir").click()
    assert download.value.suggested_filename == f"cartas-{LetterBatch.objects.get().pk}.zip"

    page.get_by_role("row", name="Rui Melo").get_by_role("button", name="Retirar").click()
    page.locator("dialog[open] .btn-primary, dialog[open] .btn-danger").click()
    expect(page.locator("#messages")).to_contain_text("Tire-a da pilha")
    picture(page, "letters-batch-taken-back")
    page.get_by_role("button", name="Marcar 2 cartas como postadas").click()

    expect(page.locator("#messages")).to_contain_text("2 cartas postadas")
    stands = dict(Contact.objects.values_list("debtor__name", "state"))
    assert stands == {
        "Ana Lima": ContactState.SENT,
        "Vicente Sampaio": ContactState.SENT,
        "Rui Melo": ContactState.CANCELLED,
    }


@pytest.mark.parametrize(("theme", "language"), [("light", "pt-br"), ("dark", "en")])
def test_the_pages_of_letters_and_telephones_are_readable_and_within_the_screen(
    watched, live_server, house, theme, language
):
    make_agent(username="Otto")
    agent = make_agent(username="Ana")
    agent.phone = "+5511987654321"
    agent.save()
    pile = LetterBatch.objects.create(made_at=timezone.now(), made_by=house)
    first = Letter.objects.order_by("pk").first()
    Letter.objects.filter(pk=first.pk).update(batch=pile)
    log_in(watched, base=live_server.url, user=house, language=language)
    use_theme(watched, base=live_server.url, theme=theme)
    pages = {
        "letters": reverse("contacts:letters"),
        "letters-batch": reverse("contacts:letter_batch", args=[pile.pk]),
        "colleagues": reverse("debtors:colleagues"),
        "colleague-phone": reverse("debtors:colleague_phone", args=[agent.pk]),
    }
    wrong = []
    for name, path in pages.items():
        assert watched.goto(live_server.url + path).status == 200, name
        wrong += complaints_about(watched, f"{name}-{theme}-{language}", theme=theme)

    assert wrong == []
