"""The BR Code: what a Pix QR code says, as text to copy ("copia e cola"), built and read back.

A text of fields, each two digits of name, two of length and a value; a field may hold fields. Its
last field is a checksum over all that stands before. With a key the code is static; with an
address the payer's bank fetches amount and due date from the receiver's bank.

Source: Banco Central do Brasil, BR Code manual and manual of standards for the initiation of Pix,
version 2.10.0, on top of the EMV QR Code specification for merchant-presented codes.
"""

import re
import unicodedata
from binascii import crc_hqx
from collections.abc import Iterable
from dataclasses import dataclass

from collections_crm.lib import names
from debtors.rules import pix_keys

NAME_LENGTH, CITY_LENGTH, TEMPLATE_LENGTH, TXID_LENGTH = 25, 15, 99, 25
MAX_AMOUNT_CENTS = 10**12 - 1  # ten digits of reais

PIX = "br.gov.bcb.pix"
NO_TXID = "***"
_CRC_FIELD = "6304"
_FIELD = re.compile(r"[0-9]{4}")
_AMOUNT = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,2}))?")
_TXID = re.compile(r"[A-Za-z0-9]{1,25}")
_URL = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]{1,5})?/[!-~]+")
_POSTAL_CODE = re.compile(r"[0-9]{8}")

type Fields = tuple[tuple[str, str], ...]


class BrCodeError(ValueError):
    """Something is wrong with a BR Code; `code` says what, `field` where (`54`, `26-01`).

    The codes: `bad_length` (a length that is no number, or points beyond the end), `crc_missing`,
    `bad_crc`, `missing_field`, `duplicate_field`, `not_pix`, `bad_value` (a fixed value is another
    one), `bad_money`, `bad_key`, `bad_url`, `bad_txid`, `bad_postal_code`, `too_long`, `not_ascii`
    and `key_and_url` (exactly one of the two must be given).
    """

    def __init__(self, code: str, field: str = "", found: str = "") -> None:
        super().__init__(" ".join(part for part in (code, field, repr(found) if found else "") if part))
        self.code, self.field, self.found = code, field, found


@dataclass(frozen=True, slots=True)
class BrCode:
    """What a BR Code says. It holds a `key` or a `url` (without `https://`), never both.

    `amount_cents` None leaves the amount to the payer (static) or to the receiver's bank.
    `recurrence_url` is where an authorisation of Pix Automático is fetched.
    """

    merchant_name: str
    merchant_city: str
    key: str = ""
    url: str = ""
    amount_cents: int | None = None
    txid: str = ""
    description: str = ""
    postal_code: str = ""
    recurrence_url: str = ""
    is_one_use: bool = False


def fit(text: str, *, length: int) -> str:
    """Return `text` as a BR Code can hold it: plain letters without accents, cut to `length`.

    What is not ASCII even without its accents is left out, so that characters and bytes agree.
    """
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return names.tidy(bare)[:length].strip()


def crc16(text: str) -> str:
    """Return the checksum (CRC-16/CCITT-FALSE) of `text` as four upper-case hexadecimal digits."""
    return f"{crc_hqx(text.encode(), 0xFFFF):04X}"


def build(code: BrCode) -> str:
    """Return the payload of `code`, as it is copied or drawn.

    Raises BrCodeError for whatever does not fit; nothing is cut in silence (see `fit`).
    """
    _check(code)
    amount = "" if code.amount_cents is None else f"{code.amount_cents // 100}.{code.amount_cents % 100:02d}"
    payload = _join(
        [
            ("00", "01"),
            ("01", "12" if code.is_one_use else ""),
            ("26", _template(code)),
            ("52", "0000"),
            ("53", "986"),
            ("54", amount),
            ("58", "BR"),
            ("59", code.merchant_name),
            ("60", code.merchant_city),
            ("61", code.postal_code),
            ("62", _join([("05", code.txid or NO_TXID)])),
            ("80", _join([("00", PIX), ("25", code.recurrence_url)]) if code.recurrence_url else ""),
        ]
    )
    return payload + _CRC_FIELD + crc16(payload + _CRC_FIELD)


def split(text: str, *, within: str = "") -> Fields:
    """Return the fields of a payload, or of the field `within`, in their order.

    Raises BrCodeError (`bad_length`), naming the field whose length is wrong.
    """
    fields, at = [], 0
    prefix = f"{within}-" if within else ""
    while at < len(text):
        head = text[at : at + 4]
        if not _FIELD.fullmatch(head):
            raise BrCodeError("bad_length", prefix + head[:2], head)
        name, length = head[:2], int(head[2:])
        value = text[at + 4 : at + 4 + length]
        if len(value) < length or not length:
            raise BrCodeError("bad_length", prefix + name, head[2:])
        fields.append((name, value))
        at += 4 + length
    return tuple(fields)


