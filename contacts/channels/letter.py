"""The way of letters: a folder from which a person prints, folds and posts them."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from contacts import failpoints
from contacts.channels.base import Evidence, Message, NoList, NoListError, NotSent, Result, Sought, Taken


@dataclass(frozen=True, kw_only=True)
class LetterChannel:
    """Keeps prints in a folder, whole or not at all; a person carries them to the post."""

    folder: Path
    name: str = "letter"
    provider: str = "print"
    patience_seconds: float = 10.0

    def put(self, name: str, print_: bytes) -> None:
        """Write a print under its name, so that it is there whole or not at all. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = self.folder / f".{name}.{os.getpid()}"
        try:
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(print_)
                file.flush()
                os.fsync(file.fileno())
            failpoints.reached("printing")
            half.replace(self.folder / name)
            self._keep_names()
        finally:
            half.unlink(missing_ok=True)

    def read(self, name: str) -> bytes | None:
        """Return a print as it lies in the folder; None when it is not there."""
        with suppress(FileNotFoundError):
            return (self.folder / name).read_bytes()
        return None

    def take_out(self, name: str) -> None:
        """Remove a print, so that nobody posts it. Raises OSError."""
        (self.folder / name).unlink(missing_ok=True)

    def sweep_halves(self) -> None:
        """Remove what processes left behind that were killed while they wrote."""
        for half in self.folder.glob(".carta-*"):
            pid = half.name.rpartition(".")[2]
            if not Path(f"/proc/{pid}").exists():
                half.unlink(missing_ok=True)

    def send(self, message: Message) -> Result:
        """Refuse: no letter leaves without a person who posts it."""
        return NotSent(reason="letters are posted by hand", retry_after_seconds=3600)

    def find(self, sought: Sought) -> Evidence:
        """Say that only whoever went to the post knows."""
        return NoList()

    def taken_since(self, moment: datetime) -> Sequence[Taken]:
        """Refuse: the post lists nothing."""
        raise NoListError("letters posted by hand are listed nowhere", is_for_good=True)

    def _keep_names(self) -> None:
        """Let the folder itself survive a power failure."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
