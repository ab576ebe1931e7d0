"""Which kinds of hold stop contact under a policy that was written before they were thought of."""

import pytest

from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.rules.hold_kinds import FIRST_KINDS, unheard_of
from contacts.rules.loosening import compare, loosened
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


KNOWN = {"channels": ["sms"], "holds_known": list(HoldKind.values), "holds_blocking": list(HoldKind.values)}


@pytest.mark.parametrize(
    ("base", "draft", "is_loosened"),
    [
        (KNOWN, KNOWN | {"holds_blocking": ["dispute"]}, True),
        (KNOWN | {"holds_blocking": ["dispute"]}, KNOWN, False),
        # a kind that is decided about for the first time, and let go on under, is let go on under
        ({"channels": ["sms"], "holds_blocking": ["dispute"]}, KNOWN | {"holds_blocking": ["dispute"]}, True),
        ({"channels": ["sms"]}, {"channels": ["sms"], "holds_known": sorted(FIRST_KINDS)}, False),
        (KNOWN | {"exhausted_after_tries": 5}, KNOWN | {"exhausted_after_tries": 6}, True),
        (KNOWN | {"exhausted_after_tries": 5}, KNOWN, True),
        (KNOWN | {"exhausted_after_tries": 5}, KNOWN | {"exhausted_after_tries": 4}, False),
        (KNOWN, KNOWN | {"exhausted_after_tries": 4}, False),
        (KNOWN | {"exhausted_after_tries": 1}, KNOWN | {"exhausted_after_tries": 3}, False),  # three is read
    ],
)
def test_letting_go_on_and_trying_longer_loosen(base, draft, is_loosened):
    assert bool(loosened(compare(base=base, draft=draft))) is is_loosened
