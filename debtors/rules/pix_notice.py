"""What a bank's Pix webhook tells: money that arrived, and money that went back.

Source: Banco Central do Brasil, Pix API 2.9.0, callback `pixRecebido`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

END_TO_END = re.compile(r"[A-Za-z0-9]{32}")
_AMOUNT = re.compile(r"([0-9]{1,10})\.([0-9]{2})")
_NUMBER = re.compile(r"[A-Za-z0-9]{0,35}")
_DIGITS = re.compile(r"[0-9]{11}|[0-9A-Z]{12}[0-9]{2}")
#: The days of Pix are those of Brasília.
BRASILIA = ZoneInfo("America/Sao_Paulo")


class MalformedNoticeError(Exception):
    """The notice is not one of the Pix API; nothing of it is believed."""


@dataclass(frozen=True, slots=True)
class PixMoney:
    """One Pix received, or with `is_refund` one given back."""

    external_id: str
    amount_cents: int
    paid_on: date
    txid: str
    key: str
    payer_tax_id: str
    is_refund: bool = False


def parse(notice: object) -> list[PixMoney]:
    """Return what the notice tells, all of it; raises MalformedNoticeError, then none of it."""
    if not isinstance(notice, Mapping) or not isinstance(notice.get("pix"), list):
        raise MalformedNoticeError("no list of pix")
    return [money for each in notice["pix"] for money in _read(each)]


def _read(raw: object) -> Iterator[PixMoney]:
    if not isinstance(raw, Mapping):
        raise MalformedNoticeError("a pix is no object")
    payer = raw.get("pagador")
    paid = PixMoney(
        external_id=_text(raw, "endToEndId", END_TO_END),
        amount_cents=_cents(raw.get("valor")),
        paid_on=_day(raw.get("horario")),
        txid=_text(raw, "txid", _NUMBER, default=""),
        key=str(raw.get("chave") or "")[:77],
        payer_tax_id=_payer(payer) if isinstance(payer, Mapping) else "",
    )
    yield paid
    for refund in raw.get("devolucoes") or []:
        if not isinstance(refund, Mapping):
            raise MalformedNoticeError("a refund is no object")
        moment = refund.get("horario")
        yield PixMoney(
            external_id=f"{paid.external_id}:{_text(refund, 'id', _NUMBER)}",
            amount_cents=_cents(refund.get("valor")),
            paid_on=_day(moment.get("solicitacao") if isinstance(moment, Mapping) else moment),
            txid=paid.txid,
            key=paid.key,
            payer_tax_id=paid.payer_tax_id,
            is_refund=True,
        )


def _text(raw: Mapping[str, object], name: str, form: re.Pattern[str], default: str | None = None) -> str:
    value = raw.get(name, default)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise MalformedNoticeError(name)
    return value


def _cents(value: object) -> int:
    match = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise MalformedNoticeError("valor")
    return int(match[1]) * 100 + int(match[2])


def _day(value: object) -> date:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise MalformedNoticeError("horario")
    return moment.astimezone(BRASILIA).date()


def _payer(payer: Mapping[str, object]) -> str:
    number = payer.get("cpf") or payer.get("cnpj") or ""
    return number if isinstance(number, str) and _DIGITS.fullmatch(number) else ""
