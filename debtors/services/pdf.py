"""Makes PDFs of pages of our own, in a child process that reaches nothing and cannot last or grow."""

import json
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

CHILD = Path(__file__).with_name("pdf_child.py")
MEMORY_BYTES = 512 * 1024 * 1024
#: Nothing of our environment, which holds secrets; sets of words always in the same order, and the
#: typefaces within always of the same age.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}


class CannotPrintError(Exception):
    """No PDF came of it: it took too long or too much memory, asked for a file, or WeasyPrint is missing."""


def of(html: str, *, css: str, memory_bytes: int = MEMORY_BYTES, seconds: float | None = None) -> bytes:
    """Return the PDF of one whole HTML page; see `of_each`."""
    return of_each([html], css=css, memory_bytes=memory_bytes, seconds=seconds)[0]


def of_each(
    pages: Sequence[str], *, css: str, memory_bytes: int = MEMORY_BYTES, seconds: float | None = None
) -> list[bytes]:
    """Return the PDF of each whole HTML page, all in one style; the same page is always the same bytes.

    A page must hold no address to fetch but data: URIs, made by us. `seconds` (None: as `PDF_SECONDS`
    says) and `memory_bytes` are for all of them together: starting the child is what takes time. It
    writes no file but the typefaces of the style, so that nothing said is left of one that is killed.
    Raises CannotPrintError, for all of them, when one fails.
    """
    limit = settings.PDF_SECONDS if seconds is None else seconds
    order = json.dumps({"pages": list(pages), "css": css, "memory_bytes": memory_bytes, "seconds": limit})
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, str(CHILD)],
            input=order.encode(),
            capture_output=True,
            env=ENVIRONMENT,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotPrintError(f"not done after {limit} s") from None
    made = _parted(done.stdout)
    if done.returncode or len(made) != len(pages):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise CannotPrintError(said[-1] if said else f"ended with {done.returncode}")
    return made


def _parted(output: bytes) -> list[bytes]:
    """Return the PDFs in the child's output, in which each stands behind its length."""
    found, place = [], 0
    while place + 4 <= len(output):
        (length,) = struct.unpack_from(">I", output, place)
        found.append(output[place + 4 : place + 4 + length])
        place += 4 + length
    return found
