"""What stands on a letter's first page, when a permission to post it falls, and when it was posted."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, tzinfo
from typing import Any

from contacts.rules import codes

MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)  # fmt: skip
#: What is held against a moment was judged when the letter was permitted: it takes days to arrive.
OF_THE_MOMENT = frozenset(
    {
        codes.OUTSIDE_HOURS, codes.HOLIDAY, codes.BIRTHDAY,
        codes.CAP_DAY_TOTAL, codes.CAP_DAY_CHANNEL, codes.CAP_DAY_POINT,
        codes.CAP_7D_TOTAL, codes.CAP_7D_CHANNEL, codes.CAP_7D_POINT,
        codes.GAP_TOTAL, codes.GAP_CHANNEL, codes.GAP_POINT,
    }
)  # fmt: skip
POSTAL_CODE = re.compile(r"[0-9]{8}")
NOON = time(12)


class HalfAnAddressError(ValueError):
    """No postman would find it; `missing` is street, city, state or postal_code."""

    def __init__(self, missing: str) -> None:
        super().__init__(missing)
        self.missing = missing


def address_lines(*, name: str, street: str, city: str, state: str, postal_code: str) -> tuple[str, ...]:
    """Return the lines that stand in the envelope's window: name, street, postal code with town and state.

    Raises HalfAnAddressError for an address without one of its parts.
    """
    parts = {"street": street, "city": city, "state": state, "postal_code": postal_code}
    for part, value in parts.items():
        if not value.strip() or (part == "postal_code" and not POSTAL_CODE.fullmatch(value)):
            raise HalfAnAddressError(part)
    town = f"{postal_code[:5]}-{postal_code[5:]} {_one_line(city)} – {state.strip().upper()}"
    return (_one_line(name), _one_line(street), town)


def paragraphs(body: str) -> list[list[str]]:
    """Return the paragraphs of a text, each as its lines."""
    parts = re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip())
    return [[line.rstrip() for line in part.splitlines()] for part in parts if part.strip()]


def dated(day: date) -> str:
    """Return a day as letters write it: `21 de novembro de 2026`."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def says_the_same(words: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Say whether two letters differ in their date at most."""
    return {**words, "dated": ""} == {**others, "dated": ""}


def taken_back_by(reasons: Iterable[str]) -> tuple[str, ...]:
    """Return which of the gate's objections take back the permission of a letter not posted yet."""
    return tuple(code for code in reasons if code not in OF_THE_MOMENT)


def posted_at(*, on: date, made_at: datetime, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment at which letters posted on a day count as made: noon, never before they existed."""
    if on >= now.astimezone(zone).date():
        return now
    return min(max(datetime.combine(on, NOON, tzinfo=zone), made_at), now)


def file_name(*, contact_id: int, sha256: str) -> str:
    """Return the name of a print: the same letter has the same name, and another print of it another."""
    return f"carta-{contact_id}-{sha256[:12]}.pdf"


def _one_line(text: str) -> str:
    return " ".join(text.split())
