"""What each bank writes into the free field of its slips, and how it writes the slip's own number.

A bank is here when slips of it that others issued come out digit by digit. The slip's own number
(nosso número) is written as the bank's return file tells it, so that the payment finds its slip.

Source: the banks' published layouts of collection: Banco do Brasil (contract of seven digits), Bradesco,
Itaú, Santander.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from debtors.rules.check_digits import mod10

ITAU = "341"


@dataclass(frozen=True, slots=True)
class Account:
    """Where the money of a slip goes: digits as text, without their check digits.

    `agreement` is what the bank calls convênio or beneficiary's code; of the other fields each bank
    uses some.
    """

    bank: str
    branch: str = ""
    account: str = ""
    wallet: str = ""
    agreement: str = ""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A slip's number as the bank tells it, and the 25 digits of the free field that hold it."""

    our_number: str
    free_field: str


class AccountError(ValueError):
    """No slip can be issued for an account; `code` is `no_bank`, `numbers_used_up` or `bad_` and a field."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Layout:
    digits: Mapping[str, int]
    number_digits: int
    write: Callable[[Account, str], Numbered]


def number(account: Account, sequence: int) -> Numbered:
    """Return the `sequence`-th slip's own number (from 1) and free field; raises AccountError."""
    layout = _LAYOUTS.get(account.bank)
    if layout is None:
        raise AccountError("no_bank")
    for each in fields(account)[1:]:
        wanted, found = layout.digits.get(each.name, 0), getattr(account, each.name)
        if not re.fullmatch(rf"[0-9]{{{wanted}}}", found):
            raise AccountError(f"bad_{each.name}")
    if not 0 < sequence < 10**layout.number_digits:
        raise AccountError("numbers_used_up")
    return layout.write(account, f"{sequence:0{layout.number_digits}d}")


def digits_of(bank: str) -> Mapping[str, int]:
    """Return how many digits a bank asks for in each field that it uses; none for a bank not here."""
    layout = _LAYOUTS.get(bank)
    return layout.digits if layout else {}


def issued_as(told: str, *, account: Account) -> str:
    """Return the number under which a slip of the account was issued, as a return file may tell it.

    Itaú tells it with its check digit behind in files of 240 columns, and without in those of 400. A
    digit that is not this account's makes it a slip of somebody else's: the number stays as it is told.
    """
    number, digit = told[:-1], told[-1:]
    if account.bank != ITAU or len(number) != 8 or not told.isdecimal():
        return told
    return number if digit == _itau_digit(account, number) else told


def check_digit_of(bank: str) -> str:
    """Return the check digit that slips print behind a bank's number."""
    found = 11 - _weighted(bank, highest=9) % 11
    return "X" if found == 10 else str(found % 11)


def _banco_do_brasil(to: Account, written: str) -> Numbered:
    own = to.agreement + written
    return Numbered(own, f"000000{own}{to.wallet}")


def _bradesco(to: Account, written: str) -> Numbered:
    check = 11 - _weighted(to.wallet + written, highest=7) % 11
    letter = {10: "P", 11: "0"}.get(check, str(check))
    return Numbered(written + letter, f"{to.branch}{to.wallet}{written}{to.account}0")


def _itau(to: Account, written: str) -> Numbered:
    of_number = _itau_digit(to, written)
    of_account = mod10(to.branch + to.account)
    field = f"{to.wallet}{written}{of_number}{to.branch}{to.account}{of_account}000"
    return Numbered(written, field)


def _itau_digit(to: Account, written: str) -> str:
    return mod10(to.branch + to.account + to.wallet + written)


def _santander(to: Account, written: str) -> Numbered:
    check = 11 - _weighted(written, highest=9) % 11
    own = written + ("0" if check > 9 else str(check))
    return Numbered(own, f"9{to.agreement}{own}0{to.wallet}")


def _weighted(digits: str, *, highest: int) -> int:
    """Return the sum of digits times weights from 2 up to the highest and again, from the right."""
    return sum(int(digit) * (2 + place % (highest - 1)) for place, digit in enumerate(reversed(digits)))


_LAYOUTS: Mapping[str, _Layout] = {
    "001": _Layout({"agreement": 7, "wallet": 2}, 10, _banco_do_brasil),
    "033": _Layout({"agreement": 7, "wallet": 3}, 12, _santander),
    "237": _Layout({"branch": 4, "account": 7, "wallet": 2}, 11, _bradesco),
    ITAU: _Layout({"branch": 4, "account": 5, "wallet": 3}, 8, _itau),
}
