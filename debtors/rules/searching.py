"""What somebody typed into the search field means: a tax id, a phone, or words of a name or contract."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from collections_crm.lib import phones, tax_ids

MOST_WORDS = 6
#: Plain letter -> the letters Brazilians also write for it.
_LIKE: Mapping[str, str] = {
    "a": "aáàâãäAÁÀÂÃÄ",
    "e": "eéèêëEÉÈÊË",
    "i": "iíìîïIÍÌÎÏ",
    "o": "oóòôõöOÓÒÔÕÖ",
    "u": "uúùûüUÚÙÛÜ",
    "c": "cçCÇ",
    "n": "nñNÑ",
}


class Sought(StrEnum):
    """What was typed. The first two are personal data and never stand in an address."""

    TAX_ID = "tax_id"
    PHONE = "phone"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: `value` as it is stored (digits, E.164) or as it was typed (words)."""

    kind: Sought
    value: str


def understand(text: str) -> Wanted:
    """Return what `text` means. Eleven digits may be both a CPF and a mobile: a valid CPF wins."""
    typed = text.strip()
    try:
        return Wanted(Sought.TAX_ID, tax_ids.parse(typed).number)
    except tax_ids.TaxIdError:
        pass
    try:
        return Wanted(Sought.PHONE, phones.parse(typed).e164)
    except phones.PhoneError:
        return Wanted(Sought.WORDS, typed)


def patterns(text: str) -> list[str]:
    """Return one regular expression for each word of `text`, blind to accents and case.

    They hold letter classes and escaped characters only, so that SQLite and PostgreSQL agree.
    """
    return ["".join(map(_class_of, word)) for word in text.split()[:MOST_WORDS]]


def _class_of(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character)[0].lower()
    if plain in _LIKE:
        return f"[{_LIKE[plain]}]"
    return character if character.isalnum() else re.escape(character)
