"""Keys of Pix, Brazil's instant payments: what kind a key is, and the one way in which it is written."""

import re
from dataclasses import dataclass
from enum import StrEnum

from collections_crm.lib import phones, tax_ids
from collections_crm.lib.phones import PhoneKind
from collections_crm.lib.tax_ids import TaxIdKind
from debtors.rules import import_cells
from debtors.rules.import_cells import CellError

LONGEST_KEY = 77

_RANDOM = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_FOREIGN_PHONE = re.compile(r"\+[1-9][0-9]{1,14}")


class PixKeyKind(StrEnum):
    """What a key is made of; a random key (EVP) says nothing about its owner."""

    CPF = "cpf"
    CNPJ = "cnpj"
    PHONE = "phone"
    EMAIL = "email"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class PixKey:
    """A checked key; `value` is its only written form, as payloads and banks hold it."""

    value: str
    kind: PixKeyKind


class PixKeyError(ValueError):
    """No key of Pix. `code` is `not_a_key`, `too_long`, or `bad_` and the kind that it nearly is."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code


def parse(text: str) -> PixKey:
    """Return the key in `text`, punctuation and case as people type them.

    A phone begins with `+` and its country (`+5511987654321`): eleven digits alone are a CPF. The
    CNPJ may hold letters, as since July 2026.

    Raises PixKeyError.

    Source: Banco Central do Brasil, manual of the directory of keys (DICT): forms of the five kinds.
    """
    stripped = text.strip()
    if len(stripped) > LONGEST_KEY:
        raise PixKeyError("too_long", text)
    if "@" in stripped:
        return _email(stripped)
    if stripped.startswith("+"):
        return _phone(stripped)
    if _RANDOM.fullmatch(stripped.lower()):
        return PixKey(stripped.lower(), PixKeyKind.RANDOM)
    return _tax_id(stripped)


def _email(text: str) -> PixKey:
    try:
        return PixKey(import_cells.read_email(text), PixKeyKind.EMAIL)
    except CellError:
        raise PixKeyError("bad_email", text) from None


def _phone(text: str) -> PixKey:
    """Read a phone in international form; a foreign one by its form only."""
    digits = "+" + re.sub(r"[^0-9]", "", text)
    if not digits.startswith("+55"):
        if not _FOREIGN_PHONE.fullmatch(digits):
            raise PixKeyError("bad_phone", text)
        return PixKey(digits, PixKeyKind.PHONE)
    try:
        phone = phones.parse(digits)
    except phones.PhoneError:
        raise PixKeyError("bad_phone", text) from None
    if phone.kind is PhoneKind.SERVICE or phone.is_repaired:
        raise PixKeyError("bad_phone", text)
    return PixKey(phone.e164, PixKeyKind.PHONE)


def _tax_id(text: str) -> PixKey:
    try:
        found = tax_ids.parse(text)
    except tax_ids.TaxIdError as error:
        length = len(re.sub(r"[./ -]", "", text))
        nearly = {11: "bad_cpf", 14: "bad_cnpj"}.get(length, "not_a_key")
        raise PixKeyError("not_a_key" if error.code == "bad_length" else nearly, text) from None
    return PixKey(found.number, PixKeyKind.CPF if found.kind is TaxIdKind.CPF else PixKeyKind.CNPJ)
