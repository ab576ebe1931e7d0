"""Two data items confirm a person; what is asked shows no number as a whole."""

from datetime import date

import pytest

from dunning.rules.confirmation import Person, is_enough, questions

FULL = Person(
    full_name="Ana Beatriz Moraes",
    tax_id="52998224725",
    birth_date=date(1984, 3, 7),
    cities=["Campinas", "Campinas", ""],
    postal_codes=["13015904"],
)
BARE = Person(full_name="Mercado Bom Preço Ltda", tax_id="11222333000181")


def test_parts_of_what_is_known_are_asked_for_best_first():
    assert [(str(each.item), each.answer) for each in questions(FULL)] == [
        ("birthday", "07/03"),
        ("tax_id", "725"),
        ("city", "Campinas"),
        ("postal_code", "904"),
    ]


def test_where_too_little_is_known_the_full_name_is_asked_for():
    assert [(str(each.item), each.answer) for each in questions(BARE)] == [
        ("tax_id", "181"),
        ("full_name", "Mercado Bom Preço Ltda"),
    ]


@pytest.mark.parametrize(
    ("person", "matched", "is_confirmed"),
    [
        (FULL, ["birthday", "tax_id"], True),
        (FULL, ["city", "postal_code", "tax_id"], True),
        (FULL, ["birthday"], False),
        (FULL, ["birthday", "birthday"], False),
        (FULL, ["birthday", "full_name"], False),  # the agent said the name himself
        (FULL, ["birthday", "nonsense"], False),
        (FULL, [], False),
        (BARE, ["tax_id", "full_name"], True),
        (BARE, ["tax_id", "birthday"], False),  # not known, so it cannot have matched
    ],
)
def test_two_different_items_that_could_be_asked_are_enough(person, matched, is_confirmed):
    assert is_enough(matched, person=person) == is_confirmed
