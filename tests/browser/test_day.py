"""A day at the desk: two agents, one without JavaScript, ten cases that end in ten ways, and mishaps."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Error, Page, expect

from contacts.models import Contact, Hold, OptOut
from contacts.vocabulary import Channel
from debtors.models import Agreement, Debtor, PromiseToPay
from debtors.vocabulary import AgreementState, PointStatus
from dunning.models import Callback, Case, CaseOutcome, Talk
from dunning.services import defaults
from dunning.vocabulary import Disposition
from tests.browser.pages import confirm_person, log_in
from tests.factories import house_creditor, make_agent, make_case, make_debtor, make_policy
from tests.factories.agreements import make_offer_rules

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
#: Whoever is owed most is called first.
PEOPLE = ("Ana Beatriz", "Bruno", "Célia", "Davi", "Elisa", "Fábio", "Gilda", "Hugo", "Inês", "João")
PLACE = "[name=disposition][value={}]"


@pytest.fixture
def office(transactional_db, settings):
    """Ten people to call, in a house that may call at any hour and lets agents agree."""
    settings.CHANNELS = settings.CHANNELS | {"voice": "manual"}
    now = timezone.now()
    make_policy(now=now, windows=ALWAYS, minor_age=None)
    defaults.ship_playbook()
    make_offer_rules(creditor=house_creditor())
    for place, name in enumerate(PEOPLE):
        make_case(now=now, debtor=make_debtor(name=f"{name} Moraes"), urgency=90 - place)


@pytest.fixture
def carla(office, browser: Browser, live_server) -> Iterator[Page]:
    """The desk of Carla, who has just come in."""
    yield from _desk(browser, base=live_server.url, name="carla", java_script_enabled=True)


@pytest.fixture
def dora(office, browser: Browser, live_server) -> Iterator[Page]:
    """The desk of Dora, whose browser runs no scripts."""
    yield from _desk(browser, base=live_server.url, name="dora", java_script_enabled=False)


def _desk(browser: Browser, *, base: str, name: str, java_script_enabled: bool) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=java_script_enabled)
    page = context.new_page()
    page.set_default_timeout(60_000)
    log_in(page, base=base, user=make_agent(username=name, permissions=["work_queue", "negotiate_agreement"]))
    page.goto(f"{base}/desk/")
    page.get_by_role("button", name="Ligar para o próximo").click()
    yield page
    context.close()


def is_at(page: Page, name: str) -> None:
    """Wait until somebody's card is open, on which nothing is told yet of what is owed."""
    expect(page.locator("h1")).to_have_text(f"{name} Moraes")
    expect(page.locator("body")).not_to_contain_text("R$")


def dial(page: Page) -> None:
    """Call the first number there is."""
    page.get_by_role("button", name="Ligar", exact=True).first.click()
    expect(page.get_by_text("Em chamada")).to_be_visible()


def record(page: Page, outcome: str, *, note: str = "") -> None:
    """Say what the call came to, and go on to the next case."""
    page.locator(PLACE.format(outcome)).check()
    if note:
        page.locator("[name=note]").fill(note)
    page.get_by_role("button", name="Registrar e ligar para o próximo").click()


