"""CPF and CNPJ, Brazil's tax identifiers of people and companies, as text without punctuation.

The CNPJ is alphanumeric since July 2026 (IN RFB 2.229/2024): twelve of 0-9 and A-Z, then two
check digits; a character counts as its ASCII code minus 48. Never store either as a number.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum.br import cnpj, cpf

_PUNCTUATION = str.maketrans("", "", ".-/ ")
_CPF = re.compile(r"[0-9]{11}")
_CNPJ = re.compile(r"[0-9A-Z]{12}[0-9]{2}")


class TaxIdKind(StrEnum):
    """Whose identifier it is: CPF of a person, CNPJ of a company."""

    CPF = "cpf"
    CNPJ = "cnpj"


@dataclass(frozen=True, slots=True)
class TaxId:
    """A checked identifier: `number` is 11 digits (CPF) or 14 upper-case characters (CNPJ)."""

    number: str
    kind: TaxIdKind


class TaxIdError(ValueError):
    """Not a CPF or CNPJ. `code` is `bad_length`, `bad_character`, `repeated_digits` or `bad_check_digits`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code


def parse(text: str) -> TaxId:
    """Return the CPF or CNPJ in `text`, with or without punctuation, in either case; raises TaxIdError.

    An identifier of one repeated character passes the arithmetic and is refused all the same.
    """
    stripped = text.strip().translate(_PUNCTUATION)
    if not (stripped.isascii() and stripped.isalnum()):
        raise TaxIdError("bad_character" if stripped else "bad_length", text)
    number = stripped.upper()
    kind = _kind_of(number, text=text)
    if len(set(number)) == 1 or number[:12] == "0" * 12:
        raise TaxIdError("repeated_digits", text)
    checker = cpf if kind is TaxIdKind.CPF else cnpj
    if not checker.is_valid(number):
        raise TaxIdError("bad_check_digits", text)
    return TaxId(number, kind)


def is_valid(text: str) -> bool:
    """Return whether `text` is a CPF or a CNPJ."""
    try:
        parse(text)
    except TaxIdError:
        return False
    return True


def with_check_digits(base: str) -> str:
    """Return the whole identifier for its first 9 digits (CPF) or 12 characters (CNPJ), for invented data."""
    longest = {9: 11, 12: 9}[len(base)]  # weights run 2, 3, … from the right; the CNPJ's begin again after 9
    for _ in range(2):
        total = sum((ord(c) - 48) * (2 + place % (longest - 1)) for place, c in enumerate(reversed(base)))
        base += "0" if total % 11 < 2 else str(11 - total % 11)
    return base


def format_number(number: str) -> str:
    """Return a stored identifier with its punctuation: `390.533.447-05`, `12.ABC.345/01DE-35`."""
    if len(number) == 11:
        return f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"
    return f"{number[:2]}.{number[2:5]}.{number[5:8]}/{number[8:12]}-{number[12:]}"


def mask(number: str) -> str:
    """Return what may be shown without need: the middle only, `***.533.447-**`, `**.ABC.345/****-**`."""
    if len(number) == 11:
        return f"***.{number[3:6]}.{number[6:9]}-**"
    return f"**.{number[2:5]}.{number[5:8]}/****-**"


def _kind_of(number: str, *, text: str) -> TaxIdKind:
    """Tell a CPF from a CNPJ by length, then check the alphabet of each."""
    kinds = {11: (TaxIdKind.CPF, _CPF), 14: (TaxIdKind.CNPJ, _CNPJ)}
    if len(number) not in kinds:
        raise TaxIdError("bad_length", text)
    kind, alphabet = kinds[len(number)]
    if not alphabet.fullmatch(number):
        raise TaxIdError("bad_character", text)
    return kind
