"""What people answer on the telephone: found while talking, and an answer of ours looked at kindly."""

from collections.abc import Iterable
from typing import Protocol

from contacts.rules import courtesy, disclosure
from contacts.rules.courtesy import Discourtesy

#: What is worth a word to somebody who practises: a greeting is not, in the middle of a talk.
WORTH_SAYING = frozenset({"threat", "shaming", "pressure", "consequence", "hard_word", "capitals", "storm"})


class Answer(Protocol):
    """What somebody may say, and what we reply."""

    @property
    def says(self) -> str:
        """What the person says."""

    @property
    def reply(self) -> str:
        """What we reply."""


def matching[A: Answer](asked: str, answers: Iterable[A]) -> list[A]:
    """Return the answers in which every word asked for begins a word; accents and case do not matter.

    Those where the person himself says it come before those where only our reply does.
    """
    wanted = _words(asked)
    said = [each for each in answers if _holds(each.says, wanted)]
    replied = [each for each in answers if each not in said and _holds(f"{each.says} {each.reply}", wanted)]
    return said + replied


def remarks(text: str) -> list[Discourtesy]:
    """Return what in an answer would better be said otherwise: threats, shaming, pressure, hard words."""
    return [each for each in courtesy.discourtesies(text) if each.kind in WORTH_SAYING]


def _holds(text: str, wanted: list[str]) -> bool:
    words = _words(text)
    return all(any(word.startswith(part) for word in words) for part in wanted)


def _words(text: str) -> list[str]:
    plain = disclosure.plain(text)
    return "".join(each if each.isalnum() else " " for each in plain).split()
