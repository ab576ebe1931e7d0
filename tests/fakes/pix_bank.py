"""A stand-in for a bank that speaks the Banco Central's Pix API: OAuth2, PUT and GET of /cobv/{txid}.

It refuses what the API's published document refuses, and can be told to answer badly: `mood` is "well",
"lost" (does it, then hangs up), "deaf" (hangs up before it does anything), "down" (503), "other_amount"
(says it kept another one) or "nonsense".
"""

import base64
import json
import re
import socket
import threading
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from debtors.rules import brcode
from debtors.rules.brcode import BrCode

CLIENT, SECRET = "our-client", "our-secret"
TXID = re.compile(r"[a-zA-Z0-9]{26,35}")
AMOUNT = re.compile(r"\d{1,10}\.\d{2}")
ERRORS = "https://pix.bcb.gov.br/api/v2/error/"


@dataclass
class PixBank:
    """A running stand-in; `charges` is what it keeps, `asked` what it was asked, in order."""

    server: ThreadingHTTPServer
    mood: str = "well"
    charges: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    tells_code: bool = True

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def settings(self) -> dict[str, str]:
        """How the product is told of it."""
        return {
            "base_url": f"{self.address}/api/v2",
            "token_url": f"{self.address}/oauth/token",
            "client_id": CLIENT,
            "client_secret": SECRET,
            "certificate_file": "",
            "key_file": "",
            "ca_file": "",
        }

    def stop(self) -> None:
        """End it."""
        self.server.shutdown()
        self.server.server_close()


def start() -> PixBank:
    """Start a stand-in on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    bank = PixBank(server)
    server.bank = bank  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return bank


class _Handler(BaseHTTPRequestHandler):
    @property
    def bank(self) -> PixBank:
        return self.server.bank  # type: ignore[attr-defined, no-any-return]

    def do_POST(self) -> None:
        form = parse_qs(self._body().decode())
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        right = form.get("grant_type") == ["client_credentials"] and "cobv.write" in form["scope"][0]
        if self.path != "/oauth/token" or self.headers["Authorization"] != f"Basic {pair}" or not right:
            self._say(401, {"error": "invalid_client"})
            return
        token = f"token-{len(self.bank.tokens)}"
        self.bank.tokens.add(token)
        self._say(200, {"access_token": token, "token_type": "Bearer", "expires_in": 300})

    def do_PUT(self) -> None:
        self._answer("PUT")

    def do_GET(self) -> None:
        self._answer("GET")

    def _answer(self, method: str) -> None:
        body = self._body()
        txid = self.path.removeprefix("/api/v2/cobv/")
        if self.headers["Authorization"].removeprefix("Bearer ") not in self.bank.tokens:
            self._say(401, {})
            return
        self.bank.asked.append(f"{method} {txid}")
        mood = self.bank.mood
        if mood == "deaf":
            self._hang_up()
        elif mood == "down":
            self._fail(503, "ServicoIndisponivel")
        elif mood == "nonsense":
            self._say(200, {"txid": txid})
        elif method == "PUT":
            self._keep(txid, json.loads(body), mood=mood)
        elif txid in self.bank.charges:
            self._say(200, self.bank.charges[txid])
        else:
            self._fail(404, "CobVNaoEncontrado")

    def _keep(self, txid: str, asked: dict[str, Any], *, mood: str) -> None:
        if complaint := _complaint(txid, asked):
            self._fail(400, complaint)
            return
        if txid in self.bank.charges:
            self._fail(400, "CobVOperacaoInvalida")
            return
        location = f"pix.example.com/qr/v2/cobv/{txid.lower()}"
        kept = asked | {
            "txid": txid, "revisao": 0, "status": "ATIVA", "location": location,
            "loc": {"id": len(self.bank.charges) + 1, "location": location, "tipoCob": "cobv"},
        }  # fmt: skip
        kept["calendario"] = asked["calendario"] | {"criacao": "2026-11-20T12:00:00Z"}
        if mood == "other_amount":
            kept["valor"] = {"original": "1.00"}
        if self.bank.tells_code:
            code = BrCode(merchant_name="Fulano", merchant_city="BRASILIA", url=location, is_one_use=True)
            kept["pixCopiaECola"] = brcode.build(code)
        self.bank.charges[txid] = kept
        if mood == "lost":
            self._hang_up()
        else:
            self._say(201, kept)

    def _fail(self, status: int, kind: str) -> None:
        self._say(status, {"type": ERRORS + kind, "title": kind, "status": status})

    def _say(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _hang_up(self) -> None:
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"] or 0))

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def _complaint(txid: str, asked: dict[str, Any]) -> str:
    """Return what the published document finds wrong with a charge."""
    payer, calendar = asked.get("devedor", {}), asked.get("calendario", {})
    is_right = (
        TXID.fullmatch(txid)
        and AMOUNT.fullmatch(asked.get("valor", {}).get("original", ""))
        and len({"cpf", "cnpj"} & payer.keys()) == 1
        and payer.get("nome")
        and asked.get("chave")
        and isinstance(calendar.get("validadeAposVencimento"), int)
        and date.fromisoformat(calendar["dataDeVencimento"])
    )
    return "" if is_right else "CobVOperacaoInvalida"
