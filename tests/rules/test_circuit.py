"""A sender rests when its provider is in trouble, and is well again by one good answer."""

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.rules import circuit
from contacts.rules.circuit import LONGEST_REST, MOST_TROUBLES, WELL, Answer, Circuit, after

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TROUBLES = [Answer.UNREACHABLE, Answer.UNCLEAR]


def told(answers, *, stands=WELL, now=NOW):
    return reduce(lambda each, answer: after(each, answer, now=now), answers, stands)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_one_trouble_less_than_too_many_changes_nothing_yet(trouble):
    stands = told([trouble] * (MOST_TROUBLES - 1))

    assert not stands.is_resting(NOW)
    assert told([trouble], stands=stands).is_resting(NOW)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_sender_in_trouble_rests_for_half_a_minute_and_says_why(trouble):
    stands = told([trouble] * MOST_TROUBLES)

    assert (stands.rests_until, stands.because) == (NOW + timedelta(seconds=30), trouble)
    assert stands.is_resting(NOW + timedelta(seconds=29.9))
    assert stands.is_on_trial(NOW + timedelta(seconds=30))


def test_troubles_in_between_good_answers_are_nobodys_concern():
    answers = ([Answer.UNREACHABLE] * (MOST_TROUBLES - 1) + [Answer.DEFINITE]) * 5

    assert told(answers) == WELL


def test_each_trial_that_fails_doubles_the_rest_up_to_five_minutes():
    stands, now, rests = told([Answer.UNREACHABLE] * MOST_TROUBLES), NOW, []
    for _trial in range(6):
        rests.append((stands.rests_until - now).total_seconds())
        now = stands.rests_until
        stands = after(stands, Answer.UNREACHABLE, now=now)

    assert rests == [30, 60, 120, 240, 300, 300]


def test_an_answer_to_a_message_sent_before_lengthens_no_rest():
    stands = told([Answer.UNCLEAR] * MOST_TROUBLES)

    assert after(stands, Answer.UNCLEAR, now=NOW + timedelta(seconds=3)) == stands


def test_whoever_is_refused_as_such_rests_at_once_and_longer():
    stands = after(WELL, Answer.REFUSES_US, now=NOW)

    assert stands == Circuit(1, NOW + timedelta(minutes=15), Answer.REFUSES_US)


@given(st.lists(st.sampled_from(list(Answer)), max_size=40))
def test_one_definite_answer_makes_a_sender_well_whatever_went_before(answers):
    assert after(told(answers), Answer.DEFINITE, now=NOW) == WELL


@given(st.lists(st.tuples(st.sampled_from(list(Answer)), st.integers(0, 900)), max_size=60))
def test_no_rest_is_ever_longer_than_it_may_be(answers):
    stands, now = WELL, NOW
    for answer, seconds in answers:
        now += timedelta(seconds=seconds)
        stands = after(stands, answer, now=now)
        longest = circuit.REST_WHEN_REFUSED if stands.because == Answer.REFUSES_US else LONGEST_REST
        assert stands.rests_until is None or stands.rests_until - now <= longest


@pytest.mark.parametrize(
    ("unclear", "tried", "is_too_many"), [(20, 20, False), (21, 21, True), (21, 62, True), (21, 63, False)]
)
def test_too_many_answers_of_unclear_fate_are_more_than_twenty_and_a_third(unclear, tried, is_too_many):
    assert circuit.is_mostly_unclear(unclear=unclear, tried=tried) is is_too_many


def test_a_sender_whose_answers_are_mostly_unclear_rests_though_some_are_good():
    stands = after(WELL, Answer.UNCLEAR, now=NOW, mostly_unclear=True)

    assert stands == Circuit(1, NOW + timedelta(seconds=30), Answer.UNCLEAR)
