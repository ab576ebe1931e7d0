"""What somebody typed into the search field means: a tax id, a phone, or words of a name or contract."""

from dataclasses import dataclass
from enum import StrEnum

from collections_crm.lib import names, phones, tax_ids

MOST_WORDS = 6


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


def folded(*texts: str) -> str:
    """Return names as they are searched: without accents, in lower case, a space before each word."""
    return "".join(f" {word}" for text in texts for word in names.fold(text).split())


def words(text: str) -> list[str]:
    """Return the beginnings of words that `text` asks for, each as it would stand in a folded name."""
    return [f" {word}" for word in names.fold(text).split()[:MOST_WORDS]]


def may_be_contract(text: str) -> bool:
    """Return whether `text` may begin the number of a contract: it is one word with a digit in it."""
    typed = text.strip()
    return bool(typed) and not any(c.isspace() for c in typed) and any(c.isdigit() for c in typed)
