"""Check digits of payment slips: modulus 10 and the two ways in which modulus 11 is used on them.

All take digits as text and answer one digit as text.

Source: FEBRABAN, layout of the bank slip (boleto) and of the collection slip (arrecadação).
"""

from itertools import cycle


def mod10(digits: str) -> str:
    """Return the check digit by modulus 10: weights 2 and 1 from the right, digits of products summed."""
    products = (int(digit) * weight for digit, weight in zip(reversed(digits), cycle((2, 1)), strict=False))
    return str(-sum(product // 10 + product % 10 for product in products) % 10)


def mod11_of_boleto(digits: str) -> str:
    """Return the general check digit of a bank slip's barcode: never 0, which a blank would give."""
    found = _mod11(digits)
    return "1" if found in (0, 10, 11) else str(found)


def mod11_of_collection(digits: str) -> str:
    """Return a check digit of a collection slip whose value identifier is 8 or 9."""
    found = _mod11(digits)
    return "0" if found in (10, 11) else str(found)


def _mod11(digits: str) -> int:
    """Return 11 less the remainder of the sum with weights 2 to 9 from the right: 1 to 11."""
    weighted = zip(reversed(digits), cycle(range(2, 10)), strict=False)
    return 11 - sum(int(digit) * weight for digit, weight in weighted) % 11
