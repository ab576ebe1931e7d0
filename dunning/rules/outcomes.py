"""What follows from each thing a call may come to: one table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from contacts.rules import disclosure
from contacts.vocabulary import HoldKind, Outcome
from dunning.vocabulary import Disposition, Meaning

#: A little over a day, so that the next try falls on another time of day.
NEXT_DAY_LATER = timedelta(hours=26)
#: Unanswered calls after which the agents rest until the ladder asks for a call again.
MOST_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """What one disposition leads to.

    `contact_outcome` is the word the frequency caps count by. `try_again_after` is when agents
    are asked again; None leaves the next move to the ladder. A hold without `hold_for` lasts
    until a person lifts it. What `needs_confirmation` is said by the person himself, so that he must
    have been confirmed before.
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
    needs_confirmation: bool = False


FOLLOWS: Mapping[Disposition, Follows] = {
    Disposition.SPOKE: Follows(
        contact_outcome=Outcome.CONVERSATION, confirms_point=True, needs_confirmation=True
    ),
    Disposition.PROMISE: Follows(
        contact_outcome=Outcome.CONVERSATION,
        confirms_point=True,
        needs_confirmation=True,
        needs_promise=True,
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
        needs_confirmation=True,
        hold=HoldKind.ALREADY_PAID,
        hold_for=timedelta(days=5),
    ),
    Disposition.DISPUTE: Follows(
        contact_outcome=Outcome.CONVERSATION,
        confirms_point=True,
        needs_confirmation=True,
        hold=HoldKind.DISPUTE,
    ),
    Disposition.OPT_OUT: Follows(contact_outcome=Outcome.CONVERSATION, opts_out=True),
    Disposition.DECEASED: Follows(contact_outcome=Outcome.WRONG_PERSON, hold=HoldKind.DECEASED),
}


#: What protects a person: it can be called otherwise, but must stay within an agent's reach.
KEPT = frozenset(
    {
        Disposition.ALREADY_PAID,
        Disposition.THIRD_PARTY,
        Disposition.WRONG_PERSON,
        Disposition.DISPUTE,
        Disposition.OPT_OUT,
        Disposition.DECEASED,
    }
)
_MESSAGE = re.compile(r"\b(?:recados?|mensage(?:m|ns)|gravac(?:ao|oes)|message|messages|voice ?note)\b")
_NOTHING = re.compile(r"\b(?:sem|nada|nao|nenhum|nenhuma|no|not|nothing|without)\b")


def meanings(disposition: Disposition) -> frozenset[Meaning]:
    """Return what a disposition means, as its rule says: fixed, whatever the manager calls it."""
    follows = FOLLOWS[disposition]
    said = {
        Meaning.HUMAN: follows.contact_outcome not in (Outcome.NO_ANSWER, Outcome.VOICEMAIL),
        Meaning.RIGHT_PARTY: follows.confirms_point or follows.opts_out,
        Meaning.CONVERSATION: follows.contact_outcome == Outcome.CONVERSATION,
        Meaning.ATTEMPT: True,
        Meaning.UNANSWERED: follows.is_unanswered,
        Meaning.OPT_OUT: follows.opts_out,
        Meaning.WRONG_NUMBER: follows.retires_point,
        Meaning.HOLD: follows.hold is not None,
        Meaning.PROMISE: follows.needs_promise,
        Meaning.CALLBACK: follows.needs_callback,
    }
    return frozenset(meaning for meaning, is_so in said.items() if is_so)


def claims_a_message(name: str) -> bool:
    """Return whether a disposition's name says that something was left with somebody or on a machine.

    Nothing ever is (Consumer Code, Law 8.078/1990, art. 42), so nobody may record that.
    """
    plain = disclosure.plain(name)
    return bool(_MESSAGE.search(plain)) and not _NOTHING.search(plain)


def try_again_after(disposition: Disposition, *, tries: int) -> timedelta | None:
    """Return how long agents rest before the next call; None when the ladder has the next move.

    `tries` counts the unanswered calls in a row, this one included: after three the ladder takes
    over, so that nobody is rung for ever.
    """
    follows = FOLLOWS[disposition]
    if follows.is_unanswered and tries >= MOST_TRIES:
        return None
    return follows.try_again_after
