"""The way of letters: a folder from which a person prints, folds and posts them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from contacts import failpoints
from contacts.channels import kept_files
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
        kept_files.put_whole(self.folder / name, print_, before_named=lambda: failpoints.reached("printing"))

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
        kept_files.sweep_halves(self.folder)

    def send(self, message: Message) -> Result:
        """Refuse: no letter leaves without a person who posts it."""
        return NotSent(reason="letters are posted by hand", retry_after_seconds=3600)

    def find(self, sought: Sought) -> Evidence:
        """Say that only whoever went to the post knows."""
        return NoList()

    def taken_since(self, moment: datetime) -> Sequence[Taken]:
        """Refuse: the post lists nothing."""
        raise NoListError("letters posted by hand are listed nowhere", is_for_good=True)
