"""How the stand-in misbehaves: by the number written to, or as ordered through its control address.

A number whose last eight digits are in NUMBER_MOODS is always treated so. Numbers ending in 9999-01NN
are accepted and end `undelivered` with error 300NN; those ending in 9999-0200 are never reported on.
"""

from dataclasses import dataclass

ERRORS = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    21211: (400, "Invalid 'To' Phone Number"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number provided is not a valid message-capable Twilio phone number."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
}


@dataclass(frozen=True, kw_only=True)
class Mood:
    """What happens to a create call: whether the message is accepted, and what is answered."""

    accepts: bool
    answer: str  # ok, error, slow, reset, html, no_sid, redirect, cut
    error: int = 0


MOODS = {
    "ok": Mood(accepts=True, answer="ok"),
    "slow": Mood(accepts=True, answer="slow"),
    "slow_lost": Mood(accepts=False, answer="slow"),
    "reset": Mood(accepts=True, answer="reset"),
    "reset_lost": Mood(accepts=False, answer="reset"),
    "html": Mood(accepts=False, answer="html"),
    "html_accepted": Mood(accepts=True, answer="html"),
    "no_sid": Mood(accepts=True, answer="no_sid"),
    "redirect": Mood(accepts=False, answer="redirect"),
    "cut": Mood(accepts=True, answer="cut"),
    "20500_accepted": Mood(accepts=True, answer="error", error=20500),
} | {str(code): Mood(accepts=False, answer="error", error=code) for code in ERRORS}

NUMBER_MOODS = {
    "99990001": "21211",
    "99990002": "21614",
    "99990003": "21610",
    "99990004": "20429",
    "99990005": "20503",
    "99990006": "20500_accepted",
    "99990007": "slow",
    "99990008": "reset",
    "99990009": "reset_lost",
    "99990010": "html",
    "99990011": "no_sid",
    "99990012": "redirect",
    "99990013": "cut",
    "99990014": "20003",
    "99990015": "21606",
}
UNREPORTED_ENDING = "99990200"


def fate_of(number: str) -> tuple[tuple[str, int | None], ...]:
    """Return the statuses, with their error codes, that a message to `number` will go through."""
    ending = number[-8:]
    if ending == UNREPORTED_ENDING:
        return ()
    if ending.startswith("999901"):
        return (("sent", None), ("undelivered", 30000 + int(ending[-2:])))
    return (("sent", None), ("delivered", None))
