"""The frame of every page: readable in both themes and at every width, usable by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import (
    WIDTHS,
    complaints_about,
    is_wider_than_the_screen,
    log_in,
    picture,
    serious_findings,
    use_theme,
)
from tests.factories import make_manager


@pytest.fixture
def manager(transactional_db):
    user = make_manager(username="Helena")
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def styleguide(watched, live_server, manager):
    log_in(watched, base=live_server.url, user=manager, language="en")
    watched.goto(f"{live_server.url}/styleguide/")
    return watched


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_part_of_the_pages(watched, live_server, manager, theme):
    log_in(watched, base=live_server.url, user=manager)
    use_theme(watched, base=live_server.url, theme=theme)
    watched.goto(f"{live_server.url}/styleguide/")

    assert complaints_about(watched, f"styleguide-{theme}", theme=theme) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_login_and_a_missing_page_are_in_the_product_s_look(watched, live_server, db, theme):
    use_theme(watched, base=live_server.url, theme=theme)
    for name, path in (("login", "/login/"), ("missing", "/no-such-page/")):
        watched.goto(live_server.url + path)
        for width in WIDTHS:
            picture(watched, f"{name}-{theme}", width=width)
            assert not is_wider_than_the_screen(watched), width
        expect(watched.locator("h1")).to_be_visible()
        assert serious_findings(watched) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_admin_is_in_the_product_s_look_and_breaks_no_content_rule(watched, live_server, manager, theme):
    manager.is_superuser = True
    manager.save()
    log_in(watched, base=live_server.url, user=manager)
    use_theme(watched, base=live_server.url, theme=theme)
    for name, path in (
        ("admin", "/admin/"),
        ("admin-list", "/admin/auth/group/"),
        ("admin-form", "/admin/auth/group/add/"),
    ):
        watched.goto(live_server.url + path)
        for width in (1440, 390):
            picture(watched, f"{name}-{theme}", width=width)
        assert watched.locator(".bar").is_visible()


def test_a_chosen_theme_is_there_again_on_the_next_page(styleguide):
    styleguide.locator(".menu > summary").click()
    styleguide.get_by_role("button", name="Dark").click()
    assert styleguide.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"

    styleguide.reload()

    assert styleguide.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_theme_can_be_chosen_without_javascript(browser, live_server, manager):
    page = browser.new_context(java_script_enabled=False).new_page()
    log_in(page, base=live_server.url, user=manager, language="en")
    page.goto(f"{live_server.url}/styleguide/")

    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Dark").click()

    assert page.url == f"{live_server.url}/styleguide/"
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_question_mark_lists_the_keys_of_this_page(styleguide):
    styleguide.keyboard.press("?")

    dialog = styleguide.locator("#keys-dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Call next")
    picture(styleguide, "keys", width=1440, whole=False)


def test_a_key_presses_its_button_but_not_while_somebody_types(styleguide):
    styleguide.evaluate(
        "document.querySelector('[data-key=d]')"
        ".addEventListener('click', () => { window.pressed = (window.pressed || 0) + 1 })"
    )
    styleguide.get_by_label("Note").first.fill("")
    styleguide.keyboard.press("d")
    assert styleguide.evaluate("window.pressed") is None

    styleguide.keyboard.press("Escape")
    styleguide.keyboard.press("d")

    assert styleguide.evaluate("window.pressed") == 1


def test_j_and_k_walk_the_rows_of_a_list(styleguide):
    focused = "document.activeElement.textContent"
    styleguide.keyboard.press("j")
    styleguide.keyboard.press("j")
    assert styleguide.evaluate(focused) == "Comercial Três Irmãos Ltda"

    styleguide.keyboard.press("k")

    assert styleguide.evaluate(focused) == "Ana Beatriz Moraes"


def test_a_form_asks_before_it_does_what_it_says(styleguide):
    styleguide.get_by_role("button", name="Record promise").click()

    dialog = styleguide.locator("#confirm-dialog")
    expect(dialog).to_contain_text("The ladder pauses until then.")
    picture(styleguide, "confirm", width=1440, whole=False)

    dialog.get_by_role("button", name="Go back").click()
    expect(dialog).to_be_hidden()
    assert styleguide.locator("form[data-busy]").count() == 0


def test_a_pasted_text_is_understood_or_left_alone(styleguide):
    pasted = {
        ("Amount promised", "R$ 1234,5"): "1.234,50",
        ("Amount promised", "1234.56"): "1.234,56",
        ("Amount promised", "1.234"): "1.234,00",
        ("Amount promised", "a hundred"): "a hundred",
        ("Day of payment", "2026-12-05"): "05/12/2026",
        ("Day of payment", "5.12.2026"): "05/12/2026",
        ("CPF or CNPJ", "39053344705"): "390.533.447-05",
        ("CPF or CNPJ", "12abc34501de35"): "12.ABC.345/01DE-35",
    }
    shown = {}
    for label, text in pasted:
        box = styleguide.get_by_label(label, exact=True).first
        box.fill(text)
        box.dispatch_event("change")
        shown[label, text] = box.input_value()

    assert shown == pasted


def test_slashes_come_by_themselves_while_a_date_is_typed(styleguide):
    box = styleguide.get_by_label("Day of payment").first
    box.press_sequentially("05122026")

    assert box.input_value() == "05/12/2026"


def test_a_form_sent_twice_in_a_hurry_is_sent_once(styleguide):
    sent = []
    styleguide.route("**/twice/", lambda route: (sent.append(route.request.method), route.fulfill(body="ok")))

    styleguide.evaluate(
        """() => {
            const form = document.querySelector("form[data-confirm]");
            delete form.dataset.confirm;
            form.action = "/twice/";
            form.requestSubmit();
            form.requestSubmit();
        }"""
    )
    styleguide.wait_for_url("**/twice/")

    assert sent == ["POST"]


@pytest.mark.parametrize(
    ("answer", "focused"),
    [
        ('<label>Note <input id="id_remark" name="remark"></label>', "id_remark"),
        ('<p>Done</p><a href="#" id="next" data-focus>Next</a>', "next"),
        ("<p>Done</p>", "case"),
    ],
)
def test_the_focus_is_never_lost_when_a_part_of_the_page_is_replaced(styleguide, answer, focused):
    styleguide.route("**/part/", lambda route: route.fulfill(body=answer, content_type="text/html"))
    styleguide.evaluate(
        """() => {
            document.querySelector("#case").innerHTML = '<input id="id_remark" name="remark">';
            document.querySelector("#id_remark").focus();
        }"""
    )

    styleguide.evaluate("htmx.ajax('GET', '/part/', {target: '#case', swap: 'innerHTML'})")

    styleguide.wait_for_function("id => document.activeElement.id === id", arg=focused, timeout=30_000)


def test_a_failed_request_says_so_and_keeps_what_was_typed(styleguide):
    styleguide.route("**/part/", lambda route: route.fulfill(status=500, body="oops"))
    styleguide.get_by_label("Note").first.fill("Typed")

    styleguide.evaluate("htmx.ajax('GET', '/part/', {target: '#case', swap: 'innerHTML'})")

    expect(styleguide.locator("#messages")).to_contain_text("Nothing was changed")
    assert styleguide.get_by_label("Note").first.input_value() == "Typed"
