"""The QR code of a text: read back square by square, checked by its own error correction, and drawn."""

import hashlib
import json
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debtors.rules import drawings, qr
from debtors.rules.qr import TooLongForQrError

PAYLOADS = [
    case["payload"]
    for case in json.loads((Path(__file__).parents[1] / "data/brcode.json").read_text())["right"]
]
#: By version, as ISO/IEC 18004 tabulates level M: blocks, data and all codewords of each.
BLOCKS = {
    1: [(16, 26)],
    5: [(43, 67)] * 2,
    8: [(38, 60)] * 2 + [(39, 61)] * 2,
    11: [(50, 80)] + [(51, 81)] * 4,
    14: [(40, 64)] * 4 + [(41, 65)] * 5,
}
ALIGNED = {1: [], 5: [6, 30], 8: [6, 24, 42], 11: [6, 30, 54], 14: [6, 26, 46, 66]}
MASKS = [
    lambda i, j: (i + j) % 2,
    lambda i, j: i % 2,
    lambda i, j: j % 3,
    lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2,
    lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
]
#: SHA-256 over the squares, row by row, of the letter a 84 times, as segno 1.6 draws it at level M.
DRAWN_ELSEWHERE = "258521472d81cbf8ee20aded941493f96af35c8ba4434fa664fb973cbb16cabf"


def is_fixed(row: int, column: int, size: int) -> bool:
    """Whether a square belongs to finders, timing, alignment, format or version."""
    version = (size - 17) // 4
    corner = (row < 9 and (column < 9 or column >= size - 8)) or (row >= size - 8 and column < 9)
    lines = ALIGNED[version]
    aligned = any(
        abs(row - r) <= 2 and abs(column - c) <= 2
        for r in lines
        for c in lines
        if (r, c) not in {(6, 6), (6, size - 7), (size - 7, 6)}
    )
    told = version > 6 and ((row < 6 and column >= size - 11) or (column < 6 and row >= size - 11))
    return corner or aligned or told or 6 in (row, column)


def read(grid) -> str:
    """Read a drawing as a scanner does, and fail where its error correction finds an error."""
    size = len(grid)
    version = (size - 17) // 4
    format_bits = int("".join(str(int(grid[8][column])) for column in (0, 1, 2, 3, 4, 5, 7, 8)), 2)
    mask = MASKS[((format_bits >> 3) ^ 0b10101) & 0b111]
    assert ((format_bits >> 6) ^ 0b10) == 0b00  # level M
    bits = ""
    for place, right in enumerate([*range(size - 1, 6, -2), 5, 3, 1]):
        for row in range(size) if place % 2 else range(size - 1, -1, -1):
            for column in (right, right - 1):
                if not is_fixed(row, column, size):
                    bits += str(int(grid[row][column]) ^ (mask(row, column) == 0))
    words = [int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8)]
    blocks: list[list[int]] = [[] for _ in BLOCKS[version]]
    shapes = BLOCKS[version]
    stream = iter(words)
    for at in range(max(data for data, _ in shapes)):
        for block, (data, _) in zip(blocks, shapes, strict=True):
            if at < data:
                block.append(next(stream))
    for _ in range(shapes[0][1] - shapes[0][0]):
        for block in blocks:
            block.append(next(stream))
    assert all(syndromes(block, shapes[0][1] - shapes[0][0]) == [] for block in blocks)
    told = "".join(
        f"{word:08b}" for block, (data, _) in zip(blocks, shapes, strict=True) for word in block[:data]
    )
    count = 8 if version < 10 else 16
    length = int(told[4 : 4 + count], 2)
    assert told[:4] == "0100"
    return bytes(int(told[at : at + 8], 2) for at in range(4 + count, 4 + count + length * 8, 8)).decode()


def syndromes(block: list[int], count: int) -> list[int]:
    """Return what Reed-Solomon finds wrong: the block's polynomial at each root, where it is not zero."""
    powers = [1]
    for _ in range(254):
        powers.append(powers[-1] * 2 ^ (0x11D if powers[-1] > 127 else 0))
    logs = {power: at for at, power in enumerate(powers)}
    found = []
    for root in range(count):
        value = 0
        for word in block:
            value = (powers[(logs[value] + root) % 255] if value else 0) ^ word
        found.append(value)
    return [each for each in found if each]


@pytest.mark.parametrize(
    "text",
    ["", "a", "x" * 84, "ção", "y" * 120 + "z" * 32, *(p for p in PAYLOADS if len(p) in (137, 233, 225))],
)
def test_a_drawing_says_its_text_and_nothing_is_wrong_in_it(text):
    assert read(qr.grid(text)) == text


@settings(max_examples=8, deadline=None)
@given(
    st.text(alphabet=st.characters(max_codepoint=0x7E, min_codepoint=0x20), min_size=253 - 2, max_size=251)
)
def test_any_text_of_a_pix_code_is_read_back(text):
    assert read(qr.grid(text)) == text


def test_a_drawing_is_the_one_that_another_program_makes():
    rows = "".join("".join(str(int(dark)) for dark in row) for row in qr.grid("a" * 84))

    assert hashlib.sha256(rows.encode()).hexdigest() == DRAWN_ELSEWHERE


def test_the_largest_text_fits_and_one_letter_more_does_not():
    assert len(qr.grid("a" * 666)) == 97
    with pytest.raises(TooLongForQrError):
        qr.grid("a" * 667)


def test_the_picture_has_the_same_squares_and_a_quiet_border():
    grid = qr.grid("a")

    png = drawings.qr_png(grid, scale=2)
    width = int.from_bytes(png[16:20])
    lines = zlib.decompress(png[41 : 41 + int.from_bytes(png[33:37])])
    stride = 1 + (width + 7) // 8
    rows = [lines[at + 1 : at + stride] for at in range(0, len(lines), stride)]

    def dark(row: int, column: int) -> bool:
        x, y = (column + 4) * 2, (row + 4) * 2
        return not rows[y][x // 8] >> (7 - x % 8) & 1

    assert width == (21 + 8) * 2 == len(rows)
    assert [[dark(row, column) for column in range(21)] for row in range(21)] == [list(row) for row in grid]
    assert set(rows[0][: width // 8]) == {0xFF}


def test_the_svg_of_a_code_and_of_bars_covers_just_what_is_dark():
    grid = qr.grid("a")
    svg = drawings.qr_svg(grid)
    runs = [int(part.split("v")[0]) for part in svg.split('d="')[-1].split("h")[1::1] if "v1" in part]

    assert 'viewBox="0 0 29 29"' in svg
    assert sum(runs) == sum(map(sum, grid))
    assert drawings.bars_svg((1, 2, 3)).endswith('d="M0 0h1v51h-1zM3 0h3v51h-3z"/></svg>')
