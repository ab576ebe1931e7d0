"""The collection slip (arrecadação) of utilities and taxes: a barcode of 44 digits, a line of 48.

Barcode: product 8, segment, value identifier, general check digit, value (11), then the receiver
and what it needs. The line is the barcode in four blocks of eleven, each with its check digit.

Source: FEBRABAN, standard layout of barcodes for collection.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from debtors.rules import boleto
from debtors.rules.boleto import BARCODE_LENGTH, Boleto, BoletoError, WrongGroup
from debtors.rules.check_digits import mod10, mod11_of_collection

LINE_LENGTH, BLOCK_LENGTH = 48, 11
MAX_AMOUNT_CENTS = 10**11 - 1
PRODUCT = "8"

_REST = re.compile(r"[0-9]{30}")  # the segment and the last 29 digits

#: Value identifier: how check digits are counted, and whether the value is money to be paid.
_WAYS: Mapping[str, tuple[Callable[[str], str], bool]] = {
    "6": (mod10, True),
    "7": (mod10, False),
    "8": (mod11_of_collection, True),
    "9": (mod11_of_collection, False),
}


@dataclass(frozen=True, slots=True)
class CollectionSlip:
    """What a collection slip says: of `value`, only 6 and 8 as identifier make it centavos to be paid."""

    segment: str
    value_id: str
    value: int
    rest: str

    @property
    def amount_cents(self) -> int | None:
        """Centavos to be paid; None when the value is a quantity of some reference instead."""
        return self.value if _WAYS[self.value_id][1] else None


def barcode(slip: CollectionSlip) -> str:
    """Return the 44 digits of the barcode; raises BoletoError for what does not fit into them."""
    if slip.value_id not in _WAYS:
        raise BoletoError("bad_value_id", slip.value_id)
    if not 0 <= slip.value <= MAX_AMOUNT_CENTS:
        raise BoletoError("bad_amount", str(slip.value))
    head, tail = PRODUCT + slip.segment + slip.value_id, f"{slip.value:011d}{slip.rest}"
    if not _REST.fullmatch(slip.segment + slip.rest):
        raise BoletoError("bad_free_field", slip.segment + slip.rest)
    return head + _WAYS[slip.value_id][0](head + tail) + tail


def line_of(code: str) -> str:
    """Return the line of a barcode of 44 digits; raises BoletoError when it is no collection slip."""
    count = _counting(code)
    blocks = (code[at : at + BLOCK_LENGTH] for at in range(0, BARCODE_LENGTH, BLOCK_LENGTH))
    return "".join(block + count(block) for block in blocks)


def format_line(digits: str) -> str:
    """Return a line of 48 digits in the groups in which slips print it."""
    blocks = (digits[at : at + BLOCK_LENGTH + 1] for at in range(0, LINE_LENGTH, BLOCK_LENGTH + 1))
    return " ".join(f"{block[:-1]}-{block[-1]}" for block in blocks)


def barcode_of(typed: str) -> str:
    """Return the barcode of a line of 48 digits, unchecked; punctuation is left out first."""
    digits = boleto.plain_digits(typed)
    if len(digits) != LINE_LENGTH:
        raise BoletoError("bad_length", typed)
    return "".join(digits[at : at + BLOCK_LENGTH] for at in range(0, LINE_LENGTH, BLOCK_LENGTH + 1))


def wrong_groups(typed: str) -> tuple[WrongGroup, ...]:
    """Return which check digits of a barcode or a line are wrong, blocks before the general one.

    Raises BoletoError for what is no collection slip at all.
    """
    digits = boleto.plain_digits(typed)
    if len(digits) == BARCODE_LENGTH:
        return _wrong_general(digits)
    code = barcode_of(digits)
    count = _counting(code)
    blocks = (digits[at : at + BLOCK_LENGTH + 1] for at in range(0, LINE_LENGTH, BLOCK_LENGTH + 1))
    wrong = tuple(
        WrongGroup(f"block_{number}", block[-1], count(block[:-1]))
        for number, block in enumerate(blocks, start=1)
        if count(block[:-1]) != block[-1]
    )
    return wrong or _wrong_general(code)


def parse(typed: str) -> CollectionSlip:
    """Return what a barcode or a line says; raises BoletoError, which names the wrong groups of digits."""
    wrong = wrong_groups(typed)
    if wrong:
        raise BoletoError("bad_check_digit", wrong=wrong)
    digits = boleto.plain_digits(typed)
    code = digits if len(digits) == BARCODE_LENGTH else barcode_of(digits)
    return CollectionSlip(segment=code[1], value_id=code[2], value=int(code[4:15]), rest=code[15:])


def parse_any(typed: str, *, on: date) -> Boleto | CollectionSlip:
    """Return the slip of either sort that somebody typed or scanned; raises BoletoError.

    A line of 48 digits and a barcode that begins with 8 are collection slips.
    """
    digits = boleto.plain_digits(typed)
    is_collection = digits[0] == PRODUCT and len(digits) == BARCODE_LENGTH
    if is_collection or len(digits) == LINE_LENGTH:
        return parse(digits)
    return boleto.parse(digits, on=on)


def _counting(code: str) -> Callable[[str], str]:
    """Return how the check digits of a barcode are counted; BoletoError when it is of no known sort."""
    if code[0] != PRODUCT:
        raise BoletoError("bad_product", code[0])
    if code[2] not in _WAYS:
        raise BoletoError("bad_value_id", code[2])
    return _WAYS[code[2]][0]


def _wrong_general(code: str) -> tuple[WrongGroup, ...]:
    expected = _counting(code)(code[:3] + code[4:])
    return () if expected == code[3] else (WrongGroup("general", code[3], expected),)
