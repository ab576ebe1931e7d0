"""Interleaved 2 of 5, the barcode of payment slips: digits as widths of bars and spaces.

Source: FEBRABAN, layout of the bank slip: type "2 de 5 intercalado", wide three times narrow,
103 mm by 13 mm.
"""

from collections.abc import Sequence
from itertools import accumulate

NARROW, WIDE = 1, 3
UNITS_HIGH = 51  # 405 units wide are 103 mm, so that it is 13 mm high

# Two of five elements are wide: weights 1, 2, 4, 7 and parity, with 0 as 4 + 7.
_WIDE_ELEMENTS = ("23", "04", "14", "01", "24", "02", "12", "34", "03", "13")
_PATTERNS = tuple(
    tuple(WIDE if str(place) in wide else NARROW for place in range(5)) for wide in _WIDE_ELEMENTS
)
START, STOP = (NARROW,) * 4, (WIDE, NARROW, NARROW)


def widths(digits: str) -> tuple[int, ...]:
    """Return the widths of bars and spaces in turn, beginning and ending with a bar, in narrow units.

    The first digit of each pair is drawn in bars, the second in the spaces between them. A barcode
    of 44 digits is 405 units wide. Raises ValueError unless `digits` is an even count of digits.
    """
    if not (digits.isascii() and digits.isdecimal()) or len(digits) % 2:
        raise ValueError(f"not an even count of digits: {digits!r}")
    elements = list(START)
    for at in range(0, len(digits), 2):
        bars, spaces = (_PATTERNS[int(digit)] for digit in digits[at : at + 2])
        for bar, space in zip(bars, spaces, strict=True):
            elements += (bar, space)
    return (*elements, *STOP)


def drawing(widths: Sequence[int]) -> str:
    """Return bars and spaces of these widths in turn as SVG, black on white, to be shown 103 mm by 13 mm."""
    ends = list(accumulate(widths))
    path = "".join(
        f"M{end - width} 0h{width}v{UNITS_HIGH}h-{width}z"
        for place, (end, width) in enumerate(zip(ends, widths, strict=True))
        if place % 2 == 0
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ends[-1]} {UNITS_HIGH}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{ends[-1]}v{UNITS_HIGH}H0z"/>'
        f'<path d="{path}"/></svg>'
    )
