"""Codes as pictures: a QR code as SVG or PNG, a slip's barcode as SVG. Black on white, whatever the page."""

import struct
import zlib
from collections.abc import Sequence
from itertools import accumulate, groupby

from debtors.rules.qr_drawing import Grid

QUIET_SQUARES = 4  # the least light border that readers ask for
BAR_UNITS_HIGH = 51  # 405 units wide are 103 mm, so that it is 13 mm high


def qr_svg(grid: Grid) -> str:
    """Return a QR code as SVG, with its quiet border, one unit a square."""
    size = len(grid) + 2 * QUIET_SQUARES
    path = "".join(
        f"M{column + QUIET_SQUARES} {row + QUIET_SQUARES}h{length}v1h-{length}z"
        for row, squares in enumerate(grid)
        for column, length in _dark_runs(squares)
    )
    return _svg(size, size, path)


def qr_png(grid: Grid, *, scale: int = 8) -> bytes:
    """Return a QR code as PNG of one bit a pixel, `scale` pixels a square, with its quiet border."""
    size = (len(grid) + 2 * QUIET_SQUARES) * scale
    edge = [False] * QUIET_SQUARES
    blank = [False] * (len(grid) + 2 * QUIET_SQUARES)
    rows = [*[blank] * QUIET_SQUARES, *([*edge, *row, *edge] for row in grid), *[blank] * QUIET_SQUARES]
    lines = b"".join(_png_line(row, scale) * scale for row in rows)
    head = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_part(name, data) for name, data in parts)


def bars_svg(widths: Sequence[int]) -> str:
    """Return bars and spaces of these widths in turn, the first a bar, as SVG to be drawn 103 mm by 13 mm."""
    ends = list(accumulate(widths))
    path = "".join(
        f"M{end - width} 0h{width}v{BAR_UNITS_HIGH}h-{width}z"
        for place, (end, width) in enumerate(zip(ends, widths, strict=True))
        if place % 2 == 0
    )
    return _svg(ends[-1], BAR_UNITS_HIGH, path)


def _svg(width: int, height: int, path: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{width}v{height}H0z"/>'
        f'<path d="{path}"/></svg>'
    )


def _dark_runs(squares: Sequence[bool]) -> list[tuple[int, int]]:
    """Return where each run of dark squares begins and how long it is."""
    found, at = [], 0
    for dark, run in groupby(squares):
        length = len(list(run))
        if dark:
            found.append((at, length))
        at += length
    return found


def _png_line(row: Sequence[bool], scale: int) -> bytes:
    """Return one line of pixels, light ones as 1, behind the byte that says it is not filtered."""
    bits = "".join(("0" if dark else "1") * scale for dark in row)
    bits += "0" * (-len(bits) % 8)
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8)


def _png_part(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
