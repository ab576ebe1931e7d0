"""What the script may say: to a stranger nothing of a debt, to nobody a threat."""

import pytest

from dunning.rules import default_script, script
from dunning.rules.script import Problem
from dunning.vocabulary import ScriptPart


@pytest.mark.parametrize("line", default_script.LINES, ids=lambda line: f"{line.part}-{line.language}")
def test_what_is_shipped_may_be_said(line):
    found = script.problems(line.text, part=line.part) + script.problems(line.hint, part=line.part)

    assert found == []


def test_every_part_is_shipped_in_both_languages():
    shipped = {(line.part, line.language) for line in default_script.LINES}

    assert shipped == {(part, language) for part in ScriptPart for language in ("pt-br", "en")}


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ("Bom dia, {{ name }}.", ScriptPart.GREET, []),
        ("Falo da {{ brand }}.", ScriptPart.GREET, [Problem("tells", "brand")]),
        ("Falo da {{ brand }}.", ScriptPart.ARRIVED, []),
        ("São {{ amount }}.", ScriptPart.CONFIRM, [Problem("tells", "amount")]),
        ("Falo da Lojas Aurora.", ScriptPart.GREET, [Problem("tells", "lojas aurora")]),
        ("Falo da Lojas Aurora.", ScriptPart.LISTEN, []),
        ("É sobre uma dívida.", ScriptPart.THIRD_PARTY, [Problem("tells", "divida")]),
        ("São R$ 100,00.", ScriptPart.CALM, [Problem("tells", "100,00"), Problem("tells", "r$")]),
        ("Clique em {{ stop_link }}.", ScriptPart.CLOSE, [Problem("placeholder", "stop_link")]),
        ("Olá {nome}", ScriptPart.CLOSE, [Problem("placeholder", "{nome}")]),
        ("Isto é o último aviso.", ScriptPart.PROPOSE, [Problem("harsh", "ultimo aviso")]),
    ],
)
def test_a_text_that_tells_threatens_or_cannot_be_filled_is_refused(text, part, found):
    assert script.problems(text, part=part, creditors=["lojas aurora", ""]) == found


def test_what_is_not_known_is_seen_as_missing():
    said = script.fill("Sobre {{ product }}, {{ name }}.", values={"name": "Ana {{ amount }}", "product": ""})

    assert said == "Sobre …, Ana {{ amount }}."


def test_the_steps_go_forth_and_back_and_end_at_their_ends():
    forth = [script.step_after(step) for step in script.STEPS]

    assert forth == [*script.STEPS[1:], script.STEPS[-1]]
    assert [script.step_before(step) for step in forth[:-1]] == list(script.STEPS[:-1])
    assert script.step_before(script.STEPS[0]) == script.STEPS[0]
    assert script.step_after("nonsense") == script.STEPS[1]
