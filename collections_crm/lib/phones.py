"""Phone numbers as people write them in Brazil, read into E.164.

Numbering facts: Anatel's area codes and the ninth digit of mobiles (everywhere since 2016), as in
the metadata of the phonenumbers library. That library's time zones are wrong for Brazil: not used.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

# First digit -> the second digits that exist with it: 67 area codes (DDD) in all.
_AREA_CODE_DIGITS = {
    "1": "123456789", "2": "12478", "3": "1234578", "4": "123456789", "5": "1345", "6": "123456789",
    "7": "134579", "8": "123456789", "9": "123456789",
}  # fmt: skip
AREA_CODES = frozenset(first + second for first, seconds in _AREA_CODE_DIGITS.items() for second in seconds)


class PhoneKind(StrEnum):
    """What a number is for. Only a mobile takes a text message; a service (0800, 4004) is nobody's own."""

    MOBILE = "mobile"
    FIXED = "fixed"
    OTHER = "other"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164; `is_repaired` says that the missing ninth digit of a mobile was put in."""

    e164: str
    kind: PhoneKind
    is_repaired: bool = False


class PhoneError(ValueError):
    """No phone number; `code` is `not_a_phone`, `no_area_code`, `bad_area_code` or `bad_number`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code


_KINDS = {
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.FIXED_LINE: PhoneKind.FIXED,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: PhoneKind.OTHER,
    PhoneNumberType.VOIP: PhoneKind.OTHER,
    PhoneNumberType.PERSONAL_NUMBER: PhoneKind.OTHER,
}
_WRITTEN = re.compile(r"\+?[0-9 ().\-/\u00a0]+")
# What the library accepts of Brazil's own numbers, much faster in large files (a test compares the two).
_DOMESTIC = re.compile(r"(?:\+?55|0)?([1-9][0-9])(?:(9[0-9]{8})|([2-5][0-9]{7}))")
_OLD_MOBILE = re.compile(r"(?:\+?55|0(?:[1-9][0-9])?)?([1-9][0-9])([6-9][0-9]{7})")
_LOCAL_ONLY = re.compile(r"(?:[2-5][0-9]{7}|9?[6-9][0-9]{7})")


@lru_cache(maxsize=65_536)
def parse(text: str) -> Phone:
    """Return the number in `text`, read as dialled in Brazil unless it begins with `+`.

    A mobile of eight digits behind its area code is repaired with the ninth digit and says so.
    A service number is returned as such: whoever wants a person's own number refuses it.

    Raises PhoneError.
    """
    stripped = text.strip()
    if not _WRITTEN.fullmatch(stripped):
        raise PhoneError("not_a_phone", text)
    digits = re.sub(r"[^0-9+]", "", stripped)
    match = _DOMESTIC.fullmatch(digits)
    if match and match[1] in AREA_CODES:
        return Phone(
            f"+55{match[1]}{match[2] or match[3]}", PhoneKind.MOBILE if match[2] else PhoneKind.FIXED
        )
    return _parse_by_library(digits, text=text)


def area_code(e164: str) -> str | None:
    """Return the two digits of a Brazilian number's area code (DDD); None for any other number."""
    code = e164[3:5] if e164.startswith("+55") else ""
    return code if code in AREA_CODES and len(e164) in (13, 14) else None


def format_national(e164: str) -> str:
    """Return a stored number as it is read aloud: `(11) 98765-4321`; a foreign one as `+1 212 555 0100`."""
    if area_code(e164):
        return f"({e164[3:5]}) {e164[5:-4]}-{e164[-4:]}"
    number = phonenumbers.parse(e164)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def mask(e164: str) -> str:
    """Return what may be shown without need: `(11) *****-4321`."""
    if area_code(e164):
        return f"({e164[3:5]}) {'*' * (len(e164) - 9)}-{e164[-4:]}"
    return "*" * max(len(e164) - 4, 0) + e164[-4:]


def _parse_by_library(digits: str, *, text: str) -> Phone:
    """Read what is not plainly a Brazilian mobile or fixed number: carriers, services, other countries."""
    repaired = _with_ninth_digit(digits)
    try:
        number = phonenumbers.parse(repaired or digits, "BR")
    except phonenumbers.NumberParseException:
        raise PhoneError("not_a_phone", text) from None
    if not phonenumbers.is_valid_number(number):
        raise PhoneError(_why_invalid(digits), text)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    kind = _KINDS.get(phonenumbers.number_type(number), PhoneKind.SERVICE)
    return Phone(e164, kind, is_repaired=repaired is not None)


def _with_ninth_digit(digits: str) -> str | None:
    """Return the E.164 of an old eight-digit mobile with its area code; None for everything else."""
    match = _OLD_MOBILE.fullmatch(digits)
    return f"+55{match[1]}9{match[2]}" if match and match[1] in AREA_CODES else None


def _why_invalid(digits: str) -> str:
    """Name the commonest mistakes, so that a person knows what to mend."""
    if _LOCAL_ONLY.fullmatch(digits):
        return "no_area_code"
    national = digits.removeprefix("+55").removeprefix("0")
    if len(national) in (10, 11) and national[:2] not in AREA_CODES and not digits.startswith("+"):
        return "bad_area_code"
    return "bad_number"