def test_two_agents_go_through_ten_cases_with_ten_outcomes_and_nothing_is_lost_or_doubled(carla, dora):
    day = timezone.localdate() + timedelta(days=7)

    is_at(carla, "Ana Beatriz")
    is_at(dora, "Bruno")

    # A call, the person, a promise; the button is pressed twice.
    dial(carla)
    is_at(carla, "Ana Beatriz")
    confirm_person(carla)
    carla.locator(PLACE.format("promise")).check()
    carla.locator("[name=promise_amount]").fill("50,00")
    carla.locator("[name=promise_day]").fill(f"{day:%d/%m/%Y}")
    carla.get_by_role("button", name="Registrar e ligar para o próximo").dblclick()
    is_at(carla, "Célia")
    promise = PromiseToPay.objects.get()
    assert (promise.debtor.name, promise.amount_cents, promise.promised_on) == (
        "Ana Beatriz Moraes",
        5_000,
        day,
    )

    # Back to a case that is done: nothing of it can be recorded again.
    carla.go_back()
    expect(carla.locator("h1")).to_have_text("Ana Beatriz Moraes")
    expect(carla.get_by_role("button", name="Registrar e ligar para o próximo")).to_have_count(0)
    carla.go_forward()
    is_at(carla, "Célia")

    # Without scripts: offers and objections have pages of their own, and an agreement is closed there.
    dial(dora)
    confirm_person(dora)
    dora.locator("summary", has_text="Se a pessoa disser").click()
    dora.locator("[name=asked]").fill("boleto")
    dora.get_by_role("button", name="Buscar", exact=True).last.click()
    expect(dora.locator(".objection")).to_have_count(1)
    dora.get_by_role("link", name="Voltar ao caso").click()
    dora.locator("summary", has_text="Ofertas e acordo").click()
    dora.get_by_role("button", name="Mostrar as ofertas").click()
    dora.locator("#offer-payments").select_option("3")
    dora.get_by_role("button", name="Recalcular").click()
    expect(dora.locator("#offers .facts dt")).to_have_count(4)
    dora.get_by_role("button", name="Combinar assim").click()
    expect(dora.locator("#offers .script")).to_contain_text("em 3 parcelas")
    dora.locator("#offer-reference").fill("gravação 17")
    dora.get_by_role("button", name="A pessoa diz sim").click()
    expect(dora.get_by_text("O acordo está em vigor").first).to_be_visible()
    record(dora, "spoke")
    is_at(dora, "Davi")

    # The connection is lost: the note was kept, and what is recorded afterwards is recorded once.
    dial(carla)
    carla.locator("[name=note]").press_sequentially("Atende melhor cedo.")
    expect(carla.get_by_text("guardada às")).to_be_visible()
    carla.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        carla.reload()
    carla.context.set_offline(False)
    carla.reload()
    is_at(carla, "Célia")
    expect(carla.locator("[name=note]")).to_have_value("Atende melhor cedo.")
    record(carla, "no_answer")
    is_at(carla, "Elisa")

    # What only the person can say cannot be recorded before; without scripts neither.
    expect(dora.locator(PLACE.format("already_paid"))).to_have_count(0)
    confirm_person(dora)
    record(dora, "already_paid", note="Pagou ontem na lotérica.")
    is_at(dora, "Fábio")

    # A lease ends while its agent is away; the colleague is handed the case, the first tab writes nothing.
    Case.objects.filter(debtor=Debtor.objects.get(name="Elisa Moraes")).update(leased_until=timezone.now())
    dial(dora)
    record(dora, "voicemail")
    is_at(dora, "Elisa")
    record(carla, "busy")
    expect(carla.locator("h1")).to_have_text("Esta página está desatualizada")
    carla.get_by_role("link", name="Voltar à fila").click()
    carla.get_by_role("button", name="Ligar para o próximo").click()
    is_at(carla, "Gilda")

    # The rest of the day.
    carla.locator(PLACE.format("callback")).check()
    carla.locator("[name=callback_day]").fill(f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}")
    carla.locator("[name=callback_time]").fill("10:00")
    carla.get_by_role("button", name="Registrar e ligar para o próximo").click()
    is_at(carla, "Hugo")
    record(dora, "opt_out")
    is_at(dora, "Inês")
    dial(carla)
    record(carla, "third_party")
    is_at(carla, "João")
    confirm_person(dora)
    record(dora, "dispute", note="Diz que devolveu o produto.")
    expect(dora.get_by_text("Não há ninguém para ligar agora")).to_be_visible()
    dial(carla)
    record(carla, "wrong_person")
    expect(carla.get_by_text("Não há ninguém para ligar agora")).to_be_visible()

    recorded = CaseOutcome.objects.values_list("case__debtor__name", "disposition").order_by("pk")
    assert dict(recorded) == {
        "Ana Beatriz Moraes": Disposition.PROMISE,
        "Bruno Moraes": Disposition.SPOKE,
        "Célia Moraes": Disposition.NO_ANSWER,
        "Davi Moraes": Disposition.ALREADY_PAID,
        "Fábio Moraes": Disposition.VOICEMAIL,
        "Gilda Moraes": Disposition.CALLBACK,
        "Elisa Moraes": Disposition.OPT_OUT,
        "Hugo Moraes": Disposition.THIRD_PARTY,
        "Inês Moraes": Disposition.DISPUTE,
        "João Moraes": Disposition.WRONG_PERSON,
    }
    assert len(recorded) == len(PEOPLE)
    assert Agreement.objects.get().state == AgreementState.ACTIVE
    assert CaseOutcome.objects.get(disposition="no_answer").note == "Atende melhor cedo."
    assert Callback.objects.get().case.debtor.name == "Gilda Moraes"
    assert OptOut.objects.get().debtor.name == "Elisa Moraes"
    assert {hold.debtor.name for hold in Hold.objects.all()} == {"Davi Moraes", "Inês Moraes"}
    [wrong] = Case.objects.get(debtor__name="João Moraes").debtor.points.filter(medium="phone")
    assert wrong.status == PointStatus.WRONG_NUMBER
    assert (
        not Contact.objects.exclude(channel=Channel.VOICE).filter(creditor=None, outcome="voicemail").exists()
    )
    assert Case.objects.filter(agent__isnull=False).count() == 0
    assert Talk.objects.filter(confirmed_at__isnull=False).count() == 4
