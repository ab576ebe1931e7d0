"""A policy is drafted, judged as it is typed, previewed, approved by a second manager; in a real browser."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.models import ContactPolicy, PolicyHead, PolicyPreview
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import policy, policy_drafts, previewing
from contacts.vocabulary import Channel, ContactState, PolicyState, PreviewState
from debtors.models import Debtor
from tests.browser.pages import complaints_about, log_in, picture, use_theme
from tests.factories import make_contact, make_debt, make_debtor, make_manager

NAMES = (
    "Ana Beatriz Moraes",
    "João da Conceição Vasconcelos Filho",
    "Maria das Dores",
    "Pedro Antônio Salgado",
)
#: Mobiles of São Paulo, Rio de Janeiro, Bahia, Amazonas, Acre, Pernambuco.
AREA_CODES = (11, 11, 21, 71, 92, 68, 81)
NARROW = DEFAULT_POLICY | {
    "windows": DEFAULT_POLICY["windows"] | {"sat": [["09:00", "12:00"]], "fri": [["09:00", "17:00"]]},
    "channels": ["sms", "email"],
    "caps": {"total": {"per_day": 1, "per_7_days": 2, "gap_minutes": 120}},
    "conversation_cooldown_hours": 24,
}


@pytest.fixture
def helena(transactional_db):
    return make_manager(username="Helena")


@pytest.fixture
def igor(transactional_db):
    return make_manager(username="Igor")


@pytest.fixture
def office(helena) -> ContactPolicy:
    """A policy in force, and debtors of six states with contacts behind them and ahead."""
    now = timezone.now()
    in_force = policy.ship_default(now=now - timedelta(days=40))
    for number in range(28):
        area_code = AREA_CODES[number % len(AREA_CODES)]
        debtor = make_debtor(
            name=NAMES[number % len(NAMES)],
            birth_date=None,
            phone=f"+55{area_code}99{1_000_000 + number}",
        )
        make_debt(debtor=debtor)
        for days in (2, 9, 16):
            channel = Channel.VOICE if number % 3 == 0 else Channel.SMS
            make_contact(debtor=debtor, at=at_noon(-days - number % 5, hour=9 + number % 12), channel=channel)
        make_contact(
            debtor=debtor,
            at=at_noon(number % 7, hour=9 + number % 10),
            channel=Channel.EMAIL if number % 4 == 0 else Channel.SMS,
            state=ContactState.PLANNED,
        )
    return in_force


def at_noon(days: int, *, hour: int) -> datetime:
    """Return an hour of the office, so many days from today."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour, 20)))


def make_draft(*, by, terms=NARROW, note="Menos insistência nos fins de semana") -> ContactPolicy:
    head = PolicyHead.objects.get()
    draft = policy_drafts.write(source=head.policy, by=by, now=timezone.now())
    return policy_drafts.edit(draft.pk, terms=terms, note=note, revision=1, by=by, now=timezone.now())


def go(page: Page, *, base: str, name: str, **ids: int) -> int:
    """Open a page of the policy; return how it was answered."""
    return page.goto(base + reverse(f"contacts:{name}", kwargs=ids)).status


def say_yes(page: Page) -> None:
    page.locator("#confirm-dialog [data-confirm-yes]").click()


def test_what_loosens_is_typed_judged_previewed_and_put_in_force_by_two(
    watched, live_server, office, helena, igor
):
    base = live_server.url
    log_in(watched, base=base, user=helena)
    go(watched, base=base, name="policy")
    watched.get_by_role("button", name="Escrever um rascunho").click()

    watched.get_by_label("Domingo", exact=True).fill("10h às 12h")
    watched.get_by_label("Domingo", exact=True).press("Tab")
    judgement = watched.locator("#judgement")
    expect(judgement.get_by_text("um segundo gestor precisa aprovar")).to_be_visible()
    expect(judgement.get_by_text("Domingo: sem contato → 10:00–12:00")).to_be_visible()
    expect(watched.locator("#announce")).to_have_text("Um segundo gestor precisa aprovar.")
    expect(watched.locator("#in-short")).to_be_hidden()  # it stands beside the form
    watched.set_viewport_size({"width": 390, "height": 844})
    expect(watched.locator("#in-short")).to_be_in_viewport()
    expect(watched.locator("#in-short")).to_have_text("Um segundo gestor precisa aprovar.")
    watched.set_viewport_size({"width": 1280, "height": 800})
    watched.get_by_label("Segunda-feira", exact=True).fill("07:00-21:00")
    watched.get_by_label("Segunda-feira", exact=True).press("Tab")
    expect(judgement.get_by_text("Vai além de 08:30 às 21:00")).to_be_visible()
    watched.get_by_label("Segunda-feira", exact=True).fill("às sete")
    watched.get_by_label("Segunda-feira", exact=True).press("Tab")
    expect(judgement.get_by_text("Ainda não dá para ler tudo")).to_be_visible()
    watched.get_by_label("Segunda-feira", exact=True).fill("08:30-21:00")
    watched.get_by_label("Todos os canais: por dia", exact=True).press_sequentially("e")
    watched.get_by_label("Todos os canais: por dia", exact=True).press("Tab")
    expect(judgement.get_by_text("Todos os canais: por dia: Informe um número inteiro.")).to_be_visible()
    watched.get_by_label("Todos os canais: por dia", exact=True).fill("2")
    watched.get_by_label("O que muda, e por quê").fill("Plantão de domingo, pedido pelos devedores")
    watched.get_by_role("button", name="Guardar o rascunho").click()

    watched.get_by_role("button", name="Calcular a prévia").click()
    expect(watched.get_by_role("heading", name="O que pode sair na próxima semana")).to_be_visible()
    expect(watched.locator("#preview .tile").first).to_contain_text("Não saem mais")
    expect(watched.locator("#announce")).to_contain_text("A prévia está pronta. Não saem mais:")
    watched.get_by_role("button", name="Pedir a um segundo gestor").click()
    expect(watched.get_by_text("outro gestor precisa aprovar")).to_be_visible()
    expect(watched.get_by_role("button", name="Aprovar e publicar")).to_have_count(0)

    log_in(watched, base=base, user=igor)
    go(watched, base=base, name="policy")
    expect(watched.get_by_text("aguardando aprovação, pedido de Helena")).to_be_visible()
    watched.get_by_role("link", name="rascunho").click()
    watched.get_by_role("button", name="Aprovar e publicar").click()
    say_yes(watched)
    expect(watched.get_by_text("A versão 2 está em vigor")).to_be_visible()
    head = PolicyHead.objects.select_related("policy").get()
    assert (head.policy.version, head.policy.author, head.policy.second) == (2, helena, igor)
    assert head.policy.terms["windows"]["sun"] == [["10:00", "12:00"]]


