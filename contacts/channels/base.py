"""What every channel is given and what it may answer, whichever provider stands behind it."""

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


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """The provider has it. `provider_id` is the provider's own name for it."""

    provider_id: str


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
    """It is certain that nothing left; it may be tried again, not before `retry_after_seconds`."""

    reason: str
    retry_after_seconds: int = 60


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """It may have left or not: never repeated before the provider has shown that it does not have it."""

    reason: str


Result = Accepted | Rejected | NotSent | Unknown


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

    def send(self, message: Message) -> Result:
        """Hand the message over and say what is known. Never raises: what is not understood is Unknown."""
        ...


def describe(error: BaseException) -> str:
    """Return the kind of an error for the record: never its text, which may quote the debtor's address."""
    return type(error).__name__


def is_one_line(texts: Sequence[str]) -> bool:
    """Say whether no text holds a control character or line break, so that none can add a header."""
    return not any(unicodedata.category(character) in LINE_BREAKERS for text in texts for character in text)
