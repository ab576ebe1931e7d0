"""What browser tests share: logging in, watching what a page asks for, axe, and pictures."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "tests" / "vendor" / "axe.min.js"
WIDTHS = {1440: 900, 1024: 768, 390: 844}
EXAMINED_AT = {"light": 1440, "dark": 390}
#: Where pictures go, for people to look at; a run that names no folder draws none, for that takes long.
SCREENSHOTS = os.environ.get("SCREENSHOTS_DIR", "")
#: A picture of a whole page is taller than any screen: what sticks to the screen's edge would lie over it.
STUCK = "document.querySelectorAll('.actionbar').forEach(bar => bar.style.position = '{}')"


@dataclass
class Watch:
    """What went wrong in the browser: script errors, refused content, requests that left the house."""

    base: str
    problems: list[str] = field(default_factory=list)

    def on(self, page: Page) -> None:
        """Begin to watch a page."""
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("console", self._console)
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        """Refused styles and scripts are told on the console; a plain 4xx answer is no problem by itself."""
        is_answer = "Failed to load resource" in message.text or "Response Status Error" in message.text
        # Whoever leaves a page while htmx still asks ends that question: htmx tells it as an error.
        is_left = message.text.startswith(("htmx:afterRequest", "htmx:sendAbort", "htmx:sendError"))
        if message.type == "error" and not is_answer and not is_left:
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:", "blob:", "about:")):
            self.problems.append(f"outside request: {request.url}")


def log_in(page: Page, *, base: str, user: Any, language: str = "pt-br") -> None:
    """Give the browser a session of `user`, as if he had logged in just now."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [
            {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": base},
        ]
    )


def use_theme(page: Page, *, base: str, theme: str) -> None:
    """Choose light or dark before a page is opened."""
    page.context.add_cookies([{"name": "theme", "value": theme, "url": base}])


def serious_findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical on the page as it is: rule, and where."""
    page.evaluate(AXE.read_text())
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in result["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]


def is_wider_than_the_screen(page: Page) -> bool:
    """Return whether the page as a whole scrolls sideways, which no page may."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def is_navigation_cut_off(page: Page) -> bool:
    """Return whether an entry of the navigation has no room, as on a wide screen none may."""
    return bool(
        page.evaluate("[...document.querySelectorAll('.nav')].some(n => n.scrollWidth > n.clientWidth)")
    )


def keys_of_several(page: Page) -> list[str]:
    """Return the keyboard shortcuts that more than one visible control of the page claims."""
    keys = page.locator("[data-key]:visible").evaluate_all("found => found.map(one => one.dataset.key)")
    return sorted({key for key in keys if keys.count(key) > 1})


def confirm_person(page: Page) -> None:
    """Tick the first two items and show the account, as an agent does who heard them."""
    for place in (0, 1):
        page.locator("[name=matched]").nth(place).check()
    page.get_by_role("button", name="É a pessoa").click()
    expect(page.get_by_text("Pessoa confirmada às")).to_be_visible()


def complaints_about(page: Page, name: str, *, theme: str) -> list[str]:
    """Draw the page at each width as `<name>-<width>.png`; return what is wrong with it, and where.

    Axe takes half a second: it looks at the wide page where it is light, at the narrow one where it is dark.
    """
    found = []
    for width in WIDTHS:
        picture(page, name, width=width)
        wrong = serious_findings(page) if width == EXAMINED_AT[theme] else []
        if is_wider_than_the_screen(page):
            wrong.append("wider than the screen")
        if width == max(WIDTHS) and is_navigation_cut_off(page):
            wrong.append("navigation cut off")
        wrong += [f"key {key} twice" for key in keys_of_several(page)]
        found += [f"{name} at {width}: {each}" for each in wrong]
    return found


def picture(page: Page, name: str, *, width: int = 1440, whole: bool = True) -> None:
    """Make the page `width` wide, and save it as `<name>-<width>.png` where pictures are wanted."""
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    if not SCREENSHOTS:
        return
    page.evaluate("document.fonts.ready")
    page.evaluate(STUCK.format("static" if whole else ""))
    page.screenshot(path=Path(SCREENSHOTS) / f"{name}-{width}.png", full_page=whole, animations="disabled")
    page.evaluate(STUCK.format(""))
