"""What may become of a contact point, and when a number has rung often enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules import exhaustion
from contacts.rules.default_policy import DEFAULT_POLICY
from debtors.rules.points import Known, after_retiring, gives_back, more_protected
from debtors.vocabulary import RETIRED_STATUSES, PointKind, PointStatus

OWN, HOME, WORK, OTHERS = PointKind.OWN, PointKind.HOME, PointKind.WORKPLACE, PointKind.THIRD_PARTY
NEW, VERIFIED = PointStatus.NEW, PointStatus.VERIFIED
WRONG, EXHAUSTED, LEFT_ALONE = PointStatus.WRONG_NUMBER, PointStatus.EXHAUSTED, PointStatus.DO_NOT_CONTACT

known = st.builds(Known, st.sampled_from(PointKind), st.sampled_from(PointStatus))


@pytest.mark.parametrize(
    ("before", "after", "is_given_back"),
    [
        (Known(OWN, NEW), Known(OWN, VERIFIED), False),
        (Known(OWN, VERIFIED), Known(OWN, WRONG), False),
        (Known(OWN, WRONG), Known(OWN, VERIFIED), True),
        (Known(OWN, WRONG), Known(OWN, NEW), True),
        (Known(OWN, EXHAUSTED), Known(OWN, NEW), True),
        (Known(OWN, WRONG), Known(OWN, EXHAUSTED), False),
        (Known(OWN, WRONG), Known(OWN, LEFT_ALONE), False),
        (Known(OWN, LEFT_ALONE), Known(OWN, WRONG), True),  # a wish is not exchanged for a mere fact
        (Known(OWN, LEFT_ALONE), Known(WORK, LEFT_ALONE), False),
        (Known(OWN, NEW), Known(WORK, NEW), False),
        (Known(WORK, NEW), Known(OTHERS, NEW), False),
        (Known(WORK, NEW), Known(OWN, NEW), True),
        (Known(OTHERS, NEW), Known(WORK, NEW), True),
        (Known(OTHERS, NEW), Known(HOME, NEW), True),
        (Known(HOME, NEW), Known(OWN, NEW), False),  # both are used alike
    ],
)
def test_what_takes_care_away_is_told_from_what_adds_it(before, after, is_given_back):
    assert gives_back(before, after) is is_given_back


@given(known)
def test_what_stays_as_it_is_gives_nothing_back(point):
    assert not gives_back(point, point)


@given(known, known, known)
def test_no_way_around_leads_back_to_use_without_being_told_so(first, second, third):
    if gives_back(first, third):
        assert gives_back(first, second) or gives_back(second, third)


@pytest.mark.parametrize("to", sorted(RETIRED_STATUSES))
def test_a_wish_to_be_left_alone_outlives_every_other_reason(to):
    assert after_retiring(LEFT_ALONE, to=to) == LEFT_ALONE
    assert after_retiring(VERIFIED, to=to) == to


@pytest.mark.parametrize("to", [NEW, VERIFIED])
def test_a_point_is_not_retired_into_use(to):
    with pytest.raises(ValueError, match="does not retire"):
        after_retiring(VERIFIED, to=to)


@given(st.sampled_from(PointKind), st.sampled_from(PointKind))
def test_of_two_opinions_the_more_careful_one_holds(one, other):
    assert more_protected(one, other) == more_protected(other, one)
    assert not gives_back(Known(one, NEW), Known(more_protected(one, other), NEW))


@pytest.mark.parametrize(
    ("outcomes", "is_exhausted"),
    [
        ([], False),
        (["no_answer", "no_answer"], False),
        (["no_answer", "voicemail", "no_answer"], True),
        (["no_answer", "voicemail", "no_answer", "conversation"], True),
        (["no_answer", "conversation", "no_answer", "no_answer"], False),
        (["conversation", "no_answer", "no_answer", "no_answer"], False),
        (["no_answer", "failed", "", "voicemail", "no_answer"], True),  # what never rang says nothing
        (["no_answer", "no_answer", "inbound", "no_answer"], False),  # somebody wrote from there
        (["no_answer", "no_answer", "wrong_person", "no_answer"], False),
        (["no_answer", "no_answer", "delivered", "no_answer"], False),
    ],
)
def test_three_calls_in_a_row_that_reach_nobody_exhaust_a_number(outcomes, is_exhausted):
    assert exhaustion.is_exhausted(outcomes, after_tries=3) is is_exhausted
    assert not exhaustion.is_exhausted(outcomes, after_tries=None)


@pytest.mark.parametrize(
    ("policy", "tries"),
    [
        ({"exhausted_after_tries": 5}, 5),
        ({"exhausted_after_tries": 1}, 3),
        ({"exhausted_after_tries": -4}, 3),
        ({"exhausted_after_tries": None}, None),
        ({"exhausted_after_tries": True}, None),
        ({"exhausted_after_tries": "7"}, None),
        ({}, None),
        (None, None),
        ("nonsense", None),
        (DEFAULT_POLICY, 12),
    ],
)
def test_the_manager_says_how_many_tries_and_never_fewer_than_three(policy, tries):
    assert exhaustion.tries_allowed(policy) == tries
