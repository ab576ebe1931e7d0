"""The queue and what lies around it, in a real Chromium: hand-over, the lease, views, departments, my day."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from debtors.models import PromiseToPay
from dunning.models import Case, CaseOutcome, DepartmentNote, HandOver, SavedView
from dunning.rules.priority import USUAL
from dunning.services import department_notes, weighing, workqueue
from dunning.vocabulary import CaseState, Department
from tests.browser.pages import complaints_about, log_in, use_theme
from tests.factories import confirm_person, make_agent, make_case, make_debtor, make_manager, make_policy

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def carla(transactional_db, settings):
    """An agent with the house portfolio, in a house that may call at any hour."""
    settings.CHANNELS = settings.CHANNELS | {"voice": "manual"}
    make_policy(now=timezone.now(), windows=ALWAYS, minor_age=None)
    return make_agent(username="carla", permissions=["work_queue", "add_departmentnote"])


@pytest.fixture
def case(carla) -> Case:
    """Ana Beatriz, twenty days late."""
    return make_case(
        now=timezone.now(), debtor=make_debtor(name="Ana Beatriz Moraes"), urgency=90, amount_cents=184_250
    )


@pytest.fixture
def desk(watched: Page, live_server, carla) -> Page:
    """The desk of an agent who has just come in."""
    log_in(watched, base=live_server.url, user=carla)
    watched.goto(f"{live_server.url}/desk/")
    return watched


def test_a_case_handed_over_waits_for_the_colleague_with_its_note(case, desk, live_server):
    dora = make_agent(username="dora")
    desk.get_by_role("button", name="Ligar para o próximo").click()
    desk.get_by_role("link", name="Repassar").click()
    desk.get_by_role("button", name="Repassar o caso").click()
    expect(desk.locator("#field-to")).to_contain_text("Escolha quem assume.")

    desk.locator("[name=to]").select_option(label="Dora")
    desk.locator("[name=handed_note]").fill("Quer falar com a supervisora.")
    desk.get_by_role("button", name="Repassar o caso").click()

    expect(desk.locator("h1")).to_have_text("Fila")
    assert HandOver.objects.get().receiver == dora
    desk.context.clear_cookies()
    log_in(desk, base=live_server.url, user=dora)
    desk.goto(f"{live_server.url}/desk/?view=waiting")
    expect(desk.locator("table")).to_contain_text("Quer falar com a supervisora.")
    desk.get_by_role("button", name="Ligar para o próximo").click()
    expect(desk.locator("h1")).to_have_text("Ana Beatriz Moraes")


def test_the_lease_counts_down_and_a_tab_that_nobody_touches_lets_it_run_out(case, desk):
    desk.clock.install()
    desk.get_by_role("button", name="Ligar para o próximo").click()
    expect(desk.locator("[data-left]")).to_contain_text("(4:")
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))

    desk.clock.run_for(31_000)
    expect(desk.locator("[data-left]")).to_contain_text("(5:00)")
    kept = [url for url in asked if url.endswith("/lease/")]
    desk.clock.fast_forward("10:01")
    asked.clear()
    desk.clock.run_for("05:00")

    assert len(kept) == 1
    assert asked == []
    expect(desk.locator("#lease")).to_contain_text("não é mais seu")


def test_a_view_is_saved_from_the_filters_and_found_again(case, desk):
    desk.locator("[name=late]").select_option("30")
    desk.get_by_role("button", name="Filtrar").click()
    expect(desk.get_by_text("Nada aqui com estes filtros")).to_be_visible()

    desk.get_by_text("Guardar esta visão").click()
    desk.locator("#view-name").fill("Atrasadas")
    desk.get_by_role("button", name="Guardar visão").click()

    expect(desk.get_by_role("link", name="Atrasadas")).to_have_attribute("aria-current", "page")
    assert SavedView.objects.get().query == "view=now&late=30"


def test_support_says_that_we_were_at_fault_and_the_card_says_so_before_anybody_calls(case, desk):
    desk.get_by_role("link", name="Ana Beatriz Moraes").click()
    desk.get_by_role("link", name="Anotação de um setor").click()
    desk.locator("input[value=support]").check()
    desk.locator("[name=text]").fill("A geladeira chegou quebrada.")
    desk.locator("[name=is_our_fault]").check()
    desk.get_by_role("button", name="Anotar").click()

    expect(desk.locator(".briefing")).to_contain_text("Suporte · o erro foi nosso")
    expect(desk.locator(".briefing")).not_to_contain_text("geladeira")
    assert DepartmentNote.objects.get().hold is not None
    assert Case.objects.get(pk=case.pk).state == CaseState.HELD


def test_a_chip_shows_one_kind_of_what_happened_and_keeps_the_focus(case, desk, carla, live_server):
    department_notes.write(
        case, department=Department.SALES, text="Cliente antigo.", is_our_fault=False, source="", by=carla,
        now=timezone.now(),
    )  # fmt: skip
    now = timezone.now()
    confirm_person(workqueue.take(case, agent=carla, now=now), now=now)
    desk.goto(f"{live_server.url}/desk/cases/{case.pk}/")

    desk.locator("#kind-note").click()

    expect(desk.locator("#kind-note")).to_have_attribute("aria-current", "true")
    expect(desk.locator("#happened .events > li")).to_have_count(1)
    expect(desk.locator("#kind-note")).to_be_focused()


@pytest.mark.parametrize(("theme", "language"), [("light", "pt-br"), ("dark", "en")])
def test_the_pages_around_the_queue_are_readable_at_every_width(
    case, watched, carla, live_server, theme, language
):
    now, manager = timezone.now(), make_manager(username="rita")
    department_notes.write(
        case, department=Department.SUPPORT, text="A geladeira chegou quebrada; trocada no dia 3.",
        is_our_fault=False, source="Júlia", by=carla, now=now,
    )  # fmt: skip
    CaseOutcome.objects.create(
        case=case,
        disposition="callback",
        note="Pediu depois das 14h.",
        agent=manager,
        fence=9,
        recorded_at=now,
    )
    PromiseToPay.objects.create(
        debtor=case.debtor, creditor=case.creditor, amount_cents=90_000, promised_on=now.date(),
        made_to=manager, made_at=now,
    )  # fmt: skip
    Case.objects.filter(pk=case.pk).update(
        callback_at=now + timedelta(hours=2), reserved_for=manager, reserved_until=now + timedelta(hours=20)
    )
    HandOver.objects.create(
        case=case, giver=carla, receiver=manager, note="Quer falar com quem decide.", handed_at=now
    )
    weighing.set_weights(USUAL, why="Como sempre", by=manager, now=now)
    lost = make_case(now=now, debtor=make_debtor(name="Bruno Lima"))
    Case.objects.filter(pk=lost.pk).update(callable_from=None)
    SavedView.objects.create(owner=manager, name="Antigas", query="view=now&late=90", saved_at=now)
    log_in(watched, base=live_server.url, user=manager, language=language)
    use_theme(watched, base=live_server.url, theme=theme)
    pages = {
        "queue-waiting": "/desk/?view=waiting",
        "queue-card": f"/desk/cases/{case.pk}/",
        "queue-weights": "/desk/order/",
        "queue-forgotten": "/desk/forgotten/",
        "queue-departments": f"/desk/cases/{case.pk}/departments/",
        "queue-day": "/desk/day/",
    }
    for name, path in pages.items():
        watched.goto(live_server.url + path)
        assert complaints_about(watched, f"{name}-{theme}-{language}", theme=theme) == []
