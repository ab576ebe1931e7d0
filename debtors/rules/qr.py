"""The QR code of a text: which of its small squares are dark.

Bytes at error correction level M (15 % of the drawing may be lost), in the smallest of the first
twenty sizes, which hold up to 666 bytes: a Pix code has at most 512.

Source: ISO/IEC 18004, QR code bar code symbology specification.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from debtors.rules import qr_drawing
from debtors.rules.qr_drawing import Grid

#: By size: codewords of error correction in each block, and how many blocks there are (level M).
_CORRECTION = (10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26)
_BLOCKS = (1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16)
_BYTES = 0b0100
_PADDING = (0xEC, 0x11)
_LAST_OF_SHORT_COUNT = 9  # up to this size the length takes 8 bits, beyond it 16


class TooLongForQrError(ValueError):
    """The text is longer than the largest size holds."""


def grid(text: str) -> Grid:
    """Return the rows of the QR code of `text`, True for dark; the quiet border is not among them.

    Raises TooLongForQrError.
    """
    data = text.encode()
    version = _version_for(len(data))
    return qr_drawing.draw(version, _interleaved(_codewords(data, version), version))


def _version_for(length: int) -> int:
    for version in range(1, len(_BLOCKS) + 1):
        head = 4 + (8 if version <= _LAST_OF_SHORT_COUNT else 16)
        if head + length * 8 <= _data_codewords(version) * 8:
            return version
    raise TooLongForQrError(str(length))


def _data_codewords(version: int) -> int:
    correction = _CORRECTION[version - 1] * _BLOCKS[version - 1]
    return qr_drawing.codewords_in(version) - correction


def _codewords(data: bytes, version: int) -> list[int]:
    """Return the text as codewords: kind, length, bytes, and padding up to what the size holds."""
    count = 8 if version <= _LAST_OF_SHORT_COUNT else 16
    bits = f"{_BYTES:04b}{len(data):0{count}b}" + "".join(f"{byte:08b}" for byte in data)
    room = _data_codewords(version)
    bits += "0" * min(4, room * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    words = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    return words + [_PADDING[place % 2] for place in range(room - len(words))]


def _interleaved(words: Sequence[int], version: int) -> list[int]:
    """Return the codewords in the order in which they are drawn: data by turns, then correction by turns."""
    blocks = list(_blocks(words, version))
    length = _CORRECTION[version - 1]
    corrections = [_correction(block, length) for block in blocks]
    longest = max(len(block) for block in blocks)
    data = [block[at] for at in range(longest) for block in blocks if at < len(block)]
    return data + [each[at] for at in range(length) for each in corrections]


def _blocks(words: Sequence[int], version: int) -> Iterator[Sequence[int]]:
    """Split the codewords into blocks; the last ones are one longer where it does not come out even."""
    count = _BLOCKS[version - 1]
    short, longer = divmod(len(words), count)
    at = 0
    for number in range(count):
        length = short + (number >= count - longer)
        yield words[at : at + length]
        at += length


def _correction(block: Sequence[int], length: int) -> list[int]:
    """Return the Reed-Solomon codewords of a block: the remainder by the generator polynomial."""
    divisor, rest = _divisor(length), [0] * length
    for word in block:
        factor = word ^ rest[0]
        rest = [*rest[1:], 0]
        rest = [each ^ _product(place, factor) for each, place in zip(rest, divisor, strict=True)]
    return rest


@cache
def _divisor(length: int) -> tuple[int, ...]:
    """Return the generator polynomial of a degree, highest power first and without its leading 1."""
    found, root = [0] * (length - 1) + [1], 1
    for _ in range(length):
        found = [
            _product(each, root) ^ (found[place + 1] if place + 1 < length else 0)
            for place, each in enumerate(found)
        ]
        root = _product(root, 2)
    return tuple(found)


def _product(one: int, other: int) -> int:
    """Multiply in the field of 256 elements with the polynomial 0x11D."""
    found = 0
    for place in range(7, -1, -1):
        found = (found << 1) ^ ((found >> 7) * 0x11D)
        found ^= ((other >> place) & 1) * one
    return found
