"""What follows from each thing a call may come to: one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from contacts.vocabulary import HoldKind, Outcome
from dunning.vocabulary import Disposition

#: A little over a day, so that the next try falls on another time of day.
NEXT_DAY_LATER = timedelta(hours=26)
#: Unanswered calls after which the agents rest until the ladder asks for a call again.
MOST_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """What one disposition leads to.

    `contact_outcome` is the word the frequency caps count by. `try_again_after` is when agents
    are asked again; None leaves the next move to the ladder. A hold without `hold_for` lasts
    until a person lifts it.
    """

    contact_outcome: Outcome
    try_again_after: timedelta | None = None
    is_unanswered: bool = False
    hold: HoldKind | None = None
    hold_for: timedelta | None = None
    needs_promise: bool = False
    needs_callback: bool = False
    opts_out: bool = False
    confirms_point: bool = False
    retires_point: bool = False


FOLLOWS: Mapping[Disposition, Follows] = {
    Disposition.SPOKE: Follows(contact_outcome=Outcome.CONVERSATION, confirms_point=True),
    Disposition.PROMISE: Follows(
        contact_outcome=Outcome.CONVERSATION, confirms_point=True, needs_promise=True
    ),
    # Reached, but there was no conversation: it counts for the caps and asks for no cool-off.
    Disposition.CALLBACK: Follows(
        contact_outcome=Outcome.DELIVERED, confirms_point=True, needs_callback=True
    ),
    Disposition.NO_ANSWER: Follows(
        contact_outcome=Outcome.NO_ANSWER, try_again_after=NEXT_DAY_LATER, is_unanswered=True
    ),
    Disposition.BUSY: Follows(
        contact_outcome=Outcome.NO_ANSWER, try_again_after=timedelta(hours=2), is_unanswered=True
    ),
    Disposition.VOICEMAIL: Follows(
        contact_outcome=Outcome.VOICEMAIL, try_again_after=NEXT_DAY_LATER, is_unanswered=True
    ),
    # The next best number may be tried as soon as the gate permits.
    Disposition.WRONG_PERSON: Follows(
        contact_outcome=Outcome.WRONG_PERSON, try_again_after=timedelta(0), retires_point=True
    ),
    Disposition.THIRD_PARTY: Follows(
        contact_outcome=Outcome.WRONG_PERSON, try_again_after=NEXT_DAY_LATER, is_unanswered=True
    ),
    # Money under way needs some days to arrive: boletos clear on the next working day.
    Disposition.ALREADY_PAID: Follows(
        contact_outcome=Outcome.CONVERSATION,
        confirms_point=True,
        hold=HoldKind.ALREADY_PAID,
        hold_for=timedelta(days=5),
    ),
    Disposition.DISPUTE: Follows(
        contact_outcome=Outcome.CONVERSATION, confirms_point=True, hold=HoldKind.DISPUTE
    ),
    Disposition.OPT_OUT: Follows(contact_outcome=Outcome.CONVERSATION, opts_out=True),
    Disposition.DECEASED: Follows(contact_outcome=Outcome.WRONG_PERSON, hold=HoldKind.DECEASED),
}


def try_again_after(disposition: Disposition, *, tries: int) -> timedelta | None:
    """Return how long agents rest before the next call; None when the ladder has the next move.

    `tries` counts the unanswered calls in a row, this one included: after three the ladder takes
    over, so that nobody is rung for ever.
    """
    follows = FOLLOWS[disposition]
    if follows.is_unanswered and tries >= MOST_TRIES:
        return None
    return follows.try_again_after
