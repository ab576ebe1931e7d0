"""Zone files made up in a test: what tzdata may bring after the next decree."""

import struct
from collections.abc import Sequence
from datetime import datetime


def make_zone_file(*, hours: int, changes: Sequence[tuple[datetime, int]], rule: str) -> bytes:
    """Return a zone file (RFC 9636) that begins `hours` from UTC.

    Each of `changes` is an instant and the hours from UTC from then on; after the last one `rule`
    holds, a POSIX TZ text such as "<-03>3<-02>,M11.1.0/0,M2.3.0/0".
    """
    offsets = [hours, *[after for _, after in changes]]
    kinds = b"".join(struct.pack(">lbb", offset * 3600, 0, 0) for offset in offsets)
    moments = b"".join(struct.pack(">q", int(moment.timestamp())) for moment, _ in changes)
    indices = bytes(range(1, len(offsets)))
    name = b"LMT\0"
    empty = _header(changes=0, kinds=1, name=name) + struct.pack(">lbb", 0, 0, 0) + name
    full = _header(changes=len(changes), kinds=len(offsets), name=name) + moments + indices + kinds + name
    return empty + full + b"\n" + rule.encode("ascii") + b"\n"


def _header(*, changes: int, kinds: int, name: bytes) -> bytes:
    return b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, changes, kinds, len(name))
