"""What follows from each disposition."""

from datetime import timedelta

import pytest

from contacts.vocabulary import HoldKind, Outcome
from dunning.rules.outcomes import FOLLOWS, try_again_after
from dunning.vocabulary import Disposition


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
