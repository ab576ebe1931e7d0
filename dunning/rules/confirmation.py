"""Who is on the telephone: what is asked, and when it is enough to speak of a debt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dunning.vocabulary import IdentityItem

#: How many items must have matched before amount or creditor are named (Consumer Code, art. 42: nobody
#: is exposed; Law 13.709/2018, art. 46: personal data reach nobody else).
ENOUGH = 2
DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of a person, in our own file. Postal codes are of eight digits."""

    full_name: str
    tax_id: str
    birth_date: date | None = None
    cities: Sequence[str] = ()
    postal_codes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One item to ask for, and the answers that match."""

    item: IdentityItem
    answer: str


def questions(person: Person) -> tuple[Question, ...]:
    """Return what may be asked, best first, with the answer to hear; parts of numbers only, never a whole.

    The full name stands in where less than two other items are known: it is asked for, never said.
    """
    found = [Question(IdentityItem.TAX_ID, person.tax_id[-DIGITS:])]
    if person.birth_date:
        found.insert(0, Question(IdentityItem.BIRTHDAY, f"{person.birth_date:%d/%m}"))
    if cities := _listed(person.cities):
        found.append(Question(IdentityItem.CITY, cities))
    if codes := _listed(code[-DIGITS:] for code in person.postal_codes):
        found.append(Question(IdentityItem.POSTAL_CODE, codes))
    if len(found) < ENOUGH:
        found.append(Question(IdentityItem.FULL_NAME, person.full_name))
    return tuple(found)


def is_enough(matched: Iterable[str], *, person: Person) -> bool:
    """Return whether what matched confirms the person: two different items that could be asked."""
    return len({each.item for each in questions(person)} & set(matched)) >= ENOUGH


def _listed(values: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(value for value in values if value))