def test_what_tightens_is_published_by_one_and_everything_is_paused_by_one_click(
    watched, live_server, office, helena
):
    base = live_server.url
    draft = make_draft(by=helena, terms=DEFAULT_POLICY | {"channels": ["email"]}, note="Só e-mail")
    log_in(watched, base=base, user=helena)
    go(watched, base=base, name="policy_draft", draft_id=draft.pk)

    watched.get_by_role("button", name="Publicar").click()
    say_yes(watched)
    expect(watched.get_by_text("A versão 2 está em vigor")).to_be_visible()
    watched.get_by_role("button", name="Pausar tudo").click()
    expect(watched.get_by_role("alert")).to_contain_text("Tudo está pausado")
    assert PolicyHead.objects.get().is_paused

    watched.get_by_role("button", name="Retomar o contato").click()
    expect(watched.get_by_role("alert")).to_have_count(0)
    watched.get_by_role("link", name="Histórico").click()
    expect(watched.get_by_role("row")).to_have_count(5)  # the head, two versions, pause and resumption


def test_a_preview_that_takes_longer_shows_its_progress_survives_a_reload_and_ends_by_itself(
    watched, live_server, office, helena
):
    base = live_server.url
    draft = make_draft(by=helena)
    preview = previewing.ask(draft.pk, by=helena, now=timezone.now())
    began = timezone.now() - timedelta(seconds=2)
    PolicyPreview.objects.update(state=PreviewState.RUNNING, done=40, total=112, began_at=began)
    log_in(watched, base=base, user=helena)
    go(watched, base=base, name="policy_draft", draft_id=draft.pk)
    bar = watched.locator("#preview progress")
    expect(bar).to_have_attribute("value", "40")

    PolicyPreview.objects.update(done=80)
    expect(bar).to_have_attribute("value", "80")
    picture(watched, "policy-progress")
    watched.reload()
    expect(bar).to_have_attribute("value", "80")
    PolicyPreview.objects.update(state=PreviewState.WAITING, done=0)
    previewing.work(clock=timezone.now)

    expect(watched.locator("#preview .tile").first).to_be_visible()
    expect(bar).to_have_count(0)
    assert PolicyPreview.objects.get(pk=preview.pk).done == Debtor.objects.count() * 4


def test_without_javascript_a_draft_is_previewed_and_published(browser, live_server, office, helena):
    context = browser.new_context(java_script_enabled=False, locale="pt-BR")
    page = context.new_page()
    draft = make_draft(by=helena, terms=DEFAULT_POLICY | {"minor_age": 21}, note="Só maiores de 21")
    log_in(page, base=live_server.url, user=helena)
    go(page, base=live_server.url, name="policy_draft", draft_id=draft.pk)

    page.get_by_role("button", name="Calcular a prévia").click()
    expect(page.locator("#preview .tile").first).to_be_visible()
    PolicyPreview.objects.update(state=PreviewState.RUNNING)
    page.reload()
    expect(page.get_by_role("link", name="Olhar de novo")).to_be_visible()
    page.get_by_role("button", name="Publicar").click()

    expect(page.get_by_text("A versão 2 está em vigor")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("theme", "language"), [("light", "pt-br"), ("dark", "en")])
def test_every_page_of_the_policy_is_readable_and_within_the_screen(
    watched, live_server, office, helena, igor, theme, language
):
    base = live_server.url
    draft = make_draft(by=helena)
    previewing.ask(draft.pk, by=helena, now=timezone.now())
    previewing.work(clock=timezone.now)
    policy.pause(is_paused=True, by=igor, now=timezone.now())
    policy.pause(is_paused=False, by=igor, now=timezone.now())
    waiting = make_draft(by=igor, note="Horário maior aos sábados")
    policy_drafts.propose(
        waiting.pk, revision=waiting.revision, seen_in_force=office.pk, by=igor, now=timezone.now()
    )
    pages = {
        "policy": ("policy", {}),
        "draft": ("policy_draft", {"draft_id": draft.pk}),
        "edit": ("policy_draft_edit", {"draft_id": draft.pk}),
        "waiting": ("policy_draft", {"draft_id": waiting.pk}),
        "history": ("policy_history", {}),
        "compare": ("policy_compare", {}),
    }
    log_in(watched, base=base, user=helena, language=language)
    use_theme(watched, base=base, theme=theme)
    wrong = []
    for name, (address, ids) in pages.items():
        assert go(watched, base=base, name=address, **ids) == 200, name
        wrong += complaints_about(watched, f"policy-{name}-{theme}-{language}", theme=theme)

    assert wrong == []
    assert ContactPolicy.objects.filter(state=PolicyState.DRAFT).count() == 2
