"""What follows from each disposition."""

from datetime import timedelta

import pytest

from contacts.vocabulary import HoldKind, Outcome
from dunning.rules import default_script
from dunning.rules.outcomes import FOLLOWS, KEPT, claims_a_message, meanings, try_again_after
from dunning.vocabulary import Disposition, Meaning


def test_every_disposition_says_what_follows():
    assert set(FOLLOWS) == set(Disposition)


@pytest.mark.parametrize(
    ("disposition", "tries", "after"),
    [
        (Disposition.NO_ANSWER, 1, timedelta(hours=26)),
        (Disposition.NO_ANSWER, 2, timedelta(hours=26)),
        (Disposition.NO_ANSWER, 3, None),
        (Disposition.BUSY, 1, timedelta(hours=2)),
        (Disposition.VOICEMAIL, 3, None),
        (Disposition.WRONG_PERSON, 5, timedelta(0)),
        (Disposition.SPOKE, 1, None),
        (Disposition.OPT_OUT, 1, None),
    ],
)
def test_nobody_is_rung_for_ever(disposition, tries, after):
    assert try_again_after(disposition, tries=tries) == after


def test_a_machine_is_never_a_conversation():
    assert FOLLOWS[Disposition.VOICEMAIL].contact_outcome == Outcome.VOICEMAIL


@pytest.mark.parametrize(
    ("disposition", "hold", "lasts"),
    [
        (Disposition.DISPUTE, HoldKind.DISPUTE, None),
        (Disposition.DECEASED, HoldKind.DECEASED, None),
        (Disposition.ALREADY_PAID, HoldKind.ALREADY_PAID, timedelta(days=5)),
    ],
)
def test_what_must_rest_rests(disposition, hold, lasts):
    assert (FOLLOWS[disposition].hold, FOLLOWS[disposition].hold_for) == (hold, lasts)


@pytest.mark.parametrize(
    ("disposition", "meant"),
    [
        (Disposition.PROMISE, {"human", "right_party", "conversation", "attempt", "promise"}),
        (Disposition.CALLBACK, {"human", "right_party", "attempt", "callback"}),
        (Disposition.VOICEMAIL, {"attempt", "unanswered"}),
        (Disposition.THIRD_PARTY, {"human", "attempt", "unanswered"}),
        (Disposition.WRONG_PERSON, {"human", "attempt", "wrong_number"}),
        (Disposition.OPT_OUT, {"human", "right_party", "conversation", "attempt", "opt_out"}),
        (Disposition.DECEASED, {"human", "attempt", "hold"}),
    ],
)
def test_what_a_disposition_means_follows_from_its_rule(disposition, meant):
    assert {str(each) for each in meanings(disposition)} == meant


def test_what_only_the_person_can_say_is_a_conversation_with_him():
    for disposition, follows in FOLLOWS.items():
        if follows.needs_confirmation:
            assert {Meaning.RIGHT_PARTY, Meaning.CONVERSATION} <= meanings(disposition)


def test_what_protects_people_is_kept():
    protecting = {Meaning.OPT_OUT, Meaning.WRONG_NUMBER, Meaning.HOLD}

    assert {each for each in Disposition if meanings(each) & protecting} <= KEPT


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("Recado deixado", True),
        ("Deixei mensagem com a esposa", True),
        ("Left a message", True),
        ("Caixa postal, sem recado", False),
        ("Voicemail, nothing left: no message", False),
        ("Não quis se identificar", False),
    ],
)
def test_no_name_may_say_that_a_message_was_left(name, claims):
    assert claims_a_message(name) == claims


def test_every_disposition_is_shipped_once_under_a_name_that_claims_nothing():
    assert [meaning for meaning, _name, _english in default_script.OUTCOMES] == list(
        dict.fromkeys(meaning for meaning, _name, _english in default_script.OUTCOMES)
    )
    assert {meaning for meaning, _name, _english in default_script.OUTCOMES} == set(Disposition)
    assert not any(claims_a_message(name) for _meaning, *names in default_script.OUTCOMES for name in names)
