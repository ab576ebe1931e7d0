"""Makes what is shown to be paid with, and reads it back by our own readers before anybody sees it."""

from dataclasses import dataclass
from datetime import date

from debtors.banks.base import DueCharge, Kept
from debtors.models import Creditor, ReceivingAccount
from debtors.rules import bank_slips, boleto, brcode
from debtors.rules.bank_slips import Account, AccountError
from debtors.rules.boleto import Boleto, BoletoError
from debtors.rules.brcode import BrCode, BrCodeError


class CannotMakeError(Exception):
    """No code came of it, or one that says something else than it should; `reason` names why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Slip:
    """A boleto's own number, its barcode and its line."""

    our_number: str
    barcode: str
    line: str


def pix_code(account: ReceivingAccount, *, creditor: Creditor, amount_cents: int, txid: str) -> str:
    """Return the static code that pays the creditor's key; raises CannotMakeError."""
    code = BrCode(
        merchant_name=brcode.fit(creditor.name, length=brcode.NAME_LENGTH),
        merchant_city=brcode.fit(account.pix_city, length=brcode.CITY_LENGTH),
        key=account.pix_key,
        amount_cents=amount_cents,
        txid=txid,
    )
    try:
        payload = brcode.build(code)
        is_same = brcode.parse(payload) == code
    except BrCodeError as error:
        raise CannotMakeError("pix_data") from error
    if not is_same:
        raise CannotMakeError("pix_data")
    return payload


def code_of_kept(kept: Kept, *, asked: DueCharge, account: ReceivingAccount, creditor: Creditor) -> str:
    """Return the code of a charge that the bank keeps; CannotMakeError when it is not what we asked."""
    told = kept.charge
    is_ours = (told.txid, told.amount_cents, told.due_on, told.payer_tax_id) == (
        asked.txid, asked.amount_cents, asked.due_on, asked.payer_tax_id,
    )  # fmt: skip
    if not (is_ours and kept.is_payable):
        raise CannotMakeError("bank_differs")
    try:
        payload = kept.payload or brcode.build(
            BrCode(
                merchant_name=brcode.fit(creditor.name, length=brcode.NAME_LENGTH),
                merchant_city=brcode.fit(account.pix_city, length=brcode.CITY_LENGTH),
                url=kept.location.removeprefix("https://"),
                is_one_use=True,
            )
        )
        read = brcode.parse(payload)
    except BrCodeError as error:
        raise CannotMakeError("bank_code") from error
    is_named = read.url == kept.location.removeprefix("https://")
    if not is_named or read.amount_cents not in (None, asked.amount_cents):
        raise CannotMakeError("bank_code")
    return payload


def slip(account: ReceivingAccount, *, sequence: int, amount_cents: int, due_on: date, on: date) -> Slip:
    """Return the `sequence`-th boleto of an account; raises CannotMakeError."""
    try:
        numbered = bank_slips.number(slip_account(account), sequence)
        asked = Boleto(account.slip_bank, numbered.free_field, amount_cents, due_on)
        barcode = boleto.barcode(asked)
        line = boleto.line_of(barcode)
        read = {boleto.parse(barcode, on=on), boleto.parse(line, on=on)}
    except AccountError as error:
        raise CannotMakeError(
            "numbers_used_up" if error.code == "numbers_used_up" else "slip_data"
        ) from error
    except BoletoError as error:
        raise CannotMakeError("slip_data") from error
    if read != {asked} or boleto.barcode_of(line) != barcode:
        raise CannotMakeError("slip_data")
    return Slip(numbered.our_number, barcode, line)


def slip_account(account: ReceivingAccount) -> Account:
    """Return the account of a creditor's boletos as the banks' rules take it."""
    return Account(
        bank=account.slip_bank,
        branch=account.slip_branch,
        account=account.slip_account,
        wallet=account.slip_wallet,
        agreement=account.slip_agreement,
    )
