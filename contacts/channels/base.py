"""What every channel is given and what it may answer, whichever provider stands behind it."""

import math
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

LINE_BREAKERS = (
    "Cc",
    "Zl",
    "Zp",
)  # Unicode's control characters, line and paragraph separators


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of one attempt, ready to leave: nothing in it is decided any more.

    `to` is an E.164 number or an e-mail address. `sender` is who speaks: a name for e-mail, a
    number for SMS; empty means the channel's own. `valid_for_seconds` is how long a provider may
    keep it in a queue. `status_callback` is the address for delivery reports without its query;
    empty means the channel's own. `at` is the moment the attempt was admitted. `stop_url` and
    `not_me_url` are our own addresses for whoever wants no more of it, or is somebody else.
    `content_sid` is the provider's name for a text it approved, with its values by number.
    `agent_phone` rings first when the message is a call. `until` is when its permission ends, on the
    clock of `ticks`: what is not on its way by then stays here.
    """

    attempt_id: str
    to: str
    body: str
    at: datetime
    subject: str = ""
    sender: str = ""
    valid_for_seconds: int = 300
    status_callback: str = ""
    stop_url: str = ""
    not_me_url: str = ""
    content_sid: str = ""
    content_variables: Mapping[str, str] = field(default_factory=dict)
    agent_phone: str = ""
    until: float = math.inf


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The provider has it. `provider_id` is its own name for it, `queue_ms` how long a call waits there."""

    provider_id: str
    queue_ms: int = 0


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """The provider refused it for good. `stops_line` says that every other message would fail as well."""

    code: str
    detail: str = ""
    is_bad_address: bool = False
    is_opt_out: bool = False
    stops_line: bool = False


@dataclass(frozen=True, kw_only=True)
class NotSent:
    """It is certain that nothing left; it may be tried again, not before `retry_after_seconds`.

    `is_of_the_recipient` says that only this address asks for patience, not the provider.
    """

    reason: str
    retry_after_seconds: int = 60
    is_of_the_recipient: bool = False


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """It may have left or not: never repeated before the provider has shown that it does not have it."""

    reason: str


Result = Accepted | Rejected | NotSent | Unknown

#: What is said of a message whose permission ended while its sender stood still: it may be asked for anew.
STOOD_STILL = NotSent(reason="stood still", retry_after_seconds=0)


@dataclass(frozen=True, kw_only=True)
class Sought:
    """A message of unclear fate. It was handed over at `handed_at`, and left soon after or never.

    An empty `body` is one that we do not know any more: any text may be it.
    """

    attempt_id: str
    to: str
    body: str
    handed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What a provider shows of a sought message, by the provider's ids.

    `exact` are messages to the same address, of that time and with the same text; `similar` those
    whose text differs, which a person may have to tell apart. None of both: it does not have it.
    """

    exact: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Unclear:
    """The provider could not be asked, or what it shows says nothing yet."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class NoList:
    """This way out shows nobody what it took: no evidence will come from it."""


Evidence = Listed | Unclear | NoList


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One message that a provider has taken from us. `attempt_id` is ours, where the provider kept it."""

    provider_id: str
    to: str
    body: str
    at: datetime
    attempt_id: str = ""


class NoListError(Exception):
    """What a provider took cannot be listed: it does not answer now or, for good, shows nobody."""

    def __init__(self, reason: str, *, is_for_good: bool = False) -> None:
        super().__init__(reason)
        self.is_for_good = is_for_good


class Channel(Protocol):
    """One way out. `name` is the kind of contact (sms, email, …), `provider` who carries it."""

    @property
    def name(self) -> str:
        """The kind of contact it carries."""
        ...

    @property
    def provider(self) -> str:
        """Who carries it."""
        ...

    @property
    def patience_seconds(self) -> float:
        """How long after it was handed over a message may still leave; less than half the time to settle."""
        ...

    def send(self, message: Message) -> Result:
        """Hand the message over and say what is known. Never raises: what is not understood is Unknown."""
        ...

    def find(self, sought: Sought) -> Evidence:
        """Say what the provider shows of a message of unclear fate. Never raises."""
        ...

    def taken_since(self, moment: datetime) -> Sequence[Taken]:
        """Return all that the provider took from us since a moment, oldest first. Raises NoListError."""
        ...


def ticks() -> float:
    """Return seconds of a clock that never goes back, and goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def describe(error: BaseException) -> str:
    """Return the kind of an error for the record: never its text, which may quote the debtor's address."""
    return type(error).__name__


def is_one_line(texts: Sequence[str]) -> bool:
    """Say whether no text holds a control character or line break, so that none can add a header."""
    return not any(unicodedata.category(character) in LINE_BREAKERS for text in texts for character in text)
