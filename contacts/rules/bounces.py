"""Reads what mail servers send back: that a mail could not be delivered, or that it was called unwanted.

Delivery reports are RFC 3464 (status codes RFC 3463), complaints RFC 5965. Which of our mails is
meant is said by the Message-ID in the part of it that came back.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message

#: Codes that say the address itself is the trouble, and not its mailbox, its server or us.
BAD_ADDRESS = re.compile(r"5\.1\.(?:0|1|2|3|6|10)|5\.2\.1|5\.4\.4")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_ADDRESS = re.compile(r"[^\s<>;,]+@[^\s<>;,]+")
_MESSAGE_ID = re.compile(r"<[^\s<>]+@[^\s<>]+>")
MOST_PARTS = 50


@dataclass(frozen=True, kw_only=True)
class Bounce:
    """One mail that came back for one recipient. `status` is the code; "complaint" when called unwanted."""

    message_id: str
    recipient: str
    status: str

    @property
    def is_bad_address(self) -> bool:
        """Whether nobody can be reached at the address, today or later."""
        return bool(BAD_ADDRESS.fullmatch(self.status))

    @property
    def is_complaint(self) -> bool:
        """Whether the recipient told his provider that he does not want such mail."""
        return self.status == "complaint"


def bounces_in(raw: bytes) -> tuple[Bounce, ...]:
    """Return the final failures a mail reports, one for each recipient; none for any other mail.

    A delay is no failure, and a report that does not hold our Message-ID tells us nothing.
    """
    mail = message_from_bytes(raw)
    if mail.get_content_type() != "multipart/report":
        return ()
    parts = [part for part, _number in zip(mail.walk(), range(MOST_PARTS), strict=False)]
    message_id = next(filter(None, map(_original_id, parts)), "")
    if not message_id:
        return ()
    found = dict.fromkeys(pair for part in parts for pair in _failures(part))
    return tuple(
        Bounce(message_id=message_id, recipient=recipient, status=status) for recipient, status in found
    )


def _original_id(part: Message) -> str:
    """Return the Message-ID of the mail that came back, from the part that holds it or its headers."""
    payload = part.get_payload()
    kind = part.get_content_type()
    if kind == "message/rfc822" and isinstance(payload, list) and payload:
        return _named(payload[0])
    if kind == "text/rfc822-headers" and isinstance(payload, str):
        return _named(message_from_string(payload))
    return ""


def _named(original: Message | str) -> str:
    text = "" if isinstance(original, str) else str(original.get("Message-ID", ""))
    found = _MESSAGE_ID.search(text)
    return found.group() if found else ""


def _failures(part: Message) -> Iterator[tuple[str, str]]:
    """Yield recipient and code of each final failure in a part."""
    payload = part.get_payload()
    groups = [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
    if part.get_content_type() == "message/delivery-status":
        for group in groups:
            yield from _failure(group)
    elif part.get_content_type() == "message/feedback-report":
        for group in groups:
            if recipient := _address(str(group.get("Original-Rcpt-To", ""))):
                yield recipient, "complaint"


def _failure(group: Message) -> Iterator[tuple[str, str]]:
    status = _STATUS.search(str(group.get("Status", "")))
    is_final = str(group.get("Action", "")).strip().lower() == "failed"
    recipient = _address(str(group.get("Original-Recipient", "") or group.get("Final-Recipient", "")))
    if is_final and status and status.group().startswith("5") and recipient:
        yield recipient, status.group()


def _address(text: str) -> str:
    """Return the address in `rfc822; <maria@example.com>`, in lower case; empty where there is none."""
    found = _ADDRESS.search(text.partition(";")[2] or text)
    return found.group().lower() if found else ""
