"""The gate and its literal second form agree on what only the house's own rows tell."""

import json
from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from contacts.rules import case_json, gate
from contacts.rules.facts import Facts
from tests.factories.gate import NORONHA, RIO_BRANCO, SAO_PAULO, WEDNESDAY, make_facts, make_point, make_terms

from .gate_oracle import judge
from .house_rules import WITH_THE_HOUSE
from .literal_rules import RULES, Rule

CASES = 1_500
OURS = sorted(code for code in (
    "NOTHING_OWED", "STATUTE_BARRED", "LEDGER_IN_DOUBT", "MONEY_IN_TRANSIT", "BLOCK_LIST", "MESSAGE_FIRST",
    "WHATSAPP_WINDOW",
))  # fmt: skip


def some_facts(dice: Random) -> Facts:
    """Return facts of which one or another speaks against the contact, often at the edge of its day."""
    moment = WEDNESDAY + timedelta(hours=dice.choice([-16, -13, 0, 9, 12]))
    wrote_at = moment - timedelta(hours=24) + dice.choice([-1, 0, 1]) * timedelta(microseconds=1)
    return make_facts(
        channel=dice.choice(["voice", "whatsapp", "sms"]),
        purpose=dice.choice(["collection", "reminder", "agreed", "thank_you", "reply", "service", "test"]),
        point=make_point(is_block_listed=dice.random() < 0.2),
        time_zones=dice.choice([(SAO_PAULO,), (RIO_BRANCO, NORONHA), ()]),
        something_is_owed=dice.random() < 0.8,
        is_statute_barred=dice.random() < 0.2,
        is_ledger_in_doubt=dice.random() < 0.2,
        money_in_transit_until=dice.choice(
            [None, date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 19)]
        ),
        was_messaged=dice.random() < 0.7,
        is_free_text=dice.random() < 0.5,
        wrote_at=dice.choice([None, wrote_at, moment, moment + timedelta(seconds=1)]),
    )


def disagreements(rules: dict[str, Rule]) -> tuple[list[str], Counter[str]]:
    dice, seen = Random(20_261_122), Counter[str]()
    found: list[str] = []
    for _ in range(CASES):
        facts, terms = some_facts(dice), make_terms(message_first=dice.random() < 0.5)
        now = WEDNESDAY + timedelta(hours=dice.choice([-16, -13, 0, 9, 12]))
        ours = gate.decide(facts=facts, terms=terms, now=now).reasons
        line = json.dumps(case_json.case_to_json(case_json.Case(facts, terms, now), case_id="x"))
        theirs = judge(json.loads(line), rules)["reasons"]
        seen.update(theirs)
        if list(ours) != theirs:
            found.append(f"{ours} {theirs} {line}")
    return found, seen


def test_gate_and_oracle_agree_on_what_the_house_alone_knows() -> None:
    found, seen = disagreements(WITH_THE_HOUSE)

    assert found[:3] == []
    assert [code for code in OURS if seen[code] > 50] == OURS


@pytest.mark.parametrize("name", sorted(set(WITH_THE_HOUSE) - set(RULES)))
def test_a_rule_of_the_house_that_is_left_out_is_found_out(name: str) -> None:
    assert disagreements({kept: rule for kept, rule in WITH_THE_HOUSE.items() if kept != name})[0]
