"""The wire to Twilio: one fresh, time-limited connection for each request of the official client."""

import http.client
import io
import json
import math
import socket
import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import SplitResult, urlencode, urlsplit

from twilio.http.response import Response
from twilio.rest import Client

from contacts import failpoints
from contacts.channels import clocks
from contacts.channels.base import ticks

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 10.0
LARGEST_ANSWER_BYTES = 1024 * 1024


class NotConnectedError(Exception):
    """No connection came about, so not one byte of a request was written."""


class StoodStillError(NotConnectedError):
    """The connection came about, too late to use it: not one byte was written."""


@dataclass(frozen=True, kw_only=True)
class TwilioAccount:
    """Who we are at Twilio and where it is: `api_base_url` is empty for the real one.

    `status_callback_url` and `sender` are what messages use that bring none of their own; a
    `sender` beginning with MG is a messaging service.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str = ""
    status_callback_url: str = ""
    api_base_url: str = ""
    connect_seconds: float = CONNECT_SECONDS
    total_seconds: float = TOTAL_SECONDS

    def __post_init__(self) -> None:
        """Refuse half a configuration (ValueError) now, not with the first message."""
        if not (self.account_sid and self.auth_token):
            raise ValueError("Twilio needs an account sid and an auth token")
        base = urlsplit(self.api_base_url)
        if self.api_base_url and not (base.scheme in ("http", "https") and base.hostname):
            raise ValueError("the Twilio API base address must be http(s)://host[:port]")


class FreshConnections:
    """The HTTP client under Twilio's official one: no pool, no retries, no redirects, two deadlines.

    A pooled connection that the other side has closed looks like a lost request, and Twilio's
    create calls are not idempotent: that would leave the outcome unknown for nothing. `answer`
    keeps what the provider last said, because the official exceptions drop its headers. No byte is
    written after `until`, a moment of the clock of `ticks`.
    """

    def __init__(self, account: TwilioAccount, *, until: float = math.inf) -> None:
        self.account = account
        self.until = until
        self.answer: Response | None = None

    def request(  # noqa: PLR0917
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - the official client's own signature
    ) -> Response:
        """Make one request and return the answer whatever its status; never logs, for it names people.

        Raises NotConnectedError before the first byte (StoodStillError when it is too late for one),
        and OSError or http.client.HTTPException after it.
        """
        self.answer = None
        status, content, said = self._ask(method, uri, params, data, dict(headers or {}), auth)
        self.answer = Response(status, content.decode("utf-8", errors="replace"), said)
        return self.answer

    def content_of(self, path: str, *, most_bytes: int) -> tuple[int, bytes]:
        """Return the status and the bytes of what lies at a path of the API. Raises as `request` does."""
        account = self.account
        base = account.api_base_url or "https://api.twilio.com"
        auth = (account.account_sid, account.auth_token)
        status, content, _said = self._ask("GET", base.rstrip("/") + path, None, None, {}, auth, most_bytes)
        return status, content

    def _ask(  # noqa: PLR0917
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None,
        data: Mapping[str, object] | None,
        headers: dict[str, str],
        auth: tuple[str, str] | None,
        most_bytes: int = LARGEST_ANSWER_BYTES,
    ) -> tuple[int, bytes, dict[str, str]]:
        """Make one request; return status, content and headers of its answer."""
        target = urlsplit(uri)
        path = target.path + ("?" + urlencode(params, doseq=True) if params else "")
        body = urlencode(data, doseq=True).encode() if data else None
        base = urlsplit(self.account.api_base_url or f"https://{target.netloc}")
        headers |= {"Host": base.netloc, "Connection": "close"}
        if auth:
            headers["Authorization"] = _basic(auth)
        connection = _connect(base, account=self.account, until=self.until)
        failpoints.reached("connected")
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            clocks.note(answer.headers.get("Date"), now=datetime.now(UTC))
            return answer.status, _read(answer, most_bytes=most_bytes), dict(answer.getheaders())
        except TimeoutError as error:
            if connection.kept.has_begun:
                raise
            raise StoodStillError from error
        finally:
            connection.close()
            connection.kept.hang_up()


class DeadlineSocket:
    """A connected socket of which every read and write together ends at one moment."""

    def __init__(self, connected: socket.socket, *, until: float) -> None:
        self.connected = connected
        self.until = until  # of `ticks`
        self.has_begun = False  # to write

    def sendall(self, data: Any) -> None:
        """Write everything, or raise OSError."""
        if self.has_begun:
            failpoints.reached("posting")
        self._wind()
        self.has_begun = True
        self.connected.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return the reading side, as http.client asks for it."""
        return io.BufferedReader(_Incoming(self))

    def recv_into(self, buffer: Any) -> int:
        """Read what has come into `buffer` and return how much."""
        self._wind()
        return self.connected.recv_into(buffer)

    def close(self) -> None:
        """Do nothing: http.client lets go here while the answer is still being read."""

    def hang_up(self) -> None:
        """Close the connection for good."""
        self.connected.close()

    def _wind(self) -> None:
        """Give the next operation what is left of the time (TimeoutError when nothing is)."""
        left = self.until - ticks()
        if left <= 0:
            raise TimeoutError("the provider took too long")
        self.connected.settimeout(left)


