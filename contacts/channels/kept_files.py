"""Files that are there whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path


def put_whole(path: Path, content: bytes, *, before_named: Callable[[], None] = lambda: None) -> None:
    """Write a file for the owner's eyes so that it has its name only when all of it is on the disk.

    The folder is made where it is missing. `before_named` is called between the two. Raises OSError.
    """
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = folder / f".{path.name}.{os.getpid()}"
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        before_named()
        half.replace(path)
        _keep_names(folder)
    finally:
        half.unlink(missing_ok=True)


def sweep_halves(folder: Path) -> None:
    """Remove what processes left behind that were killed while they wrote."""
    for half in folder.glob(".*.*"):
        pid = half.name.rpartition(".")[2]
        if pid.isdecimal() and not Path(f"/proc/{pid}").exists():
            half.unlink(missing_ok=True)


def _keep_names(folder: Path) -> None:
    """Let the folder itself survive a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
