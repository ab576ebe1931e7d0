"""A page becomes a PDF in a child process that reaches nothing, ends in time and always writes the same."""

import os

import pytest

from debtors.services import pdf

CSS = "@page { size: A4 } body { font-family: 'DejaVu Sans' }"
DOT = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"


def page(body: str) -> str:
    return f'<html lang="pt-BR"><head><title>Carta</title></head><body>{body}</body></html>'


def test_the_same_page_gives_the_same_bytes_and_another_page_others():
    joao, ana, drawn = page("<p>Olá, João: 50 %</p>"), page("<p>Olá, Ana</p>"), page(f'<img src="{DOT}">')

    first, other, picture, empty = pdf.of_each([joao, ana, drawn, page("")], css=CSS)
    again = pdf.of(joao, css=CSS)

    assert first == again
    assert len({first, other, picture, empty}) == 4  # our own picture is drawn
    assert first.startswith(b"%PDF-")
    assert all(word not in first for word in (b"CreationDate", b"ModDate"))


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:9/x.png"])
def test_a_page_that_asks_for_something_from_outside_is_not_printed(address):
    with pytest.raises(pdf.CannotPrintError, match="from outside"):
        pdf.of_each([page("<p>x</p>"), page(f'<img src="{address}">')], css=CSS)


def test_a_style_sheet_that_asks_for_something_from_outside_is_not_printed():
    with pytest.raises(pdf.CannotPrintError, match="from outside"):
        pdf.of(page("<p>x</p>"), css="@import url('file:///etc/hostname')")


def test_what_takes_too_long_or_too_much_memory_ends():
    long = page("<p>" + "palavra <b>forte</b> " * 60_000)

    with pytest.raises(pdf.CannotPrintError, match="not done after"):
        pdf.of(long, css=CSS, seconds=2)
    with pytest.raises(pdf.CannotPrintError):
        pdf.of(page("x"), css=CSS, memory_bytes=64 * 1024 * 1024)


def test_the_child_knows_nothing_of_our_environment():
    assert not pdf.ENVIRONMENT.keys() & {"SECRET_KEY", "DATABASE_URL", "TWILIO_AUTH_TOKEN", "HOME"}
    assert pdf.ENVIRONMENT["PYTHONHASHSEED"] == "0"
    assert os.environ.keys() - pdf.ENVIRONMENT.keys()