class _Incoming(io.RawIOBase):
    """The reading side of a DeadlineSocket."""

    def __init__(self, deadline_socket: DeadlineSocket) -> None:
        self.deadline_socket = deadline_socket

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        return self.deadline_socket.recv_into(buffer)


class _Connection(http.client.HTTPConnection):
    """An http.client connection over a socket that is connected already."""

    def __init__(self, host: str, *, port: int, connected: DeadlineSocket) -> None:
        super().__init__(host, port)
        self.kept = connected
        self.sock = cast("socket.socket", connected)
        self.auto_open = 0


def client_for(http_client: FreshConnections) -> Client:
    """Return Twilio's official client speaking through `http_client`."""
    account = http_client.account
    return Client(account.account_sid, account.auth_token, http_client=http_client)


def error_code(answer: Response) -> int:
    """Return Twilio's own error code in an answer; 0 when the answer is not Twilio's JSON."""
    code = read_json(answer).get("code")
    return code if isinstance(code, int) else 0


def read_json(answer: Response) -> dict[str, Any]:
    """Return the JSON object of an answer; empty when it is anything else."""
    try:
        value = json.loads(answer.text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _connect(base: SplitResult, *, account: TwilioAccount, until: float) -> _Connection:
    """Connect, TLS included, within `connect_seconds`; all the rest must be done by `until`.

    Raises NotConnectedError for everything that can go wrong up to here.
    """
    now = ticks()
    host, port = (
        base.hostname or "",
        base.port or (443 if base.scheme == "https" else 80),
    )
    try:
        connected = _first_that_answers(host, port=port, until=now + account.connect_seconds)
        if base.scheme == "https":
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
    except OSError as error:  # ssl.SSLError and socket.gaierror are OSErrors
        raise NotConnectedError(type(error).__name__) from error
    return _Connection(
        host,
        port=port,
        connected=DeadlineSocket(connected, until=min(until, now + account.total_seconds)),
    )


def _first_that_answers(host: str, *, port: int, until: float) -> socket.socket:
    """Return a socket connected to the first of the host's addresses that answers before `until`."""
    last: OSError = TimeoutError("no address answered in time")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        left = until - ticks()
        if left <= 0:
            break
        candidate = socket.socket(family, kind, protocol)
        candidate.settimeout(left)
        try:
            candidate.connect(address)
        except OSError as error:
            candidate.close()
            last = error
        else:
            return candidate
    raise last


def _read(answer: http.client.HTTPResponse, *, most_bytes: int) -> bytes:
    """Return the whole content of an answer.

    Raises http.client.HTTPException when it is cut off or unreasonably long.
    """
    content = answer.read(most_bytes + 1)
    if len(content) > most_bytes or answer.length:  # `length` is what is still missing
        raise http.client.IncompleteRead(content)
    return content


def _basic(auth: tuple[str, str]) -> str:
    return "Basic " + b64encode(":".join(auth).encode()).decode()
