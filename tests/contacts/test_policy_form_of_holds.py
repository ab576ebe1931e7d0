"""The policy form asks about every kind of hold, and after how many calls a number is left in peace."""

import pytest

from contacts.forms.policy import PolicyForm, initial_from
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.vocabulary import HoldKind

FIRST_DECIDED = {"dispute", "fraud", "already_paid", "vulnerable", "over_indebted", "statute_barred"}


def as_typed(**changes):
    return initial_from(DEFAULT_POLICY) | {"note": "Teste", "revision": 1} | changes


def test_every_kind_of_hold_is_asked_about_and_known_from_then_on():
    base = DEFAULT_POLICY | {"holds_blocking": ["dispute"]}
    del base["holds_known"]
    assert set(initial_from(base)["holds_blocking"]) == FIRST_DECIDED

    form = PolicyForm(as_typed(holds_blocking=["dispute"]), base=base)

    assert form.is_valid(), form.errors
    assert form.terms["holds_blocking"] == ["dispute"]
    assert set(form.terms["holds_known"]) == set(HoldKind.values)


@pytest.mark.parametrize(("typed", "tries"), [("5", 5), ("", None)])
def test_a_manager_says_after_how_many_calls_a_number_is_left_in_peace(typed, tries):
    form = PolicyForm(as_typed(exhausted_after_tries=typed), base=DEFAULT_POLICY)

    assert form.is_valid(), form.errors
    assert form.terms["exhausted_after_tries"] == tries


def test_two_calls_are_too_few_to_give_a_number_up():
    form = PolicyForm(as_typed(exhausted_after_tries="2"), base=DEFAULT_POLICY)

    assert list(form.errors) == ["exhausted_after_tries"]


def test_a_form_left_as_it_is_changes_nothing():
    form = PolicyForm(as_typed(), base=DEFAULT_POLICY)

    assert form.is_valid(), form.errors
    assert {key: set(form.terms[key]) for key in ("holds_blocking", "holds_known")} == {
        key: set(DEFAULT_POLICY[key]) for key in ("holds_blocking", "holds_known")
    }
    assert form.terms["exhausted_after_tries"] == DEFAULT_POLICY["exhausted_after_tries"]
