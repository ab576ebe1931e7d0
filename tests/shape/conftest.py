"""Tests of the whole product ask for thousands of pages: those are made as they are for people."""

import pytest
from django.template.base import Template
from django.test.utils import _TestState


@pytest.fixture(autouse=True)
def pages_without_djangos_instruments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Render without copying every context for `response.context`, which takes as long as rendering."""
    plain = getattr(getattr(_TestState, "saved_data", None), "template_render", None)
    if plain is not None:
        monkeypatch.setattr(Template, "_render", plain)
