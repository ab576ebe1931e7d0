"""What the log of our mail relay (Postfix) shows that it took: the evidence when its answer got lost."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

#: So much of the log's end is read, and so much of the file that was rotated away before it.
MOST_BYTES = 32 * 1024 * 1024
_LINE = re.compile(r"(?P<when>\S+).*? postfix[\w/-]*/(?P<daemon>\w+)\[\d+\]: (?P<queue>\w+): (?P<what>.*)")
_MESSAGE_ID = re.compile(r"message-id=(<[^>]*>)")


@dataclass(frozen=True)
class Logged:
    """One message the relay took responsibility for; when, where the log says it in full."""

    message_id: str
    at: datetime | None


@dataclass(frozen=True)
class Seen:
    """What a log shows; it `is_whole` when it covers the time asked for, and goes on after it."""

    taken: tuple[Logged, ...]
    is_whole: bool


def read(path: Path, *, since: datetime) -> Seen:
    """Return what the relay took, as its log and the one rotated away before it show.

    Raises OSError where the log cannot be read. Only a log with full dates (RFC 5424, the default of
    rsyslog and of Postfix's own log) can show that something is not there.
    """
    older = path.with_name(path.name + ".1")
    lines = [*(_lines(older) if older.exists() else ()), *_lines(path)]
    moments = [moment for line in lines if (moment := _moment(line.partition(" ")[0]))]
    is_whole = bool(moments) and moments[0] <= since <= moments[-1]
    return Seen(tuple(_taken(lines, since=since - timedelta(seconds=1))), is_whole)


def _taken(lines: Iterable[str], *, since: datetime) -> Iterator[Logged]:
    """Yield each message that came to the active queue.

    The id is logged while the text is still coming in, so by itself it says nothing: a conversation
    that breaks off leaves the line as well.
    """
    named: dict[str, str] = {}
    for line in lines:
        found = _LINE.match(line)
        if found is None:
            continue
        if message_id := _MESSAGE_ID.search(found["what"]):
            named[found["queue"]] = message_id[1]
        elif found["daemon"] == "qmgr" and "queue active" in found["what"] and found["queue"] in named:
            at = _moment(found["when"])
            if at is None or at >= since:
                yield Logged(named.pop(found["queue"]), at)


def _lines(path: Path) -> list[str]:
    """Return the complete lines of the file's end."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - MOST_BYTES, 0))
        lines = file.read().decode("utf-8", errors="replace").split("\n")[:-1]
    return lines[1:] if size > MOST_BYTES else lines


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
