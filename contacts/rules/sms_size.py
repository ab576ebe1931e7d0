"""How big an SMS is: which encoding a text forces, how many segments it takes, and how to make it smaller."""

import unicodedata
from dataclasses import dataclass

# GSM 03.38, basic table and the extension table whose characters take two places.
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
ONE_SEGMENT = {"GSM-7": 160, "UCS-2": 70}
EACH_OF_MANY = {"GSM-7": 153, "UCS-2": 67}

TYPOGRAPHIC = {
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "…": "...",
    "\u00a0": " ",
    "•": "-",
}


@dataclass(frozen=True, kw_only=True)
class SmsSize:
    """How big an SMS is. `units` are places of its encoding; `offenders` are what forces UCS-2 on it."""

    encoding: str
    units: int
    segments: int
    offenders: str


def sms_size(text: str) -> SmsSize:
    """Return the size of `text` as an SMS: Portuguese á í ó ú â ê ô ã õ ç more than double it."""
    offenders = "".join(sorted(set(text) - GSM_BASIC - GSM_EXTENDED))
    encoding = "UCS-2" if offenders else "GSM-7"
    widths = [_width(character, encoding=encoding) for character in text]
    units = sum(widths)
    segments = 1 if units else 0
    if units > ONE_SEGMENT[encoding]:
        segments = _packed(widths, room=EACH_OF_MANY[encoding])
    return SmsSize(encoding=encoding, units=units, segments=segments, offenders=offenders)


def fold_to_gsm(text: str) -> str:
    """Return `text` with what GSM-7 lacks replaced by its nearest plain letter, where there is one."""
    return "".join(_folded(character) for character in unicodedata.normalize("NFC", text))


def folded(text: str) -> dict[str, str]:
    """Return what GSM-7 lacks of `text` and what is sent instead of it, letter by letter."""
    letters = sorted(set(unicodedata.normalize("NFC", text)) - GSM_BASIC - GSM_EXTENDED)
    return {letter: plain for letter in letters if (plain := _folded(letter)) != letter}


def stubborn(text: str) -> str:
    """Return what no plain letter can stand for: one of them, and the whole SMS is sent as UCS-2."""
    return sms_size(fold_to_gsm(text)).offenders


def _width(character: str, *, encoding: str) -> int:
    is_double = character in GSM_EXTENDED if encoding == "GSM-7" else ord(character) > 0xFFFF
    return 2 if is_double else 1


def _packed(widths: list[int], *, room: int) -> int:
    """Return how many segments take characters of these widths: a double one is never torn apart."""
    segments, left = 0, 0
    for width in widths:
        if width > left:
            segments, left = segments + 1, room
        left -= width
    return segments


def _folded(character: str) -> str:
    if character in GSM_BASIC or character in GSM_EXTENDED:
        return character
    plain = TYPOGRAPHIC.get(character) or "".join(
        c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
    )
    return plain if plain and all(c in GSM_BASIC for c in plain) else character
