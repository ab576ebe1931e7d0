"""When a sender rests because its provider does not answer well, and when it is tried again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

#: So many messages in a row without a definite answer, and the sender rests: within a minute, even
#: where each of them takes ten seconds to fail.
MOST_TROUBLES = 5
#: More messages of unclear fate than these, and than this share of all that were tried within
#: `UNCLEAR_WITHIN`, and the sender rests, whatever came in between.
MOST_UNCLEAR = 20
MOST_UNCLEAR_SHARE = 1 / 3
UNCLEAR_WITHIN = timedelta(minutes=10)
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=5)
#: Who is refused as such (a wrong token, no money left) will not be let in a moment later.
REST_WHEN_REFUSED = timedelta(minutes=15)


class Answer(StrEnum):
    """What a provider's answer to one message says of the provider."""

    DEFINITE = "definite"  # it took the message, or refused just this one
    UNREACHABLE = "unreachable"  # nothing left: no connection, or too many requests
    UNCLEAR = "unclear"  # it may have it or not
    REFUSES_US = "refuses_us"  # it would refuse every other message as well


@dataclass(frozen=True, slots=True)
class Circuit:
    """How a sender stands: troubles in a row, and until when it rests, and why. All at rest: it is well."""

    troubles: int = 0
    rests_until: datetime | None = None
    because: str = ""

    def is_resting(self, now: datetime) -> bool:
        """Whether nothing may be started by it."""
        return self.rests_until is not None and now < self.rests_until

    def is_on_trial(self, now: datetime) -> bool:
        """Whether its rest is over and no definite answer has come since: one message at a time."""
        return self.rests_until is not None and now >= self.rests_until


WELL = Circuit()


def is_mostly_unclear(*, unclear: int, tried: int) -> bool:
    """Return whether too many of the messages tried within `UNCLEAR_WITHIN` are of unclear fate."""
    return unclear > MOST_UNCLEAR and unclear > tried * MOST_UNCLEAR_SHARE


def after(circuit: Circuit, answer: Answer, *, now: datetime, mostly_unclear: bool = False) -> Circuit:
    """Return how a sender stands after an answer.

    A definite answer makes it well. Five troubles in a row let it rest for half a minute, or one
    where the answers of late were `mostly_unclear`; every further one after a rest doubles it, up
    to five minutes. Who is refused as such rests at once.
    An answer that comes while it rests belongs to a message sent before, and lengthens nothing.
    """
    if answer == Answer.DEFINITE:
        return WELL
    if answer == Answer.REFUSES_US:
        return Circuit(circuit.troubles + 1, now + REST_WHEN_REFUSED, answer)
    troubles = circuit.troubles + 1
    if circuit.is_resting(now):
        return circuit
    if troubles < MOST_TROUBLES and not mostly_unclear:
        return replace(circuit, troubles=troubles)
    rest = min(FIRST_REST * 2 ** min(max(troubles - MOST_TROUBLES, 0), 10), LONGEST_REST)
    return Circuit(troubles, now + rest, answer)
