"""One cell of a file of debts: read into a typed value, or refused with a code that names why."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from collections_crm.lib import dates, money, names, phones, tax_ids
from collections_crm.lib.phones import Phone, PhoneKind
from collections_crm.lib.tax_ids import TaxId
from debtors.rules import charges
from debtors.vocabulary import FactValue, Instrument, PartyKind, PaymentMethod, PointKind

MAX_AMOUNT_CENTS = 10**12  # ten billion reais: beyond it a separator was lost
MAX_INSTALLMENT = 999
MAX_MONTHLY_INTEREST = Decimal("0.2")  # beyond it a comma was lost

STATES = frozenset(
    {
        "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA",
        "PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
    }
)  # fmt: skip

_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)
_INSTALLMENT = re.compile(r"0*([0-9]{1,6})(?:\s*(?:/|de|of)\s*[0-9]{1,6})?")
_PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,3})?) ?%?")
_POSTAL_CODE = re.compile(r"[0-9]{2}\.?[0-9]{3}-?[0-9]{3}|[0-9]{7}")

PARTY_WORDS: Mapping[str, PartyKind] = {
    **dict.fromkeys(["pessoa", "pessoa fisica", "fisica", "pf", "f", "person"], PartyKind.PERSON),
    **dict.fromkeys(["empresa", "pessoa juridica", "juridica", "pj", "j", "company"], PartyKind.COMPANY),
}
POINT_WORDS: Mapping[str, PointKind] = {
    **dict.fromkeys(
        ["proprio", "propria", "pessoal", "particular", "celular", "own", "personal", "mobile"], PointKind.OWN
    ),
    **dict.fromkeys(["residencial", "residencia", "casa", "home"], PointKind.HOME),
    **dict.fromkeys(
        ["trabalho", "comercial", "empresa", "emprego", "workplace", "work", "business"], PointKind.WORKPLACE
    ),
    **dict.fromkeys(
        ["terceiro", "terceiros", "recado", "recados", "parente", "familiar", "vizinho", "referencia",
         "third party", "third_party"],
        PointKind.THIRD_PARTY,
    ),
}  # fmt: skip
INSTRUMENT_WORDS: Mapping[str, Instrument] = {
    **dict.fromkeys(["boleto", "duplicata"], Instrument.BOLETO),
    **dict.fromkeys(["contrato", "contract", "emprestimo", "financiamento"], Instrument.CONTRACT),
    **dict.fromkeys(["cartao", "cartao de credito", "card"], Instrument.CARD),
    **dict.fromkeys(["cheque", "check"], Instrument.CHEQUE),
    **dict.fromkeys(["outro", "outros", "other"], Instrument.OTHER),
}
KEY_CUSTOMER_WORDS: Mapping[str, FactValue] = {
    **dict.fromkeys(["sim", "s", "yes", "y", "1", "x"], FactValue.YES),
    **dict.fromkeys(["nao", "n", "no", "0"], FactValue.NO),
}
RISK_WORDS: Mapping[str, FactValue] = {
    **dict.fromkeys(["baixo", "low"], FactValue.LOW),
    **dict.fromkeys(["medio", "moderado", "medium"], FactValue.MEDIUM),
    **dict.fromkeys(["alto", "high"], FactValue.HIGH),
}
METHOD_WORDS: Mapping[str, PaymentMethod] = {
    "pix": PaymentMethod.PIX,
    "boleto": PaymentMethod.BOLETO,
    **dict.fromkeys(["transferencia", "ted", "doc", "transfer", "bank transfer"], PaymentMethod.TRANSFER),
    **dict.fromkeys(["cartao", "card"], PaymentMethod.CARD),
    **dict.fromkeys(["dinheiro", "cash"], PaymentMethod.CASH),
    **dict.fromkeys(["outro", "outros", "other"], PaymentMethod.OTHER),
}


class CellError(ValueError):
    """A cell cannot be read; `code` and `params` make the sentence."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@lru_cache(maxsize=4096)
def read_tax_id(text: str) -> TaxId:
    """Return the CPF or CNPJ; zeros that a spreadsheet dropped from its front are put back.

    Only bare digits are filled up, and the check digits must then be right.
    """
    whole = text
    if text.isascii() and text.isdigit() and 8 <= len(text) < 14 and len(text) != 11:
        whole = text.zfill(11 if len(text) < 11 else 14)
    try:
        return tax_ids.parse(whole)
    except tax_ids.TaxIdError as error:
        code = "bad_length" if whole != text else error.code
        raise CellError(f"tax_id_{code}") from None


