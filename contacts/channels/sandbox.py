"""A real channel that keeps every message in a file instead of sending it, and can play a moody provider.

Some addresses always get the same answer, as a provider's test numbers do; any other is accepted:

| a number ending in | an address at          | answer                                           |
| ------------------ | ---------------------- | ------------------------------------------------ |
| 9999-0001          | `bad.example`          | rejected: no such address                        |
| 9999-0002          | `unknown.example`      | unknown: it was taken, but the answer got lost   |
| 9999-0003          | `optout.example`       | rejected: the recipient has opted out            |
| 9999-0004          | `later.example`        | not sent: too many requests, try later           |
| 9999-0005          | `lost.example`         | unknown: it was never taken                      |
| 9999-0006          | `refused.example`      | rejected: refused by the network                 |
"""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from contacts import failpoints
from contacts.channels.base import (
    STOOD_STILL,
    Accepted,
    Evidence,
    Listed,
    Message,
    NotSent,
    Rejected,
    Result,
    Sought,
    Taken,
    Unclear,
    Unknown,
    describe,
    ticks,
)

BLOCK_BYTES = 64 * 1024
#: How far the file's order may stray from that of the admissions.
DISORDER = timedelta(hours=1)

PLAYED: dict[str, Result] = {
    "bad": Rejected(code="sandbox-bad", detail="no such address", is_bad_address=True),
    "unknown": Unknown(reason="sandbox: taken, the answer was lost"),
    "optout": Rejected(code="sandbox-optout", detail="the recipient has opted out", is_opt_out=True),
    "later": NotSent(reason="sandbox: too many requests", retry_after_seconds=60),
    "lost": Unknown(reason="sandbox: never taken, no answer"),
    "refused": Rejected(code="sandbox-refused", detail="refused by the network"),
}
NUMBER_ENDINGS = {
    "99990001": "bad",
    "99990002": "unknown",
    "99990003": "optout",
    "99990004": "later",
    "99990005": "lost",
    "99990006": "refused",
}
KEPT = ("unknown",)  # besides what is accepted: the played provider did take these


@dataclass(frozen=True, kw_only=True)
class KeptMessage:
    """One message the sandbox took. `at` is the moment its attempt was admitted."""

    at: datetime
    attempt_id: str
    channel: str
    to: str
    sender: str
    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class SandboxChannel:
    """Takes messages of one kind into the file at `path`, which several processes may share."""

    name: str
    path: Path
    provider: str = "sandbox"
    patience_seconds: float = 10.0

    def send(self, message: Message) -> Result:
        """Keep the message and answer as the table above says."""
        mood = mood_of(message.to)
        if ticks() > message.until:
            return STOOD_STILL
        failpoints.reached("connected")
        if not mood or mood in KEPT:
            try:
                _append(self.path, message=message, channel=self.name)
            except OSError as error:
                return NotSent(reason=f"sandbox file: {describe(error)}")
        return PLAYED[mood] if mood else Accepted(provider_id=_provider_id(message.attempt_id))

    def find(self, sought: Sought) -> Evidence:
        """Look for the attempt in the file."""
        try:
            taken = self.taken_since(sought.handed_at - DISORDER)
        except OSError as error:
            return Unclear(reason=f"sandbox file: {describe(error)}")
        return Listed(exact=tuple(each.provider_id for each in taken if each.attempt_id == sought.attempt_id))

    def taken_since(self, moment: datetime) -> Sequence[Taken]:
        """Return what is in the file, of this kind, admitted since a moment; oldest first."""
        if not self.path.exists():
            return []
        found = []
        for line in _lines_backwards(self.path):
            kept = _parse(line)
            if kept.at < moment - DISORDER:
                break
            if kept.channel == self.name and kept.at >= moment:
                found.append(kept)
        return [
            Taken(
                provider_id=_provider_id(kept.attempt_id),
                to=kept.to,
                body=kept.body,
                at=kept.at,
                attempt_id=kept.attempt_id,
            )
            for kept in reversed(found)
        ]


def _provider_id(attempt_id: str) -> str:
    return f"sandbox-{attempt_id}"


def mood_of(address: str) -> str:
    """Return the answer an address always gets, as a key of PLAYED; empty for an ordinary one."""
    if "@" not in address:
        return NUMBER_ENDINGS.get(address[-8:], "")
    host, _, top = address.rpartition("@")[2].lower().rpartition(".")
    return host if top == "example" and host in PLAYED else ""


def read_messages(path: Path, *, limit: int, offset: int = 0) -> list[KeptMessage]:
    """Return up to `limit` messages, newest first, leaving out the `offset` newest.

    Reads the file from its end, so a page of the newest costs the same however long it is.
    """
    if not path.exists():
        return []
    kept: list[KeptMessage] = []
    for number, line in enumerate(_lines_backwards(path)):
        if len(kept) == limit:
            break
        if number >= offset:
            kept.append(_parse(line))
    return kept


def _append(path: Path, *, message: Message, channel: str) -> None:
    """Add one line for the message; whole lines only, whoever else is writing."""
    kept = KeptMessage(
        at=message.at,
        attempt_id=message.attempt_id,
        channel=channel,
        to=message.to,
        sender=message.sender,
        subject=message.subject,
        body=message.body,
    )
    line = json.dumps(asdict(kept) | {"at": message.at.isoformat()}, ensure_ascii=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # freed by close, or by the death of the process
        size_before, data = os.fstat(handle).st_size, line.encode()
        if os.write(handle, data) != len(data):  # a full disk: leave no half line behind
            os.ftruncate(handle, size_before)
            raise OSError("short write")
    finally:
        os.close(handle)


def _lines_backwards(path: Path) -> Iterator[bytes]:
    """Yield the file's complete lines from the last to the first."""
    with path.open("rb") as file:
        position = file.seek(0, os.SEEK_END)
        rest = b""
        is_tail = True  # what follows the last line break is a line still being written
        while position > 0:
            size = min(BLOCK_BYTES, position)
            position = file.seek(position - size)
            rest, *lines = (file.read(size) + rest).split(b"\n")
            if is_tail and lines:
                lines, is_tail = lines[:-1], False
            yield from reversed(lines)
        if rest and not is_tail:
            yield rest


def _parse(line: bytes) -> KeptMessage:
    record = json.loads(line)
    return KeptMessage(**record | {"at": datetime.fromisoformat(record["at"])})
