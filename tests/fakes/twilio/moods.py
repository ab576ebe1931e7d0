"""How the stand-in misbehaves: by the number written to, or as ordered through its control address.

A number whose last eight digits are in NUMBER_MOODS is always treated so. Numbers ending in 9999-01NN
are accepted and end `undelivered` with error 300NN; those ending in 9999-0200 are never reported on.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

ERRORS = {
    20001: (400, "Unknown parameters"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    20504: (400, "Upstream timed out"),
    21211: (400, "Invalid 'To' Phone Number"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number provided is not a valid message-capable Twilio phone number."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    63016: (400, "Failed to send freeform message because you are outside the allowed window"),
}


@dataclass(frozen=True, kw_only=True)
class Mood:
    """What happens to a create call: how often the message is accepted, and what is answered.

    Answers: ok, error (with Twilio's code), page (HTML), plain (a status and nothing Twilio's own),
    no_sid, not_json, redirect, cut (half of the body), cut_head (half of the headers), garbage (no
    HTTP at all), closed (no byte), reset, slow.
    """

    accepts: int
    answer: str
    error: int = 0
    status: int = 0  # 0: what is usual


MOODS = {
    "ok": Mood(accepts=1, answer="ok"),
    "ok_200": Mood(accepts=1, answer="ok", status=200),
    "created_202": Mood(accepts=1, answer="ok", status=202),
    "slow": Mood(accepts=1, answer="slow"),
    "slow_lost": Mood(accepts=0, answer="slow"),
    "reset": Mood(accepts=1, answer="reset"),
    "reset_lost": Mood(accepts=0, answer="reset"),
    "closed": Mood(accepts=1, answer="closed"),
    "closed_lost": Mood(accepts=0, answer="closed"),
    "garbage": Mood(accepts=1, answer="garbage"),
    "html": Mood(accepts=0, answer="page", status=502),
    "html_accepted": Mood(accepts=1, answer="page", status=502),
    "html_200": Mood(accepts=1, answer="page", status=200),
    "html_403": Mood(accepts=0, answer="page", status=403),
    "no_sid": Mood(accepts=1, answer="no_sid"),
    "not_json": Mood(accepts=1, answer="not_json"),
    "empty_201": Mood(accepts=1, answer="plain", status=201),
    "plain_400": Mood(accepts=0, answer="plain", status=400),
    "plain_429": Mood(accepts=0, answer="plain", status=429),
    "plain_500": Mood(accepts=0, answer="plain", status=500),
    "plain_500_accepted": Mood(accepts=1, answer="plain", status=500),
    "plain_503_accepted": Mood(accepts=1, answer="plain", status=503),
    "plain_504": Mood(accepts=0, answer="plain", status=504),
    "redirect": Mood(accepts=0, answer="redirect", status=307),
    "redirect_301": Mood(accepts=0, answer="redirect", status=301),
    "cut": Mood(accepts=1, answer="cut"),
    "cut_lost": Mood(accepts=0, answer="cut"),
    "cut_head": Mood(accepts=1, answer="cut_head"),
    "twice": Mood(accepts=2, answer="reset"),
    "20500_accepted": Mood(accepts=1, answer="error", error=20500),
    "20503_accepted": Mood(accepts=1, answer="error", error=20503),
    "20429_as_400": Mood(accepts=0, answer="error", error=20429, status=400),
    "21617_as_408": Mood(accepts=0, answer="error", error=21617, status=408),
} | {str(code): Mood(accepts=0, answer="error", error=code) for code in ERRORS}

#: Troubles of any day, some of which took the message and some not; for a long run.
TROUBLES = (
    "20503", "20500_accepted", "reset", "reset_lost", "closed", "closed_lost", "html", "html_accepted",
    "plain_500_accepted", "no_sid", "cut", "cut_head", "20429", "plain_504",
)  # fmt: skip


@dataclass(kw_only=True)
class Weather:
    """How often any create call meets a trouble, drawn by lot; `share` of 1.0 is always."""

    share: float = 0.0
    troubles: Sequence[str] = TROUBLES
    seed: int = 1
    lots: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.lots = random.Random(self.seed)

    def mood(self) -> str:
        return self.lots.choice(self.troubles) if self.lots.random() < self.share else ""


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
