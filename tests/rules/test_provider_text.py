"""A WhatsApp text by the provider's name: numbered holes, and the values that give our words back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules import provider_text, wording

BODY = "Olá, {{ name }}. Aqui é a {{ brand }}. Ligue {{phone}}, {{ name }}. Protocolo {{ protocol }}."
VALUES = {"name": "Ana", "brand": "Loja *Sul*", "phone": "(11) 3000-0000", "protocol": "7KQ2XW"}
pieces = st.sampled_from(
    ["{{ name }}", "{{ brand }}", "{{ phone }}", "{{ protocol }}", " ", "Olá", "...", "(a|b)+"]
)
values = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=12)


def as_sent(body: str, numbered: dict[str, str]) -> str:
    """Return what the provider makes of its copy."""
    return re.sub(r"\{\{(\d+)\}\}", lambda found: numbered[found[1]], provider_text.as_approved(body))


def test_placeholders_are_numbered_in_the_order_in_which_they_appear():
    assert provider_text.as_approved(BODY) == (
        "Olá, {{1}}. Aqui é a {{2}}. Ligue {{3}}, {{1}}. Protocolo {{4}}."
    )


def test_the_values_are_read_back_from_the_finished_text():
    text = wording.fill(BODY, values=VALUES)

    assert provider_text.variables(BODY, text=text) == {
        "1": "Ana", "2": "Loja *Sul*", "3": "(11) 3000-0000", "4": "7KQ2XW"
    }  # fmt: skip


def test_a_text_that_was_not_made_from_it_has_no_values():
    assert provider_text.variables(BODY, text="Olá, Ana.") == {}
    assert provider_text.variables("Olá, {{ name }} e {{ name }}.", text="Olá, Ana e Rui.") == {}


@given(
    body=st.lists(pieces, max_size=8).map("".join), name=values, brand=values, phone=values, protocol=values
)
def test_whatever_the_values_the_provider_s_copy_becomes_our_text(body, name, brand, phone, protocol):
    text = wording.fill(body, values={"name": name, "brand": brand, "phone": phone, "protocol": protocol})

    found = provider_text.variables(body, text=text)

    assert as_sent(body, dict(found)) == text


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ("Olá, {{ name }}. Protocolo {{ protocol }}.", ()),
        ("Olá, {{ name }}. Não é você? {{ not_me_link }}", ()),
        ("Olá, {{ name }}.", ("not_unique",)),
        ("x" * 1_025, ("not_unique", "too_long")),
        ("{{ protocol }}" + "x" * 1_010, ()),
        ("{{ protocol }}" + "x" * 1_011, ("too_long",)),
    ],
)
def test_a_text_must_be_unlike_any_other_and_not_too_long(body, problems):
    assert provider_text.problems(body) == problems