def read_name(text: str) -> str:
    """Return a name: at least two letters."""
    if len([c for c in text if c.isalpha()]) < 2:
        raise CellError("name_without_letters")
    return text


def read_phone(text: str) -> Phone:
    """Return a number that somebody may answer: toll-free and shared-cost services are refused."""
    try:
        phone = phones.parse(text)
    except phones.PhoneError as error:
        raise CellError(f"phone_{error.code}") from None
    if phone.kind is PhoneKind.SERVICE:
        raise CellError("phone_is_a_service")
    return phone


def read_email(text: str) -> str:
    """Return the address in lower case, as every provider treats it."""
    local, _, _domain = text.partition("@")
    if len(text) > 254 or len(local) > 64 or not _EMAIL.fullmatch(text):
        raise CellError("not_an_email")
    return text.lower()


def read_state(text: str) -> str:
    """Return one of the 27 states, as two upper-case letters."""
    if text.upper() not in STATES:
        raise CellError("no_such_state")
    return text.upper()


def read_postal_code(text: str) -> str:
    """Return the eight digits of a CEP; the zero that a spreadsheet dropped is put back."""
    if not _POSTAL_CODE.fullmatch(text):
        raise CellError("not_a_postal_code")
    return re.sub(r"[^0-9]", "", text).zfill(8)


def read_amount(text: str) -> int:
    """Return centavos above zero."""
    try:
        cents = money.parse(text)
    except money.AmountError as error:
        raise CellError(f"amount_{error.code}") from None
    if cents <= 0:
        raise CellError("amount_not_above_zero")
    if cents > MAX_AMOUNT_CENTS:
        raise CellError("amount_too_large")
    return cents


@lru_cache(maxsize=8192)
def read_date(text: str) -> date:
    """Return a day."""
    try:
        return dates.parse(text)
    except dates.DateError as error:
        raise CellError(f"date_{error.code}") from None


def read_past_date(text: str, *, on: date) -> date:
    """Return a day that is not after `on`."""
    day = read_date(text)
    if day > on:
        raise CellError("date_in_the_future")
    return day


def read_percent(text: str) -> Decimal:
    """Return the fraction that a percentage is: `2`, `2,0` and `2 %` are 0.02."""
    match = _PERCENT.fullmatch(text)
    if not match:
        raise CellError("not_a_percentage")
    return Decimal(match[1].replace(",", ".")) / 100


def read_late_fee(text: str, *, is_company: bool) -> Decimal:
    """Return the late fee of a contract as a fraction; one beyond the law is refused, never trimmed.

    Source: Consumer Code (Law 8.078/1990), art. 52 §1; between companies Decree 22.626/1933, art. 9.
    """
    rate = read_percent(text)
    most = charges.COMPANY_FEE_CEILING if is_company else charges.LATE_FEE_CEILING
    if rate > most:
        raise CellError("late_fee_too_high", most=f"{most * 100:.0f}")
    return rate


def read_monthly_interest(text: str) -> Decimal:
    """Return the interest a month as a fraction."""
    rate = read_percent(text)
    if rate > MAX_MONTHLY_INTEREST:
        raise CellError("interest_too_high", most=f"{MAX_MONTHLY_INTEREST * 100:.0f}")
    return rate


def read_installment(text: str) -> int:
    """Return the number of an installment: `3`, `03`, `3/12` and `3 de 12` are the third."""
    match = _INSTALLMENT.fullmatch(text)
    number = int(match[1]) if match else 0
    if not 1 <= number <= MAX_INSTALLMENT:
        raise CellError("not_an_installment", most=str(MAX_INSTALLMENT))
    return number


def read_word[Word: (PartyKind, PointKind, Instrument, PaymentMethod, FactValue)](
    text: str, *, words: Mapping[str, Word]
) -> Word:
    """Return what a word of ours means; the refusal lists the words there are."""
    found = words.get(names.fold(text))
    if found is None:
        one_each: dict[str, str] = {}
        for word, meaning in words.items():
            one_each.setdefault(meaning, word)
        raise CellError("unknown_word", words=", ".join(one_each.values()))
    return found
