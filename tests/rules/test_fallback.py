"""By which other way a message may go that did not arrive, and when there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.vocabulary import Channel
from dunning.rules.fallback import MOST_TRIES, End, Try, ways, ways_after_failure

ALL = frozenset(Channel.values)
ALIVE, FAILED, NEVER_LEFT = End.ALIVE, End.FAILED, End.NEVER_LEFT
WAYS = ("sms", "email", "letter")
channels = st.sampled_from(Channel.values)
tries = st.lists(st.builds(Try, channels, st.sampled_from(End)), max_size=6)


@pytest.mark.parametrize(
    ("own", "other", "is_message", "switched_on", "expected"),
    [
        ("sms", "", True, ALL, ("sms", "email", "letter")),
        ("sms", "email", True, ALL, ("sms", "email", "letter")),
        ("email", "sms", True, ALL, ("email", "sms", "letter")),
        ("letter", "", True, ALL, ("letter", "email")),
        ("sms", "", True, {"sms"}, ("sms",)),
        ("sms", "letter", True, {"sms"}, ("sms", "letter")),  # what the ladder names stays in it
        ("voice", "", False, ALL, ("voice",)),
        ("voice", "sms", False, ALL, ("voice", "sms")),
    ],
)
def test_a_steps_own_ways_come_first_then_e_mail_and_letter(own, other, is_message, switched_on, expected):
    found = ways(own=own, other=other, is_message=is_message, is_reminder=False, switched_on=switched_on)

    assert found == expected


@pytest.mark.parametrize(("own", "expected"), [("sms", ("sms", "email")), ("letter", ("letter", "email"))])
def test_a_reminder_of_a_day_to_come_is_no_letter_unless_the_ladder_says_so(own, expected):
    assert ways(own=own, other="", is_message=True, is_reminder=True, switched_on=ALL) == expected


@pytest.mark.parametrize(
    ("tried", "has_lost_address", "expected"),
    [
        ([("sms", FAILED)], False, ("email", "letter")),
        ([("sms", FAILED)], True, ("sms", "email", "letter")),
        ([("sms", FAILED), ("email", FAILED)], False, ("letter",)),
        ([("sms", FAILED), ("email", FAILED)], True, ("email", "letter")),
        ([("sms", FAILED), ("sms", FAILED), ("email", FAILED)], False, ("letter",)),
        ([("sms", FAILED), ("email", FAILED), ("letter", FAILED)], False, ()),
        ([("sms", NEVER_LEFT), ("sms", FAILED)], False, ("email", "letter")),
        ([("sms", FAILED), ("email", ALIVE)], True, ()),
        ([("sms", ALIVE)], True, ()),
        ([], True, ()),
        ([("sms", FAILED)] * MOST_TRIES, True, ()),
        ([("sms", FAILED)] * (MOST_TRIES - 1), True, ("sms", "email", "letter")),
    ],
)
def test_a_way_is_taken_once_but_for_another_address(tried, has_lost_address, expected):
    found = ways_after_failure(
        WAYS,
        tries=[Try(*each) for each in tried],
        has_lost_address=has_lost_address,
        is_refused=False,
    )

    assert found == expected


@given(tries=tries, has_lost_address=st.booleans())
def test_where_she_refused_there_is_no_other_way(tries, has_lost_address):
    assert ways_after_failure(WAYS, tries=tries, has_lost_address=has_lost_address, is_refused=True) == ()


@given(tries=tries.filter(lambda tries: any(each.end == ALIVE for each in tries)), lost=st.booleans())
def test_while_a_try_may_reach_her_there_is_no_other_one(tries, lost):
    assert ways_after_failure(WAYS, tries=tries, has_lost_address=lost, is_refused=False) == ()


@given(
    own=channels,
    other=st.sampled_from([*Channel.values, ""]),
    ends=st.lists(st.tuples(st.sampled_from(End), st.booleans(), st.booleans()), min_size=1, max_size=12),
)
def test_whatever_becomes_of_its_tries_a_step_says_its_message_once_at_most(own, other, ends):
    every = ways(own=own, other=other, is_message=True, is_reminder=False, switched_on=ALL)
    made = [Try(own, ends[0][0])]

    for end, has_lost_address, is_refused in ends:
        left = ways_after_failure(every, tries=made, has_lost_address=has_lost_address, is_refused=is_refused)
        if left:
            assert not is_refused
            made.append(Try(left[0], end))

    assert len(made) <= MOST_TRIES
    assert sum(each.end == ALIVE for each in made) <= 1
    assert {each.channel for each in made} <= set(every)
