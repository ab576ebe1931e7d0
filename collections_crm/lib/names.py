"""Comparing names as people do: without accents, case or doubled spaces."""

import unicodedata


def fold(text: str) -> str:
    """Return `text` without accents, in lower case, with single spaces: `jose da silva`."""
    bare = text
    if not text.isascii():
        bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def tidy(text: str) -> str:
    """Return `text` composed (NFC), with single spaces and without control or invisible format characters."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    if not composed.isprintable():
        kept = (" " if c.isspace() else c for c in composed)
        composed = "".join(c for c in kept if unicodedata.category(c) not in ("Cc", "Cf"))
    return " ".join(composed.split())
