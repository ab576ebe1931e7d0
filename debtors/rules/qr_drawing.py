"""Where on a QR code each codeword is drawn: finders, timing, alignment, format, and the best of eight masks.

Source: ISO/IEC 18004, QR code bar code symbology specification.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

type Grid = tuple[tuple[bool, ...], ...]
type Place = tuple[int, int]  # row, column

_FORMAT_GENERATOR, _FORMAT_MASK, _VERSION_GENERATOR = 0x537, 0x5412, 0x1F25
_FIRST_WITH_VERSION = 7
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, column: row % 2 == 0,
    lambda row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: row * column % 2 + row * column % 3 == 0,
    lambda row, column: (row * column % 2 + row * column % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + row * column % 3) % 2 == 0,
)
_RUN = re.compile("0{5,}|1{5,}")
_LIKE_A_FINDER = re.compile("(?=10111010000|00001011101)")


def codewords_in(version: int) -> int:
    """Return how many codewords of eight squares a size holds, data and correction together."""
    squares = (16 * version + 128) * version + 64
    if version > 1:
        aligned = version // 7 + 2
        squares -= (25 * aligned - 10) * aligned - 55
    return (squares - (36 if version >= _FIRST_WITH_VERSION else 0)) // 8


def draw(version: int, words: Sequence[int]) -> Grid:
    """Return the drawing of the codewords, masked so that it has the fewest confusing patterns."""
    fixed = _fixed(version)
    size = 17 + 4 * version
    bits = [bool(word >> place & 1) for word in words for place in range(7, -1, -1)]
    free = list(_free_places(size, fixed))
    bits += [False] * (len(free) - len(bits))  # a few squares are left over
    data = dict(zip(free, bits, strict=True))
    drawings = [_masked(size, fixed, data, mask) for mask in range(len(_MASKS))]
    return min(drawings, key=_penalty)


def _masked(size: int, fixed: dict[Place, bool], data: dict[Place, bool], mask: int) -> Grid:
    inverts = _MASKS[mask]
    squares = fixed | dict(_format_squares(size, mask))
    squares |= {place: dark != inverts(*place) for place, dark in data.items()}
    return tuple(tuple(squares[row, column] for column in range(size)) for row in range(size))


def _fixed(version: int) -> dict[Place, bool]:
    """Return every square that says nothing of the text; the format's are kept free for the mask's number."""
    size = 17 + 4 * version
    squares = {place: at % 2 == 0 for at in range(size) for place in ((6, at), (at, 6))}
    for row, column in ((3, 3), (3, size - 4), (size - 4, 3)):
        for place, distance in _around(row, column, reach=4):
            if min(place) >= 0 and max(place) < size:
                squares[place] = distance not in (2, 4)
    lines = _alignment_lines(version)
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for row, column in ((row, column) for row in lines for column in lines if (row, column) not in corners):
        squares |= {place: distance != 1 for place, distance in _around(row, column, reach=2)}
    squares |= dict(_format_squares(size, 0))
    return squares | dict(_version_squares(version))


def _around(row: int, column: int, *, reach: int) -> Iterator[tuple[Place, int]]:
    """Yield the squares around one, each with its distance in rings."""
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            yield (row + down, column + right), max(abs(down), abs(right))


def _alignment_lines(version: int) -> list[int]:
    if version == 1:
        return []
    count = version // 7 + 2
    step = (version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
    last = 17 + 4 * version - 7
    return [6, *(last - step * place for place in range(count - 2, -1, -1))]


def _format_squares(size: int, mask: int) -> Iterator[tuple[Place, bool]]:
    """Yield level M and the mask's number, twice, with their check bits; and the one square always dark."""
    rest = mask
    for _ in range(10):
        rest = (rest << 1) ^ ((rest >> 9) * _FORMAT_GENERATOR)
    bits = (mask << 10 | rest) ^ _FORMAT_MASK
    first = [*((at, 8) for at in range(6)), (7, 8), (8, 8), (8, 7), *((8, 14 - at) for at in range(9, 15))]
    second = [*((8, size - 1 - at) for at in range(8)), *((size - 15 + at, 8) for at in range(8, 15))]
    for places in (first, second):
        for at, place in enumerate(places):
            yield place, bool(bits >> at & 1)
    yield (size - 8, 8), True


def _version_squares(version: int) -> Iterator[tuple[Place, bool]]:
    """Yield the size's number, twice, with its check bits; small sizes do not say it."""
    if version < _FIRST_WITH_VERSION:
        return
    rest = version
    for _ in range(12):
        rest = (rest << 1) ^ ((rest >> 11) * _VERSION_GENERATOR)
    bits = version << 12 | rest
    for at in range(18):
        far, near = 17 + 4 * version - 11 + at % 3, at // 3
        dark = bool(bits >> at & 1)
        yield (far, near), dark
        yield (near, far), dark


def _free_places(size: int, fixed: dict[Place, bool]) -> Iterator[Place]:
    """Yield the squares of the text as they are drawn: pairs of columns from the right, up, then down."""
    for right in [*range(size - 1, 7, -2), 5, 3, 1]:  # the sixth column is timing, and left out
        rows = range(size) if (right + 1) & 2 else range(size - 1, -1, -1)
        yield from (
            (row, column) for row in rows for column in (right, right - 1) if (row, column) not in fixed
        )


def _penalty(grid: Grid) -> int:
    """Return how confusing a drawing is: long runs, blocks, lookalikes of finders, more of one colour."""
    rows = ["".join("1" if dark else "0" for dark in row) for row in grid]
    lines = [*rows, *("".join(column) for column in zip(*rows, strict=True))]
    found = sum(len(run) - 2 for line in lines for run in _RUN.findall(line))
    found += 40 * sum(len(_LIKE_A_FINDER.findall(line)) for line in lines)
    for above, below in pairwise(rows):
        pairs = ["".join(pair) for pair in zip(above, below, strict=True)]
        found += 3 * sum(one == other and one in {"00", "11"} for one, other in pairwise(pairs))
    dark, every = sum(row.count("1") for row in rows), len(rows) ** 2
    return found + 10 * (abs(dark * 20 - every * 10) // every)
