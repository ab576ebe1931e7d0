"""Which kinds of hold stop contact under a policy that was written before they were thought of."""

import pytest

from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.rules.hold_kinds import not_binding, unheard_of
from contacts.vocabulary import HoldKind

LATER = {"fraud", "already_paid", "vulnerable", "over_indebted", "statute_barred"}


@pytest.mark.parametrize(
    ("policy", "kinds"),
    [
        ({}, LATER),
        ({"holds_known": None}, LATER),
        ({"holds_known": "all"}, LATER),
        ({"holds_known": [1]}, LATER),
        ({"holds_known": []}, set(HoldKind.values)),
        ({"holds_known": ["fraud", "dispute"]}, set(HoldKind.values) - {"fraud", "dispute"}),
        ({"holds_known": [*HoldKind.values, "of tomorrow"]}, set()),
        (DEFAULT_POLICY, set()),
    ],
)
def test_a_kind_nobody_decided_about_stops_contact(policy, kinds):
    assert unheard_of(policy) == kinds


def test_the_courteous_default_stops_contact_for_every_kind():
    assert set(DEFAULT_POLICY["holds_blocking"]) == set(HoldKind.values)


def test_what_a_manager_let_go_on_is_named():
    assert not_binding(["fraud", "dispute"], blocking=frozenset({"dispute"})) == {"fraud"}
