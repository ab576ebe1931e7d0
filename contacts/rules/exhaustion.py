"""When a number has rung unanswered often enough to be left in peace for good."""

from collections.abc import Iterable
from typing import Any

#: Calls that rang and reached nobody.
UNANSWERED = frozenset({"no_answer", "voicemail"})
#: What never rang there, or has no end yet, says nothing of who would answer.
SAYS_NOTHING = frozenset({"", "failed"})
KEY = "exhausted_after_tries"
FEWEST = 3


def tries_allowed(policy: Any) -> int | None:
    """Return what a policy (its JSON) allows; None, or what cannot be read as a number, is any number.

    Never fewer than three: a number is given up for good, and a busy week is no silence.
    """
    tries = policy.get(KEY) if isinstance(policy, dict) else None
    return max(tries, FEWEST) if type(tries) is int else None


def is_exhausted(outcomes: Iterable[str], *, after_tries: int | None) -> bool:
    """Return whether the latest `after_tries` calls to a number in a row reached nobody; None is never.

    `outcomes` are those of the calls there and of what came from there, latest first, in the words of
    the contacts' outcomes. Whoever answered, or wrote to us from that number, ends the row: somebody
    is there.
    """
    if after_tries is None:
        return False
    return unanswered_in_a_row(outcomes) >= after_tries


def unanswered_in_a_row(outcomes: Iterable[str]) -> int:
    """Return how many of the latest calls in a row reached nobody."""
    tries = 0
    for outcome in outcomes:
        if outcome in UNANSWERED:
            tries += 1
        elif outcome not in SAYS_NOTHING:
            break
    return tries
