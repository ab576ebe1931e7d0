"""Browser tests: each gets a page that is watched, and fails when the browser complained."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Watch

expect.set_options(timeout=30_000)  # a slow machine is no fault of the page


@pytest.fixture
def watched(page: Page, live_server) -> Iterator[Page]:
    """A page on the running product; script errors, refused content and outside requests fail the test."""
    watch = Watch(base=live_server.url)
    watch.on(page)
    page.set_default_timeout(60_000)
    yield page
    assert watch.problems == []
