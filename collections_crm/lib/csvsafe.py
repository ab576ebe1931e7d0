"""Cells that no spreadsheet takes for a formula, and the way back to what they held.

Source: OWASP, "CSV Injection"; full-width twins because spreadsheets in some locales accept them.
"""

import re

_RISKY = "=+\\-@\t\r\n＝＋－＠"
_NEEDS_QUOTE = re.compile(f"'*[{_RISKY}]")
_IS_QUOTED = re.compile(f"'(?='*[{_RISKY}])")


def safe_cell(text: str) -> str:
    """Return `text` with an apostrophe in front when a spreadsheet might run it: `+5511…` becomes `'+5511…`.

    Text that already begins with apostrophes before such a character gets one more, so that
    `plain_cell` gives back exactly what went in.
    """
    return "'" + text if _NEEDS_QUOTE.match(text) else text


def plain_cell(text: str) -> str:
    """Return what `safe_cell` was given."""
    return _IS_QUOTED.sub("", text, count=1) if _IS_QUOTED.match(text) else text
