"""Numbers as short sealed words for addresses: nothing in them can be guessed or made up without the key."""

import hashlib
import hmac
from collections.abc import Iterable

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read as something else
SEAL_LENGTH = 12  # of 5 bits each
LONGEST = 13 + SEAL_LENGTH


def seal(number: int, *, purpose: str, key: str) -> str:
    """Return a number from 0 on as a word that only `key` makes, and only for this purpose."""
    written = _written(number)
    return written + _seal(written, purpose=purpose, key=key)


def unseal(word: str, *, purpose: str, keys: Iterable[str]) -> int | None:
    """Return the number in a word sealed for this purpose by one of the keys; None for any other word."""
    read = word.strip().upper()
    written, found = read[:-SEAL_LENGTH], read[-SEAL_LENGTH:]
    if not written or len(read) > LONGEST or not set(read) <= set(ALPHABET):
        return None
    if not any(hmac.compare_digest(found, _seal(written, purpose=purpose, key=key)) for key in keys):
        return None
    return _read(written)


def _seal(written: str, *, purpose: str, key: str) -> str:
    own = hashlib.sha256((purpose + key).encode()).digest()
    digest = hmac.new(own, written.encode(), hashlib.sha256).digest()
    return "".join(ALPHABET[byte % 32] for byte in digest[:SEAL_LENGTH])


def _written(number: int) -> str:
    letters = ""
    while number:
        number, digit = divmod(number, 32)
        letters = ALPHABET[digit] + letters
    return letters or ALPHABET[0]


def _read(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 32 + ALPHABET.index(letter)
    return number
