"""The bank slip (boleto): its barcode of 44 digits, its line of 47, and what the two say.

Barcode: bank (3), currency 9, general check digit, due-date factor (4), amount in centavos (10),
free field of the bank (25). The line is the same in another order, with a check digit behind each
of its first three fields, so that people may type it.

Source: FEBRABAN, layout of the bank slip.
"""

import re
from dataclasses import dataclass
from datetime import date

from debtors.rules import due_factor
from debtors.rules.check_digits import mod10, mod11_of_boleto
from debtors.rules.due_factor import FactorError

BARCODE_LENGTH, LINE_LENGTH, FREE_FIELD_LENGTH = 44, 47, 25
MAX_AMOUNT_CENTS = 10**10 - 1
REAL = "9"

_PUNCTUATION = re.compile(r"[\s.\-]")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class WrongGroup:
    """A check digit that does not fit what stands before it.

    `group` is `field_1`, `field_2`, `field_3` (bank slip), `block_1` to `block_4` (collection slip)
    or `general`, the check digit over the whole barcode.
    """

    group: str
    found: str
    expected: str


class BoletoError(ValueError):
    """A slip cannot be read or built; `code` says why.

    The codes: `not_digits`, `bad_length`, `bad_check_digit` (see `wrong`), `bad_currency`,
    `bad_bank`, `bad_free_field`, `bad_amount`, `bad_due_date`, and for collection slips
    `bad_product` and `bad_value_id`.
    """

    def __init__(self, code: str, found: str = "", wrong: tuple[WrongGroup, ...] = ()) -> None:
        said = found or ", ".join(f"{each.group} {each.found} for {each.expected}" for each in wrong)
        super().__init__(f"{code}: {said}")
        self.code, self.found, self.wrong = code, found, wrong


@dataclass(frozen=True, slots=True)
class Boleto:
    """What a bank slip says. No amount (0) and no due date (None) are left to whoever is paid."""

    bank: str
    free_field: str
    amount_cents: int
    due_on: date | None


def barcode(slip: Boleto) -> str:
    """Return the 44 digits of the barcode; raises BoletoError for what does not fit into them."""
    if not (_DIGITS.fullmatch(slip.bank) and len(slip.bank) == 3 and slip.bank != "000"):
        raise BoletoError("bad_bank", slip.bank)
    if not (_DIGITS.fullmatch(slip.free_field) and len(slip.free_field) == FREE_FIELD_LENGTH):
        raise BoletoError("bad_free_field", slip.free_field)
    if not 0 <= slip.amount_cents <= MAX_AMOUNT_CENTS:
        raise BoletoError("bad_amount", str(slip.amount_cents))
    try:
        factor = due_factor.factor_of(slip.due_on) if slip.due_on else 0
    except FactorError:
        raise BoletoError("bad_due_date", str(slip.due_on)) from None
    head, tail = slip.bank + REAL, f"{factor:04d}{slip.amount_cents:010d}{slip.free_field}"
    return head + mod11_of_boleto(head + tail) + tail


def line(slip: Boleto) -> str:
    """Return the 47 digits of the line; raises BoletoError like `barcode`."""
    return line_of(barcode(slip))


def line_of(code: str) -> str:
    """Return the line of a barcode of 44 digits, whose check digit is taken as it stands."""
    fields = [code[:4] + code[19:24], code[24:34], code[34:44]]
    return "".join(field + mod10(field) for field in fields) + code[4] + code[5:19]


def barcode_of(typed: str) -> str:
    """Return the barcode of a line of 47 digits, unchecked; punctuation is left out first."""
    digits = plain_digits(typed)
    if len(digits) != LINE_LENGTH:
        raise BoletoError("bad_length", typed)
    fields = digits[4:9] + digits[10:20] + digits[21:31]
    return digits[:4] + digits[32] + digits[33:] + fields


def format_line(digits: str) -> str:
    """Return a line of 47 digits in the groups in which slips print it."""
    first, second, third = digits[:10], digits[10:21], digits[21:32]
    fields = " ".join(f"{field[:5]}.{field[5:]}" for field in (first, second, third))
    return f"{fields} {digits[32]} {digits[33:]}"


def wrong_groups(typed: str) -> tuple[WrongGroup, ...]:
    """Return which check digits of a barcode or a line are wrong; none when all are right.

    A wrong digit in a field makes the general check digit wrong as well: that one is named only
    when every field is right. Raises BoletoError for what is neither 44 nor 47 digits.
    """
    digits = plain_digits(typed)
    if len(digits) == BARCODE_LENGTH:
        return _wrong_general(digits)
    code = barcode_of(digits)
    fields = [digits[:10], digits[10:21], digits[21:32]]
    wrong = tuple(
        WrongGroup(f"field_{number}", field[-1], mod10(field[:-1]))
        for number, field in enumerate(fields, start=1)
        if mod10(field[:-1]) != field[-1]
    )
    return wrong or _wrong_general(code)


def parse(typed: str, *, on: date) -> Boleto:
    """Return what a barcode or a line says, read on the day `on`, which tells the due date's round.

    Raises BoletoError, which names the groups of digits that are wrong.
    """
    wrong = wrong_groups(typed)
    if wrong:
        raise BoletoError("bad_check_digit", wrong=wrong)
    digits = plain_digits(typed)
    code = digits if len(digits) == BARCODE_LENGTH else barcode_of(digits)
    if code[3] != REAL:
        raise BoletoError("bad_currency", code[3])
    if code[:3] == "000":
        raise BoletoError("bad_bank", code[:3])
    try:
        due_on = due_factor.due_date(int(code[5:9]), on=on)
    except FactorError:
        raise BoletoError("bad_due_date", code[5:9]) from None
    return Boleto(bank=code[:3], free_field=code[19:], amount_cents=int(code[9:19]), due_on=due_on)


def plain_digits(typed: str) -> str:
    """Return the digits of a typed line without its points, hyphens and blanks.

    Raises BoletoError (`not_digits`) when anything else is among them.
    """
    digits = _PUNCTUATION.sub("", typed)
    if not _DIGITS.fullmatch(digits):
        raise BoletoError("not_digits" if digits else "bad_length", typed)
    return digits


def _wrong_general(code: str) -> tuple[WrongGroup, ...]:
    expected = mod11_of_boleto(code[:4] + code[5:])
    return () if expected == code[4] else (WrongGroup("general", code[4], expected),)
