"""Objections are found while talking, and an answer that presses is told so."""

import pytest

from dunning.rules import objections, script
from dunning.rules.default_objections import ENGLISH, OBJECTIONS, PORTUGUESE, Objection
from dunning.vocabulary import ScriptPart

EVERY = [each for language in OBJECTIONS.values() for each in language]


@pytest.mark.parametrize("shipped", EVERY, ids=lambda each: each.says)
def test_what_is_shipped_may_be_said_and_gets_no_remark(shipped):
    assert script.problems(shipped.reply, part=ScriptPart.LISTEN) == []
    assert objections.remarks(shipped.reply) == []


def test_both_languages_answer_the_same():
    assert len(PORTUGUESE) == len(ENGLISH)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("", "Eu já paguei."),
        ("PAGUEI", "Eu já paguei."),
        ("boleto", "Não recebi o boleto."),
        ("nao rec", "Não recebi o boleto."),
        ("golpe?", "Como sei que não é golpe?"),
        ("contestação", "Não reconheço essa conta."),  # only our reply says it
        ("xyz", None),
        ("boleto golpe", None),
    ],
)
def test_an_objection_is_found_by_beginnings_of_words_without_accents(asked, first):
    found = objections.matching(asked, PORTUGUESE)

    assert (found[0].says if found else None) == first


def test_what_the_person_says_comes_before_what_only_we_reply():
    ours, theirs = Objection("Olá.", "O boleto vem."), Objection("Boleto?", "Sim.")

    assert objections.matching("boleto", [ours, theirs]) == [theirs, ours]


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        ("Entendo. Que dia fica bom?", []),
        ("Você precisa pagar hoje mesmo!", ["pressure", "pressure"]),
        ("Seu nome vai para o SPC.", ["consequence"]),
        ("A dívida está aí.", ["hard_word"]),
    ],
)
def test_an_answer_that_presses_or_threatens_is_told_so(answer, kinds):
    assert [each.kind for each in objections.remarks(answer)] == kinds
