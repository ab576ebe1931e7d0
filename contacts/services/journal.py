"""What left, written down beside the database: a few bytes for each hand-over, before the wire.

A database that was restored from a backup, or a replica that took over, may not know of the last
messages; this knows. So it must outlive the database, and never be restored with it. It names
attempts and wishes by their ids, and no person.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

BEGUN = "begun"
TAIL_BYTES = 16 * 1024
#: Journals of days are kept so long; longer than a backup that anybody would restore.
KEPT = timedelta(days=100)


@dataclass(frozen=True)
class Entry:
    """One hand-over: the attempt, the id of the contact point it went to, and the wish it was for.

    Without an attempt it only says that an epoch began.
    """

    epoch: int
    at: datetime
    attempt: UUID | None
    point: int | None
    wanted_by: str


@dataclass(frozen=True)
class Journal:
    """The journal of one installation, as far as this machine sees it; `epoch` is written on each line."""

    key: UUID
    epoch: int

    @property
    def folder(self) -> Path:
        """Where it lies: a file for each day."""
        return Path(settings.JOURNAL_DIR) / str(self.key)

    @property
    def is_there(self) -> bool:
        """Whether this installation has ever been begun where this journal lies."""
        return any(self.folder.glob("*.log"))

    def begin(self, *, now: datetime) -> None:
        """Write that sending goes on from here, in this epoch. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._append(f"{BEGUN} - -", now=now)

    def note(self, attempt: UUID, *, point: int | None, wanted_by: str, now: datetime) -> None:
        """Write that an attempt leaves now. Raises OSError: then it must not leave."""
        self._append(f"{attempt} {point or '-'} {wanted_by}", now=now)

    def last(self) -> list[Entry]:
        """Return the newest entries, oldest first."""
        files = sorted(self.folder.glob("*.log"))
        return list(_parsed(_tail(files[-1]))) if files else []

    def since(self, moment: datetime) -> list[Entry]:
        """Return all hand-overs since a moment, oldest first."""
        day = f"{moment.astimezone(UTC):%Y-%m-%d}.log"
        lines = (line for file in sorted(self.folder.glob("*.log")) if file.name >= day
                 for line in file.read_text().splitlines())  # fmt: skip
        return [entry for entry in _parsed(lines) if entry.attempt and entry.at >= moment]

    def forget_the_old(self, *, now: datetime) -> None:
        """Delete the files of days long past, the newest never."""
        oldest = f"{now.astimezone(UTC) - KEPT:%Y-%m-%d}.log"
        for file in sorted(self.folder.glob("*.log"))[:-1]:
            if file.name < oldest:
                with suppress(FileNotFoundError):
                    file.unlink()

    def _append(self, what: str, *, now: datetime) -> None:
        """Add one whole line, whoever else is writing."""
        at = now.astimezone(UTC)
        line = f"{self.epoch} {at.isoformat()} {what}\n".encode()
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        handle = os.open(self.folder / f"{at:%Y-%m-%d}.log", flags, 0o600)
        try:
            if os.write(handle, line) != len(line):
                raise OSError("short write")
        finally:
            os.close(handle)


def _tail(path: Path) -> list[str]:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - TAIL_BYTES, 0))
        lines = file.read().decode(errors="replace").splitlines()
    return lines[1:] if size > TAIL_BYTES else lines


def _parsed(lines: Iterable[str]) -> Iterable[Entry]:
    """Yield the entries; a line cut by a power failure is no entry."""
    for line in lines:
        with suppress(ValueError):
            epoch, at, what, point, wanted_by = line.split(" ", 4)
            attempt = None if what == BEGUN else UUID(what)
            to = None if point == "-" else int(point)
            yield Entry(int(epoch), datetime.fromisoformat(at), attempt, to, wanted_by)