def parse(text: str) -> BrCode:
    """Return what a payload says; blanks around it are ignored.

    The structure is judged first, then the checksum, then every field. Fields that we have no use
    for are let be. Of the amount, decimals may be missing; a txid may hold what older manuals allowed.

    Raises BrCodeError, which says what is wrong and where.
    """
    payload = text.strip()
    fields = split(payload)
    found = _once(fields)
    if not fields or fields[-1][0] != "63" or len(fields[-1][1]) != 4:
        raise BrCodeError("crc_missing", "63")
    if crc16(payload[:-4]) != found["63"]:
        raise BrCodeError("bad_crc", "63", found["63"])
    for name, value in (("00", "01"), ("53", "986"), ("58", "BR")):
        if _required(found, name) != value:
            raise BrCodeError("bad_value", name, found[name])
    where, account = _account(fields)
    code = BrCode(
        merchant_name=_required(found, "59"),
        merchant_city=_required(found, "60"),
        key=account.get("01", ""),
        url=account.get("25", ""),
        amount_cents=_cents(found["54"]) if "54" in found else None,
        txid=_txid(found),
        description=account.get("02", ""),
        postal_code=found.get("61", ""),
        recurrence_url=_recurrence_url(found),
        is_one_use=found.get("01") == "12",
    )
    _check_account(code, where=where)
    return code


def _check(code: BrCode) -> None:
    """Raise BrCodeError for the first thing that a payload cannot hold."""
    for field, text, longest in (
        ("59", code.merchant_name, NAME_LENGTH),
        ("60", code.merchant_city, CITY_LENGTH),
        ("26-02", code.description, TEMPLATE_LENGTH),
    ):
        if not text.strip() and field != "26-02":
            raise BrCodeError("missing_field", field)
        if not (text.isascii() and text.isprintable()) or text != text.strip():
            raise BrCodeError("not_ascii", field, text)
        if len(text) > longest:
            raise BrCodeError("too_long", field, text)
    if code.amount_cents is not None and not 0 < code.amount_cents <= MAX_AMOUNT_CENTS:
        raise BrCodeError("bad_money", "54", str(code.amount_cents))
    if code.txid and not _TXID.fullmatch(code.txid):
        raise BrCodeError("bad_txid", "62-05", code.txid)
    if code.postal_code and not _POSTAL_CODE.fullmatch(code.postal_code):
        raise BrCodeError("bad_postal_code", "61", code.postal_code)
    if code.recurrence_url:
        _check_url(code.recurrence_url, field="80-25")
    _check_account(code, where="26")
    if len(_template(code)) > TEMPLATE_LENGTH:
        raise BrCodeError("too_long", "26", code.description)


def _check_account(code: BrCode, *, where: str) -> None:
    """Raise BrCodeError unless the receiver is named by one key or one address, rightly written."""
    if bool(code.key) == bool(code.url):
        raise BrCodeError("key_and_url" if code.key else "missing_field", f"{where}-01")
    if code.url:
        _check_url(code.url, field=f"{where}-25")
        return
    try:
        written = pix_keys.parse(code.key).value
    except pix_keys.PixKeyError:
        written = ""
    if written != code.key:
        raise BrCodeError("bad_key", f"{where}-01", code.key)


def _check_url(url: str, *, field: str) -> None:
    if len(url) > pix_keys.LONGEST_KEY or "://" in url or not _URL.fullmatch(url):
        raise BrCodeError("bad_url", field, url)


def _template(code: BrCode) -> str:
    """Write the field that names the receiver."""
    return _join([("00", PIX), ("01", code.key), ("02", code.description), ("25", code.url)])


def _join(fields: Iterable[tuple[str, str]]) -> str:
    """Write fields one behind the other; one without a value is left out."""
    return "".join(f"{name}{len(value):02d}{value}" for name, value in fields if value)


def _once(fields: Fields, *, within: str = "") -> dict[str, str]:
    """Return the fields by name; raise BrCodeError when one stands twice."""
    found: dict[str, str] = {}
    for name, value in fields:
        if name in found:
            raise BrCodeError("duplicate_field", f"{within}-{name}" if within else name)
        found[name] = value
    return found


def _required(found: dict[str, str], name: str) -> str:
    if not found.get(name, "").strip():
        raise BrCodeError("missing_field", name)
    return found[name]


def _account(fields: Fields) -> tuple[str, dict[str, str]]:
    """Return the field that speaks of Pix among the receiver's accounts (26 to 51), and what it holds."""
    for name, value in fields:
        if "26" <= name <= "51":
            inner = _once(split(value, within=name), within=name)
            if inner.get("00", "").lower() == PIX:
                return name, inner
    raise BrCodeError("not_pix", "26")


def _cents(text: str) -> int:
    """Read an amount: digits, and at most two decimals behind a point."""
    match = _AMOUNT.fullmatch(text)
    if not match:
        raise BrCodeError("bad_money", "54", text)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))


def _txid(found: dict[str, str]) -> str:
    txid = _once(split(_required(found, "62"), within="62"), within="62").get("05", "")
    if not txid:
        raise BrCodeError("missing_field", "62-05")
    if len(txid) > TXID_LENGTH:
        raise BrCodeError("bad_txid", "62-05", txid)
    return "" if txid == NO_TXID else txid


def _recurrence_url(found: dict[str, str]) -> str:
    """Return the address in field 80 when it is Pix's own, else nothing."""
    if "80" not in found:
        return ""
    inner = _once(split(found["80"], within="80"), within="80")
    return inner.get("25", "") if inner.get("00", "").lower() == PIX else ""
