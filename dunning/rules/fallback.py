"""By which other way a step may still speak when one failed: never after a refusal, which is final.

A step speaks by its own channel, else by its fallback, else by e-mail, else by letter. A way is left
because it leads nowhere (no address for it, or the message did not arrive), never because the
person or the policy said no.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contacts.vocabulary import Channel

#: Ways a message may take when neither the step's channel nor its fallback leads anywhere.
LAST_RESORTS = (Channel.EMAIL, Channel.LETTER)
#: A message is tried so often at most: at two numbers, by e-mail, by letter.
MOST_TRIES = 4


class End(StrEnum):
    """What became of one try: it may reach or has reached somebody, did not arrive, or never left."""

    ALIVE = "alive"
    FAILED = "failed"
    NEVER_LEFT = "never_left"


@dataclass(frozen=True, slots=True)
class Try:
    """One contact by which a step's message was tried."""

    channel: str
    end: End


def ways(
    *, own: str, other: str, is_message: bool, is_reminder: bool, switched_on: Collection[str]
) -> tuple[str, ...]:
    """Return the channels of a step, best first: its own, its fallback, then e-mail and letter.

    The last two are for messages, and only where the policy switches them on; a call that cannot be
    made is not written instead, and a reminder of a day to come would arrive by letter after it.
    What the ladder names stays in it.
    """
    last = [each for each in LAST_RESORTS if is_message and each in switched_on]
    if is_reminder:
        last = [each for each in last if each != Channel.LETTER]
    return tuple(dict.fromkeys(each for each in (own, other, *last) if each))


def ways_after_failure(
    ways: Sequence[str], *, tries: Sequence[Try], has_lost_address: bool, is_refused: bool
) -> tuple[str, ...]:
    """Return by which of a step's ways the message may still go, best first; `tries` oldest first.

    None while any try may still reach her or has done so, none where she refused, and none after
    MOST_TRIES. A way that failed is not taken again, unless the last failure took only its address
    out of use (`has_lost_address`): then the same way may lead to another one.
    """
    is_over = bool(tries) and all(each.end != End.ALIVE for each in tries)
    if is_refused or not is_over or len(tries) >= MOST_TRIES:
        return ()
    failed = {each.channel for each in tries if each.end == End.FAILED}
    again = tries[-1].channel if has_lost_address else ""
    return tuple(each for each in ways if each not in failed or each == again)
