"""Parts of a file that a browser asks for, as players of sound do. Source: RFC 9110, section 14."""

import re

_ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def one_range(header: str, *, size: int) -> range | None:
    """Return the places of the bytes a Range header asks for; None where all are to be answered.

    All are answered, as the RFC allows, where the header is missing, is malformed, names several
    parts or one that is not there.
    """
    found = _ONE_RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first, last = found.groups()
    if first:
        places = range(int(first), min(int(last) + 1, size) if last else size)
    else:
        places = range(max(size - int(last or 0), 0), size)
    return places or None
