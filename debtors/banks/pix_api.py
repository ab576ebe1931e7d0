"""A bank that speaks the Pix API as the Banco Central publishes it: charges with a due date (cobv).

PUT /cobv/{txid} keeps one, GET /cobv/{txid} tells of it; errors are RFC 7807 documents. Access is by
OAuth2 client credentials over mutual TLS.

Source: Banco Central do Brasil, API Pix, OpenAPI document 2.8 (repository bacen/pix-api).
"""

import base64
import json
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from debtors.banks import wire
from debtors.banks.base import Absent, DueCharge, Kept, Refused, Unclear
from debtors.banks.wire import Answer, Credentials, NoAnswerError

SCOPES = "cobv.write cobv.read"
EARLY_SECONDS = 30.0  # before a token ends another one is asked for
LONGEST_NAME, LONGEST_WORDS, LONGEST_REASON = 200, 140, 60
CPF_DIGITS = 11
PAYABLE = "ATIVA"


class _NoTokenError(Exception):
    """The bank gives us no access, or does not answer; no charge was asked for."""


@dataclass(slots=True)
class PixApi:
    """One connection. `base_url` ends before `/cobv`; `token_url` is the OAuth2 token endpoint."""

    base_url: str
    token_url: str
    credentials: Credentials
    seconds: float = 10.0
    _token: str = ""
    _good_until: float = 0.0

    def keep(self, charge: DueCharge) -> Kept | Refused | Unclear:
        """Ask the bank to keep a charge; see `PixBank`."""
        try:
            answer = self._ask("PUT", charge.txid, _written(charge))
        except (_NoTokenError, NoAnswerError) as error:
            return Unclear(str(error)[:LONGEST_REASON])
        if answer.status in (200, 201):
            return _read(answer)
        if answer.status in (400, 403, 409, 422):
            return Refused(_reason(answer))
        return Unclear(_reason(answer))

    def find(self, txid: str) -> Kept | Absent | Unclear:
        """Ask the bank what it has under a txid; see `PixBank`."""
        try:
            answer = self._ask("GET", txid, None)
        except (_NoTokenError, NoAnswerError) as error:
            return Unclear(str(error)[:LONGEST_REASON])
        if answer.status == 200:
            return _read(answer)
        return Absent() if answer.status == 404 else Unclear(_reason(answer))

    def _ask(self, method: str, txid: str, body: dict[str, Any] | None) -> Answer:
        """Ask once; a token that is not taken any more is renewed once."""
        for is_last in (False, True):
            headers = {"Authorization": f"Bearer {self._access()}", "Content-Type": "application/json"}
            answer = wire.ask(
                method,
                f"{self.base_url.rstrip('/')}/cobv/{txid}",
                headers=headers,
                body=None if body is None else json.dumps(body).encode(),
                credentials=self.credentials,
                seconds=self.seconds,
            )
            if answer.status != 401 or is_last:
                return answer
            self._token = ""
        raise AssertionError("unreachable")

    def _access(self) -> str:
        if self._token and monotonic() < self._good_until:
            return self._token
        pair = f"{self.credentials.client_id}:{self.credentials.client_secret}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        form = urlencode({"grant_type": "client_credentials", "scope": SCOPES}).encode()
        try:
            answer = wire.ask(
                "POST",
                self.token_url,
                headers=headers,
                body=form,
                credentials=self.credentials,
                seconds=self.seconds,
            )
        except NoAnswerError as error:
            raise _NoTokenError(f"no token: {error}") from error
        token, lasts = answer.body.get("access_token"), answer.body.get("expires_in")
        if answer.status != 200 or not isinstance(token, str):
            raise _NoTokenError(f"no token: {answer.status}")
        seconds = lasts if isinstance(lasts, int) else 0
        self._token, self._good_until = token, monotonic() + max(seconds - EARLY_SECONDS, 0)
        return token


def _written(charge: DueCharge) -> dict[str, Any]:
    which = "cpf" if len(charge.payer_tax_id) == CPF_DIGITS else "cnpj"
    written: dict[str, Any] = {
        "calendario": {"dataDeVencimento": charge.due_on.isoformat(), "validadeAposVencimento": 0},
        "devedor": {which: charge.payer_tax_id, "nome": charge.payer_name[:LONGEST_NAME]},
        "valor": {"original": f"{charge.amount_cents // 100}.{charge.amount_cents % 100:02d}"},
        "chave": charge.key,
    }
    if charge.words:
        written["solicitacaoPagador"] = charge.words[:LONGEST_WORDS]
    return written


def _read(answer: Answer) -> Kept | Unclear:
    """Return what the bank has, in its own words; Unclear when what it says cannot be read."""
    try:
        body = answer.body
        payer, calendar = body["devedor"], body["calendario"]
        reais, _, cents = str(body["valor"]["original"]).partition(".")
        charge = DueCharge(
            txid=str(body["txid"]),
            key=str(body["chave"]),
            amount_cents=int(reais) * 100 + int(cents.ljust(2, "0")),
            due_on=date.fromisoformat(calendar["dataDeVencimento"]),
            payer_name=str(payer["nome"]),
            payer_tax_id=str(payer.get("cpf") or payer["cnpj"]),
            words=str(body.get("solicitacaoPagador", "")),
        )
        location = str(body.get("location") or body["loc"]["location"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Unclear(f"{answer.status}: not readable")
    payload = body.get("pixCopiaECola")
    return Kept(charge, location, payload if isinstance(payload, str) else "", body.get("status") == PAYABLE)


def _reason(answer: Answer) -> str:
    """Return the bank's own word for an error: the end of the document's type, else the status."""
    kind = answer.body.get("type")
    word = kind.rsplit("/", 1)[-1] if isinstance(kind, str) else ""
    return f"{answer.status} {word}".strip()[:LONGEST_REASON]
