"""The agent's desk as an agent works at it, in a real Chromium: next case, call, outcome, next case."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from contacts.services import calls
from contacts.vocabulary import Channel, Outcome
from debtors.models import Agreement
from debtors.vocabulary import AgreementState
from dunning.models import CaseOutcome
from dunning.services import defaults
from tests.browser.pages import (
    WIDTHS,
    confirm_person,
    is_wider_than_the_screen,
    keys_of_several,
    log_in,
    picture,
    serious_findings,
    use_theme,
)
from tests.factories import (
    house_portfolio,
    make_address,
    make_agent,
    make_case,
    make_contact,
    make_debtor,
    make_phone,
    make_policy,
)
from tests.factories.agreements import make_offer_rules
from tests.factories.paying import make_account

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def agent(transactional_db, settings):
    """Carla, with the house portfolio, in a house that may call at any hour."""
    settings.CHANNELS = settings.CHANNELS | {"voice": "manual"}
    make_policy(now=timezone.now(), windows=ALWAYS, minor_age=None)
    defaults.ship_playbook()
    return make_agent(
        username="carla", permissions=["work_queue", "negotiate_agreement", "add_paymentrequest"]
    )


@pytest.fixture
def case(agent):
    """Ana Beatriz, twenty days late, with a past that shows."""
    now = timezone.now()
    ana = make_debtor(name="Ana Beatriz Moraes", customer_since=now.date() - timedelta(days=2500))
    make_phone(debtor=ana, number="+551132108800", kind="workplace", is_mobile=False)
    make_address(debtor=ana, street="Rua das Acácias, 12")
    made = make_case(now=now, debtor=ana, urgency=90, amount_cents=184_250)
    make_contact(debtor=ana, at=now - timedelta(days=8), channel=Channel.EMAIL)
    calls.record_inbound(
        wanted_by="inbound:SM1",
        debtor=ana,
        channel=Channel.SMS,
        outcome=Outcome.INBOUND,
        body="Recebo no dia 5, posso pagar depois?",
        now=now - timedelta(days=6),
    )
    return made


@pytest.fixture
def desk(watched: Page, live_server, agent) -> Page:
    """The desk of an agent who has just come in."""
    log_in(watched, base=live_server.url, user=agent)
    watched.goto(f"{live_server.url}/desk/")
    return watched


def confirm_by_keys(page: Page) -> None:
    """Do the same without the mouse."""
    expect(page.locator("label[data-key='1']")).to_have_attribute("aria-keyshortcuts", "1")
    for key in ("1", "2", "i"):
        page.keyboard.press(key)
    expect(page.locator(".amount")).to_be_visible()


def test_a_note_is_kept_as_it_is_typed_and_the_script_goes_on_in_place(case, desk):
    desk.get_by_role("button", name="Ligar para o próximo").click()
    confirm_person(desk)

    desk.locator("[name=note]").press_sequentially("Recebe no dia 5.")
    expect(desk.get_by_text("guardada às")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("f")
    expect(desk.locator(".chip[aria-current=step]")).to_have_text("Escutar")
    desk.reload()

    expect(desk.locator("[name=note]")).to_have_value("Recebe no dia 5.")
    expect(desk.locator(".chip[aria-current=step]")).to_have_text("Escutar")


def test_what_was_typed_is_not_lost_when_something_is_missing(case, desk):
    desk.get_by_role("button", name="Ligar para o próximo").click()
    confirm_person(desk)
    desk.locator("input[value=promise]").check()
    desk.locator("[name=note]").fill("Vai pagar em duas vezes.")

    desk.get_by_role("button", name="Registrar", exact=True).click()

    expect(desk.locator("[name=note]")).to_have_value("Vai pagar em duas vezes.")
    expect(desk.locator("#field-promise_amount")).to_contain_text("Quanto foi prometido?")
    assert not CaseOutcome.objects.exists()


def test_a_promise_is_typed_without_the_mouse_and_a_refusal_takes_the_focus(case, desk):
    desk.get_by_role("button", name="Ligar para o próximo").click()
    day = timezone.localdate() + timedelta(days=5)
    confirm_by_keys(desk)
    expect(desk.locator("label[data-key=p]")).to_have_attribute("aria-keyshortcuts", "p")

    desk.keyboard.press("p")
    desk.keyboard.press("Tab")
    desk.keyboard.type("9.999.999,00")
    desk.keyboard.press("Tab")
    desk.keyboard.type(f"{day:%d/%m/%Y}")
    expect(desk.locator("[name=promise_day]")).to_have_value(f"{day:%d/%m/%Y}")
    desk.get_by_role("button", name="Registrar e ligar para o próximo").click()

    expect(desk.get_by_text("Isto é mais do que se deve nesse dia.")).to_be_visible()
    expect(desk.locator("[name=promise_amount]")).to_be_focused()


def test_the_workplace_has_no_button_to_call_it_and_says_why(case, desk):
    desk.get_by_role("button", name="Ligar para o próximo").click()

    workplace = desk.locator(".contact-points li", has_text="3210-8800")
    expect(workplace).to_contain_text("trabalho")
    expect(workplace.get_by_role("button")).to_have_count(0)


def test_a_case_of_another_portfolio_is_answered_like_one_that_does_not_exist(case, desk, live_server):
    house_portfolio().agents.clear()

    foreign = desk.request.get(f"{live_server.url}/desk/cases/{case.pk}/")
    absent = desk.request.get(f"{live_server.url}/desk/cases/999999/")

    assert (foreign.status, absent.status) == (404, 404)


@pytest.mark.parametrize(("theme", "language"), [("light", "pt-br"), ("dark", "en")])
def test_desk_and_card_are_readable_at_every_width(case, watched, agent, live_server, theme, language):
    for name in ("Bruno Lima", "Célia Prado", "Davi Rocha"):
        make_case(now=timezone.now(), debtor=make_debtor(name=name), urgency=20)
    log_in(watched, base=live_server.url, user=agent, language=language)
    use_theme(watched, base=live_server.url, theme=theme)
    for name, path in (("desk", "/desk/"), ("case", f"/desk/cases/{case.pk}/")):
        watched.goto(live_server.url + path)
        if name == "case":
            watched.locator(".page-actions .btn-primary").click()
            watched.locator(".contact-points .btn").first.click()
            picture(watched, f"unconfirmed-{theme}-{language}")
            assert serious_findings(watched) == []
            confirm_by_keys(watched)
        for width in WIDTHS:
            picture(watched, f"{name}-{theme}-{language}", width=width)
            assert not is_wider_than_the_screen(watched), (name, width)
        picture(watched, f"{name}-{theme}-{language}-hand", width=390, whole=False)
        assert serious_findings(watched) == []
    in_the_hand = ("#script", ".case-name", ".contact-points", ".outcome", "#happened")
    tops = [watched.locator(each).bounding_box()["y"] for each in in_the_hand]
    assert tops == sorted(tops)


def test_any_action_is_found_by_a_few_letters_of_its_name_and_focus_comes_back(case, desk):
    desk.get_by_role("button", name="Ligar para o próximo").click()
    expect(desk.locator("label[data-key='1']")).to_have_attribute("aria-keyshortcuts", "1")
    desk.locator("[name=note]").focus()

    desk.keyboard.press("Control+k")
    desk.keyboard.type("nao aten")
    expect(desk.get_by_role("option")).to_have_text(["Não atendeuN"])
    assert serious_findings(desk) == []
    desk.keyboard.press("Escape")
    expect(desk.locator("[name=note]")).to_be_focused()
    desk.keyboard.press("Control+k")
    desk.keyboard.type("nao aten")
    desk.keyboard.press("Enter")

    expect(desk.locator("input[value=no_answer]")).to_be_checked()


def test_no_key_serves_two_and_nothing_moves_or_loses_the_focus_from_step_to_step(case, desk):
    desk.set_viewport_size({"width": 1280, "height": 720})
    desk.get_by_role("button", name="Ligar para o próximo").click()
    assert keys_of_several(desk) == []
    confirm_by_keys(desk)
    assert keys_of_several(desk) == []
    assert not is_wider_than_the_screen(desk)

    places = set()
    forward = desk.get_by_role("button", name="Seguir")
    forward.evaluate("button => button.scrollIntoView({block: 'center', behavior: 'instant'})")
    forward.focus()
    for step in ("Escutar", "Motivo do atraso", "Propor"):
        desk.keyboard.press("Enter")
        expect(desk.locator(".chip[aria-current=step]")).to_have_text(step)
        expect(forward).to_be_focused()
        places.add(desk.locator(".outcome").bounding_box()["y"])

    assert len(places) == 1


def test_an_agreement_is_closed_and_can_be_paid_on_the_card_within_the_agents_room(case, desk):
    make_offer_rules(creditor=case.creditor)
    make_account(creditor=case.creditor)
    desk.get_by_role("button", name="Ligar para o próximo").click()
    confirm_by_keys(desk)
    desk.keyboard.press("i")
    slider = desk.locator("#offer-total")
    least = int(slider.get_attribute("min"))
    slider.evaluate(
        "slider => { slider.value = 0; slider.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    expect(desk.locator("#offers .total dd")).to_have_text(re.compile(r"1\.7"))
    expect(desk.locator("#offers.htmx-added")).to_have_count(0)  # the new part has its keys and questions
    desk.locator("#offer-payments").select_option("3")
    expect(desk.locator("#offers .facts dt")).to_have_count(5)
    assert serious_findings(desk) == []
    picture(desk, "offers")
    desk.get_by_role("button", name="Combinar assim").click()
    expect(desk.locator("#offers .script")).to_contain_text("em 3 parcelas")
    picture(desk, "sentence")
    desk.locator("#offer-reference").fill("gravação 17")
    desk.get_by_role("button", name="A pessoa diz sim").click()
    expect(desk.get_by_text("O acordo está em vigor").first).to_be_visible()
    expect(desk.locator("#offers img.qr")).to_be_visible()
    expect(desk.get_by_role("link", name="Boleto (PDF)")).to_be_visible()
    assert serious_findings(desk) == []
    for width in WIDTHS:
        picture(desk, "paid-on-the-card", width=width)
        assert not is_wider_than_the_screen(desk)

    agreed = Agreement.objects.get()
    assert (agreed.state, agreed.evidence_reference) == (AgreementState.ACTIVE, "gravação 17")
    assert agreed.total_cents >= least


def test_objections_are_found_while_talking_and_practised_without_anybody(case, desk, live_server):
    desk.get_by_role("button", name="Ligar para o próximo").click()
    confirm_by_keys(desk)
    desk.keyboard.press("q")
    desk.locator("[name=asked]").press_sequentially("boleto")
    expect(desk.locator(".objection")).to_have_count(1)
    desk.locator(".objection summary").click()
    expect(desk.locator(".objection .script")).to_contain_text("R$ 1.8")
    assert serious_findings(desk) == []

    desk.goto(f"{live_server.url}/desk/practice/")
    picture(desk, "practice")
    desk.locator("#answer").fill("Você tem que pagar hoje mesmo.")
    desk.get_by_role("button", name="Comparar com o roteiro").click()
    expect(desk.get_by_text("Uma proposta funciona melhor.").first).to_be_visible()
    for width in WIDTHS:
        picture(desk, "practised", width=width)
        assert not is_wider_than_the_screen(desk)
    assert serious_findings(desk) == []
