"""One request to a bank's API: a connection of its own, a time limit, our certificate; no retry."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

LARGEST_ANSWER_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class Credentials:
    """How we show who we are: OAuth2 client, and the files of our certificate and its key (mutual TLS).

    `ca_file` is for banks whose own certificate is signed by an authority that the system does not know.
    """

    client_id: str
    client_secret: str = field(repr=False)
    certificate_file: str = ""
    key_file: str = ""
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what came with it, read as JSON; an empty object for what is none."""

    status: int
    body: Mapping[str, Any]


class NoAnswerError(Exception):
    """Nothing came back that could be read as an answer; the request may have arrived or not."""


def ask(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None,
    credentials: Credentials,
    seconds: float,
) -> Answer:
    """Make one request and return the answer whatever its status; raises NoAnswerError."""
    target = urlsplit(address)
    try:
        connection = _connection(target, credentials=credentials, seconds=seconds)
    except (OSError, ssl.SSLError) as error:  # a certificate that is not there
        raise NoAnswerError(type(error).__name__) from error
    try:
        path = target.path + (f"?{target.query}" if target.query else "")
        connection.request(method, path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        text = answer.read(LARGEST_ANSWER_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(type(error).__name__) from error
    finally:
        connection.close()
    if len(text) > LARGEST_ANSWER_BYTES:
        raise NoAnswerError("too long")
    return Answer(answer.status, _object(text))


def _connection(
    target: SplitResult, *, credentials: Credentials, seconds: float
) -> http.client.HTTPConnection:
    if target.scheme == "http":
        return http.client.HTTPConnection(target.hostname or "", target.port, timeout=seconds)
    context = ssl.create_default_context(cafile=credentials.ca_file or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if credentials.certificate_file:
        context.load_cert_chain(credentials.certificate_file, credentials.key_file or None)
    return http.client.HTTPSConnection(target.hostname or "", target.port, timeout=seconds, context=context)


def _object(text: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
