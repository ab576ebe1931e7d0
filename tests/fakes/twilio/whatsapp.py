"""What the stand-in knows of WhatsApp: approved texts by their ContentSid, and the day after somebody's word.

Words of one's own outside that day are taken, as at Twilio, and end `undelivered` with error 63016.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the account holds these texts
    from tests.fakes.twilio.account import Account, StoredMessage

PREFIX = "whatsapp:"
DAY = timedelta(hours=24)
CONTENT_SID = re.compile(r"HX[0-9a-f]{32}")


def number_of(address: str) -> str:
    return address.removeprefix(PREFIX)


def is_approved(fields: dict[str, str]) -> bool:
    """Return whether a create call names an approved text, with variables that are a JSON object of texts."""
    if not CONTENT_SID.fullmatch(fields.get("ContentSid", "")):
        return False
    try:
        values = json.loads(fields.get("ContentVariables", "{}"))
    except ValueError:
        return False
    return isinstance(values, dict) and all(
        name.isdigit() and isinstance(value, str) and value and "\n" not in value
        for name, value in values.items()
    )


def filled(contents: dict[str, str], fields: dict[str, str]) -> str:
    """Return the words of a message that was created by its ContentSid; empty for any other."""
    text = contents.get(fields.get("ContentSid", ""), "")
    values = json.loads(fields.get("ContentVariables") or "{}")
    return re.sub(r"\{\{(\d+)\}\}", lambda found: values.get(found[1], ""), text)


def fate_of(account: Account, message: StoredMessage) -> tuple[tuple[str, int | None], ...]:
    """Return the end of words of one's own outside the day; nothing for every other message."""
    to = message.fields["To"]
    if not to.startswith(PREFIX) or message.fields.get("ContentSid"):
        return ()
    with account.lock:
        heard = [
            each.created_at
            for each in account.messages.values()
            if each.direction == "inbound" and each.fields["From"] == to
        ]
    is_open = any(message.created_at - moment < DAY for moment in heard)
    return () if is_open else (("sent", None), ("undelivered", 63016))
