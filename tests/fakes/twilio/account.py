"""What the stand-in knows: its account, the messages it accepted, who opted out, and how it will behave."""

import json
import os
import threading
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from tests.fakes.twilio import whatsapp
from tests.fakes.twilio.moods import Weather

STOP_WORDS = frozenset(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"])
START_WORDS = frozenset(["START", "YES", "UNSTOP"])


@dataclass(kw_only=True)
class StoredMessage:
    """One accepted or received message, as the API shows it."""

    sid: str
    fields: dict[str, str]  # the form fields it was created with
    direction: str
    status: str
    created_at: datetime
    error_code: int | None = None
    sent_at: datetime | None = None
    text: str = ""  # of a message that was created by its ContentSid

    def as_json(self, *, account_sid: str) -> dict[str, object]:
        uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{self.sid}"
        return {
            "account_sid": account_sid,
            "api_version": "2010-04-01",
            "body": self.text or self.fields.get("Body", ""),
            "date_created": format_datetime(self.created_at),
            "date_sent": format_datetime(self.sent_at) if self.sent_at else None,
            "date_updated": format_datetime(self.sent_at or self.created_at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.fields.get("From"),
            "messaging_service_sid": self.fields.get("MessagingServiceSid"),
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.fields["To"],
            "uri": f"{uri}.json",
        }


@dataclass(kw_only=True)
class Account:
    """One account at the stand-in. Everything that changes is changed under `lock`."""

    account_sid: str
    auth_token: str
    log: Path | None = None
    callback_base: str = ""  # where callbacks really go; they are signed for the address asked for
    callback_delay_seconds: float = 0.05
    callback_repeat: int = 1
    callback_share: float = 1.0  # of the messages; of the others nothing is ever reported
    forged_share: float = 0.0  # of the reports; before each of them somebody tries one with a bad signature
    is_shuffled: bool = False
    list_lag_seconds: float = 0.0  # how long an accepted message is missing from the list
    is_list_broken: bool = False
    weather: Weather = field(default_factory=Weather)
    slow_seconds: float = 30.0
    inbound_url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)
    messages: dict[str, StoredMessage] = field(default_factory=dict)
    by_number: dict[str, list[StoredMessage]] = field(default_factory=dict)
    blocked: set[tuple[str, str]] = field(default_factory=set)  # (their number, our sender)
    misshapen: list[str] = field(default_factory=list)  # requests that Twilio's description does not know
    forgeries: list[int] = field(default_factory=list)  # what each forged report was answered
    next_moods: deque[str] = field(default_factory=deque)
    contents: dict[str, str] = field(default_factory=dict)  # approved WhatsApp texts by ContentSid
    transport: Callable[[str, dict[str, str], str], Any] | None = None  # for HTTP: address, form, signature

    def accept(self, fields: dict[str, str]) -> StoredMessage:
        """Take a message for delivery, and write it to the log before anybody is told."""
        through_service = "MessagingServiceSid" in fields
        message = StoredMessage(
            sid=f"SM{uuid.uuid4().hex}",
            fields=fields,
            direction="outbound-api",
            status="accepted" if through_service else "queued",
            created_at=datetime.now(UTC),
            text=whatsapp.filled(self.contents, fields),
        )
        with self.lock:
            self._keep(message)
            self._write({"sid": message.sid, "at": message.created_at.isoformat()} | fields)
        return message

    def receive(self, *, sender: str, to: str, body: str) -> StoredMessage:
        """Take a message from somebody's telephone; the stop words block our sender, as at Twilio."""
        word = body.strip().upper()
        message = StoredMessage(
            sid=f"SM{uuid.uuid4().hex}",
            fields={"From": sender, "To": to, "Body": body},
            direction="inbound",
            status="received",
            created_at=datetime.now(UTC),
        )
        with self.lock:
            self._keep(message)
            if word in STOP_WORDS:
                self.blocked.add((sender, to))
            elif word in START_WORDS:
                self.blocked.discard((sender, to))
        return message

    def move(self, message: StoredMessage, *, status: str, error_code: int | None = None) -> None:
        with self.lock:
            message.status, message.error_code = status, error_code
            if status == "sent":
                message.sent_at = datetime.now(UTC)

    def listed(self, *, to: str, sender: str, lag_seconds: float = 0.0) -> list[StoredMessage]:
        """Return messages newest first, filtered as the API does, without those that are too new for it."""
        shown_until = datetime.now(UTC) - timedelta(seconds=lag_seconds)
        with self.lock:
            newest_first = list(reversed(self.by_number.get(to, []) if to else self.messages.values()))
        return [
            m for m in newest_first if sender in ("", m.fields.get("From")) and m.created_at <= shown_until
        ]

    def draw_mood(self) -> str:
        with self.lock:
            return self.weather.mood()

    def take_mood(self) -> str:
        with self.lock:
            return self.next_moods.popleft() if self.next_moods else ""

    def has_blocked(self, *, to: str, sender: str) -> bool:
        with self.lock:
            return (to, sender) in self.blocked

    def _keep(self, message: StoredMessage) -> None:
        self.messages[message.sid] = message
        self.by_number.setdefault(message.fields["To"], []).append(message)

    def _write(self, record: dict[str, str]) -> None:
        if self.log is None:
            return
        handle = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, (json.dumps(record, ensure_ascii=False) + "\n").encode())
        finally:
            os.close(handle)


def page_of(
    found: Sequence[StoredMessage], *, account: Account, path: str, query: Mapping[str, str]
) -> dict[str, object]:
    """Return one page of a list as the API shows it, with the address of the next."""
    size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))
    shown = found[page * size : (page + 1) * size]
    kept = "".join(f"&{name}={query[name].replace('+', '%2B')}" for name in ("To", "From") if name in query)
    has_more = len(found) > (page + 1) * size
    return {
        "messages": [message.as_json(account_sid=account.account_sid) for message in shown],
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(len(shown) - 1, 0),
        "uri": f"{path}?PageSize={size}&Page={page}{kept}",
        "first_page_uri": f"{path}?PageSize={size}&Page=0{kept}",
        "next_page_uri": f"{path}?PageSize={size}&Page={page + 1}{kept}" if has_more else None,
        "previous_page_uri": None,
    }
