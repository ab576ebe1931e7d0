"""Placeholders are filled once with clean values, and first messages give nothing away."""

import pytest

from contacts.rules.disclosure import Indiscretion, indiscretions
from contacts.rules.wording import (
    PLACEHOLDERS,
    REVEALING,
    PlaceholderError,
    clean,
    fill,
    opt_out,
    placeholders_in,
    without_placeholders,
)


def test_values_take_the_place_of_their_placeholders():
    assert fill("Olá, {{ name }}! {{name}}?", values={"name": "Maria"}) == "Olá, Maria! Maria?"


def test_a_value_is_never_read_for_placeholders_again():
    text = fill("{{ name }} {{ agent }}", values={"name": "{{ agent }}", "agent": r"\1 {% x %}"})

    assert text == r"{{ agent }} \1 {% x %}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ secret_key }}", "secret_key"),
        ("{{ name.upper }}", "{{ name.upper }}"),
        ("{{ name|safe }}", "{{ name|safe }}"),
        ("{{ name", "{{ name"),
        ("name }}", "}"),
        ("{{{ name }}}", "{"),
        ("{name}", "{name}"),
        ("{% debug %}", "{%"),
        ("{# x #}", "{#"),
        ("{{ Name }}", "{{ Name }}"),
        ("{{}}", "{{}}"),
        ("{a\nb", "{a\nb"),
        ("{ {{ name }} y", "{  y"),
    ],
)
def test_a_placeholder_that_is_unknown_or_malformed_is_refused(text, found):
    with pytest.raises(PlaceholderError) as refusal:
        placeholders_in(text)

    assert refusal.value.found.startswith(found)


@pytest.mark.parametrize("values", [{}, {"name": ""}, {"name": " "}])
def test_a_message_with_a_hole_does_not_leave(values):
    with pytest.raises(PlaceholderError):
        fill("Olá, {{ name }}", values=values)


def test_values_are_one_short_line_without_invisible_characters():
    assert clean("Ma\u202eria\r\n\tda\u00a0Silva\x00", longest=40) == "Maria da Silva"
    assert clean("Ma\u2028ria\u2029da\u3000Sil\x1fva", longest=40) == "Ma ria da Sil va"
    assert clean("Ma\ud800ri\ue000a", longest=40) == "Maria"


def test_a_value_that_is_cut_ends_with_a_letter():
    assert clean("  Maria  da Silva", longest=6) == "Maria"
    assert fill("{{ days_late }}", values={"days_late": "1234567890"}) == "123456"


def test_a_value_loses_the_marks_that_its_channel_would_read_and_no_others():
    values = {"name": "*Xavier_ X."}

    assert fill("*{{ name }}*", values=values, channel="whatsapp") == "*Xavier X.*"
    assert fill("*{{ name }}*", values=values, channel="sms") == "**Xavier_ X.*"
    assert fill("*{{ name }}*", values=values) == "**Xavier_ X.*"


def test_without_placeholders_words_stay_apart():
    assert without_placeholders("a{{ name }}b") == "a b"


def test_every_revealing_placeholder_exists():
    assert set(PLACEHOLDERS) > REVEALING


@pytest.mark.parametrize(
    "text",
    [
        "Ola, {{ name }}. Sou {{ agent }}, da {{ brand }}. Tenho um recado pessoal. Ligue {{ phone }}. "
        "Para nao receber: SAIR",
        "Obrigado por avisar. Vamos retirar este número do cadastro.",
        "OLA",
    ],
)
def test_a_neutral_text_passes(text):
    assert indiscretions(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sua dívida", Indiscretion(kind="word", found="divida")),
        ("suas DIVIDAS hoje aqui", Indiscretion(kind="word", found="dividas")),
        ("Cobrança", Indiscretion(kind="word", found="cobranca")),
        ("um dé\u200bbito", Indiscretion(kind="word", found="debito")),
        ("ｓｅｒａｓａ", Indiscretion(kind="word", found="serasa")),
        ("inadimplência", Indiscretion(kind="word", found="inadimplencia")),
        ("nome no SPC", Indiscretion(kind="word", found="spc")),
        ("vai a protesto", Indiscretion(kind="word", found="protesto")),
        ("novo processo", Indiscretion(kind="word", found="processo")),
        ("penhora", Indiscretion(kind="word", found="penhora")),
        ("bloqueio", Indiscretion(kind="word", found="bloqueio")),
        ("polícia", Indiscretion(kind="word", found="policia")),
        ("são R$ 10", Indiscretion(kind="amount", found="r$")),
        ("dez reais", Indiscretion(kind="amount", found="reais")),
        ("Oi {{ amount }}", Indiscretion(kind="placeholder", found="amount")),
        ("Oi {{ creditor }}", Indiscretion(kind="placeholder", found="creditor")),
        ("LIGUE HOJE para nós", Indiscretion(kind="shouting", found="")),
    ],
)
def test_a_first_message_that_tells_a_stranger_too_much_is_found_out(text, expected):
    assert indiscretions(text) == (expected,)


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("sms", "Para nao receber: SAIR"),
        ("whatsapp", "Para não receber mais mensagens, responda SAIR"),
        ("email", "Para não receber mais e-mails, responda SAIR"),
        ("letter", "Para não receber mais cartas, ligue (11) 3000-0000"),
        ("voice", "Para nao receber: SAIR"),
    ],
)
def test_each_channel_says_in_its_own_way_how_to_be_left_alone(channel, words):
    assert opt_out(channel=channel, phone="(11) 3000-0000") == words


def test_a_placeholder_that_cannot_be_filled_is_named():
    with pytest.raises(PlaceholderError, match=r"^placeholder 'nome' cannot be filled$") as caught:
        placeholders_in("Olá, {{ nome }}")

    assert caught.value.found == "nome"


def test_a_placeholder_without_a_value_is_named():
    with pytest.raises(PlaceholderError) as caught:
        fill("Olá, {{ name }}", values={"name": " "})

    assert caught.value.found == "name"
