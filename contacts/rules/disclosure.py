"""How much a text may tell: a message to somebody not yet identified tells a stranger nothing of a debt."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contacts.rules.wording import AMOUNTS, REVEALING, placeholders_in, without_placeholders
from contacts.vocabulary import Channel, Disclosure

#: Beginnings of words, without accents, that tell a stranger what a message is about or that threaten.
#: Consumer Code (Law 8.078/1990) arts. 42 and 71: no exposure to ridicule, no threat.
FORBIDDEN_BEGINNINGS = (
    "divida", "debito", "cobranca", "cobrar", "inadimpl", "negativ", "spc", "serasa", "protest", "processo",
    "processar", "penhor", "bloque", "polici", "judicial", "juridic", "devedor", "atraso", "atrasad",
    "vencid", "calote",
)  # fmt: skip
_FORBIDDEN_WORD = re.compile(r"\b(?:" + "|".join(FORBIDDEN_BEGINNINGS) + r")\w*")
_CURRENCY = re.compile(r"r\s?\$|\breais\b|\bcentavos?\b|\bbrl\b|\b\d{1,3}(?:\.?\d{3})*,\d\d\b(?!,)")
FEWEST_LETTERS_TO_SHOUT = 12


class Stage(StrEnum):
    """Where on its way a case is when a text is said: before the due date, the first word after it, later."""

    BEFORE_DUE = "before_due"
    FIRST = "first"
    LATER = "later"


FROM_LITTLE_TO_MUCH = (Disclosure.NEUTRAL, Disclosure.IDENTIFIED, Disclosure.FULL)
#: A telephone shows its messages to whoever looks at it, and a voice is heard; a letter is closed.
MOST_OF_CHANNEL: Mapping[str, Disclosure] = {
    Channel.SMS: Disclosure.IDENTIFIED,
    Channel.WHATSAPP: Disclosure.IDENTIFIED,
    Channel.EMAIL: Disclosure.FULL,
    Channel.VOICE: Disclosure.NEUTRAL,
    Channel.LETTER: Disclosure.FULL,
}
#: The first word after a due date may reach anybody: whether the address is right is not known yet.
MOST_OF_STAGE: Mapping[Stage, Disclosure] = {
    Stage.BEFORE_DUE: Disclosure.IDENTIFIED,
    Stage.FIRST: Disclosure.NEUTRAL,
    Stage.LATER: Disclosure.FULL,
}


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
    words = plain(bare)
    return (
        *(Indiscretion(kind="placeholder", found=name) for name in revealing),
        *(Indiscretion(kind="word", found=word) for word in sorted(set(_FORBIDDEN_WORD.findall(words)))),
        *(Indiscretion(kind="amount", found=sign) for sign in sorted(set(_CURRENCY.findall(words)))),
        *((Indiscretion(kind="shouting", found=""),) if is_shouted(bare) else ()),
    )


def tells(text: str) -> Disclosure:
    """Return how much `text` tells by its placeholders and figures; what words tell is for `indiscretions`.

    Raises PlaceholderError as `placeholders_in` does.
    """
    names = placeholders_in(text)
    if names & AMOUNTS or names_money(text):
        return Disclosure.FULL
    return Disclosure.IDENTIFIED if names & REVEALING else Disclosure.NEUTRAL


def names_money(text: str) -> bool:
    """Say whether the fixed words of `text` name an amount, placeholders aside."""
    return _CURRENCY.search(plain(without_placeholders(text))) is not None


def most(*, channel: str, stage: Stage = Stage.LATER) -> Disclosure:
    """Return how much a text may tell by a channel at a stage."""
    by_channel = MOST_OF_CHANNEL.get(channel, Disclosure.NEUTRAL)
    return min(by_channel, MOST_OF_STAGE[stage], key=FROM_LITTLE_TO_MUCH.index)


def is_within(told: Disclosure | str, *, most: Disclosure | str) -> bool:
    """Say whether telling so much tells no more than that."""
    return FROM_LITTLE_TO_MUCH.index(Disclosure(told)) <= FROM_LITTLE_TO_MUCH.index(Disclosure(most))


def plain(text: str) -> str:
    """Return `text` in lower case, without accents and invisible characters."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf"))


def is_shouted(text: str) -> bool:
    """Say whether more than half of the letters are capitals."""
    letters = [character for character in text if character.isalpha()]
    capitals = sum(character.isupper() for character in letters)
    return len(letters) >= FEWEST_LETTERS_TO_SHOUT and capitals * 2 > len(letters)
