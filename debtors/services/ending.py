"""Whether our worker was told to end: long work then stops where nothing of it is under way.

One byte, shared with every process forked from the one that imports this. A worker's parent is told and
its children look; in a web process nobody is ever told.
"""

import mmap

_told = mmap.mmap(-1, 1)


def tell() -> None:
    """Tell this process and those forked from it that they are to end soon."""
    _told[0] = 1


def is_near() -> bool:
    """Return whether they were told."""
    return _told[0] == 1
