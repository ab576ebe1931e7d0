"""What a bank is asked and what it may answer, whichever protocol it speaks."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class DueCharge:
    """One Pix with a due date, to be kept at the bank under its txid until `due_on` and no longer."""

    txid: str
    key: str
    amount_cents: int
    due_on: date
    payer_name: str
    payer_tax_id: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The bank has the charge, at `location`. `payload` is its code as the bank writes it, or empty."""

    charge: DueCharge
    location: str
    payload: str
    is_payable: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The bank will not keep it; `reason` is its own word, fit to be kept."""

    reason: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The bank says that it has no such charge."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """No answer, or one without sense: the bank may have the charge or not."""

    reason: str


class PixBank(Protocol):
    """A bank that keeps Pix with due dates. It never raises; what is not certain is Unclear."""

    def keep(self, charge: DueCharge) -> Kept | Refused | Unclear:
        """Ask the bank to keep a charge. Asking twice by one txid can never make two."""

    def find(self, txid: str) -> Kept | Absent | Unclear:
        """Ask the bank what it has under a txid."""
