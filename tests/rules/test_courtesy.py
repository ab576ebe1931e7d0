"""What threatens, shames, presses or shouts is found; what is merely plain is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules.courtesy import Discourtesy, discourtesies

HELLO = "Olá, {{ name }}. "


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Vamos chamar a polícia.", "threat", "policia"),
        ("Haverá prisão.", "threat", "prisao"),
        ("Sua conta será bloqueada.", "threat", "bloqueada"),
        ("Pediremos a penhora.", "threat", "penhora"),
        ("Sob pena de medidas.", "threat", "sob pena"),
        ("Esta é a última chance.", "threat", "ultima chance"),
        ("Este é o ultimo aviso.", "threat", "ultimo aviso"),
        ("Tomaremos as medidas cabíveis.", "threat", "medidas cabiveis"),
        ("Falaremos com seu patrão.", "threat", "seu patrao"),
        ("Não seja caloteiro.", "shaming", "caloteiro"),
        ("Que vergonha.", "shaming", "vergonha"),
        ("Você é devedora.", "shaming", "devedora"),
        ("Você consta como inadimplente.", "shaming", "inadimplente"),
        ("Seu nome sujo.", "shaming", "nome sujo"),
        ("Pague imediatamente.", "pressure", "imediatamente"),
        ("É urgente.", "pressure", "urgente"),
        ("Você deve pagar.", "pressure", "deve pagar"),
        ("Ligue já.", "pressure", "ligue ja"),
        ("Exigimos resposta.", "pressure", "exigimos"),
        ("Evite maiores transtornos.", "pressure", "evite maiores transtornos"),
        ("Seu nome irá ao SPC.", "consequence", "spc"),
        ("Haverá protesto em cartório.", "consequence", "cartorio"),
        ("Seguirá para ação judicial.", "consequence", "judicial"),
        ("Sua dívida.", "hard_word", "divida"),
        ("Está em atraso.", "hard_word", "atraso"),
        ("LIGUE HOJE para nós.", "capitals", "LIGUE HOJE"),
        ("RESPONDA E LIGUE A QUEM SAIR.", "capitals", "RESPONDA LIGUE QUEM"),
        ("Responda!!", "storm", "!!"),
        ("Por quê?!", "storm", "?!"),
        ("Oi! Tudo bem! Até! ", "exclamations", "3"),
    ],
)
def test_what_is_not_courteous_is_found_with_its_kind(text, kind, found):
    assert Discourtesy(kind=kind, found=found) in discourtesies(HELLO + text)


@pytest.mark.parametrize(
    "text",
    [
        "Temos um recado pessoal para você. Se já pagou, desconsidere.",
        "O pagamento está em processamento.",
        "Pague por PIX ou responda SAIR.",
        "Podemos rever os valores, parcelar ou combinar uma data.",
        "Muito obrigado! Até logo!",
        "Seu CPF e o CNPJ do credor estão no PDF.",
        "Ligue quando puder. Não há pressa.",
    ],
)
def test_plain_and_courteous_words_are_left_alone(text):
    assert discourtesies(HELLO + text) == ()


@pytest.mark.parametrize("greeting", ["Olá", "oi", "Bom dia", "Prezado(a)", "Cara Maria", "{{ greeting }}"])
def test_any_greeting_will_do(greeting):
    assert discourtesies(f"{greeting}, tudo bem?") == ()


def test_a_text_without_a_greeting_is_noticed():
    assert discourtesies("Temos um recado.") == (Discourtesy(kind="no_greeting"),)


def test_accents_case_and_invisible_letters_hide_nothing():
    found = {each.found for each in discourtesies("Olá. ＰＯＬÍＣＩＡ, ca\u200blote e pri\u0301são.")}

    assert {"policia", "calote", "prisao"} <= found


def test_one_word_in_capitals_is_no_shouting_but_a_text_in_capitals_is():
    assert discourtesies(HELLO + "A EXEMPLO tem um recado.") == ()
    assert Discourtesy(kind="capitals") in discourtesies("Olá: RECADO da EXEMPLO para ANA, do SETOR")


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_read(text):
    for each in discourtesies(text.replace("{", "(").replace("}", ")")):
        assert each.kind
