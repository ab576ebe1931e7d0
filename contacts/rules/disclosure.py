"""What a message to somebody not yet identified may not say, so that no stranger learns of a debt."""

import re
import unicodedata
from dataclasses import dataclass

from contacts.rules.wording import REVEALING, placeholders_in, without_placeholders

#: Beginnings of words, without accents, that tell a stranger what a message is about or that threaten.
#: Consumer Code (Law 8.078/1990) arts. 42 and 71: no exposure to ridicule, no threat.
FORBIDDEN_BEGINNINGS = (
    "divida", "debito", "cobranca", "cobrar", "inadimpl", "negativ", "spc", "serasa", "protest", "processo",
    "processar", "penhor", "bloque", "polici", "judicial", "juridic", "devedor", "atraso", "atrasad",
    "vencid", "calote",
)  # fmt: skip
_FORBIDDEN_WORD = re.compile(r"\b(?:" + "|".join(FORBIDDEN_BEGINNINGS) + r")\w*")
_CURRENCY = re.compile(r"r\s?\$|\breais\b|\bbrl\b")
FEWEST_LETTERS_TO_SHOUT = 12


@dataclass(frozen=True, kw_only=True)
class Indiscretion:
    """One thing a first message may not hold. `kind`: word, amount, placeholder or shouting."""

    kind: str
    found: str


def indiscretions(text: str) -> tuple[Indiscretion, ...]:
    """Return everything in `text` that a message to somebody not yet identified may not say.

    Raises PlaceholderError as `placeholders_in` does.
    """
    revealing = sorted(placeholders_in(text) & REVEALING)
    bare = without_placeholders(text)
    plain = _without_accents(bare)
    return (
        *(Indiscretion(kind="placeholder", found=name) for name in revealing),
        *(Indiscretion(kind="word", found=word) for word in sorted(set(_FORBIDDEN_WORD.findall(plain)))),
        *(Indiscretion(kind="amount", found=sign) for sign in sorted(set(_CURRENCY.findall(plain)))),
        *((Indiscretion(kind="shouting", found=""),) if _is_shouted(bare) else ()),
    )


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))


def _is_shouted(text: str) -> bool:
    """Say whether more than half of the letters are capitals."""
    letters = [character for character in text if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    return len(letters) >= FEWEST_LETTERS_TO_SHOUT and capitals * 2 > len(letters)
