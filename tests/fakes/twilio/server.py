"""The stand-in's HTTP side: Twilio's messages resource, and a few control addresses for tests.

`POST /_control/moods` with `{"moods": ["20503", "reset"]}` decides how the next create calls end (see
moods.py). `POST /_control/inbound` with `{"from", "to", "body", "url"}` sends us a text and answers what
our webhook said. `GET /_control/messages` lists all there is.
"""

import contextlib
import json
import re
import socket
import struct
import threading
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.twilio import callbacks, calls, moods, shape, whatsapp
from tests.fakes.twilio.account import Account, StoredMessage, page_of

MESSAGES = re.compile(r"/2010-04-01/Accounts/(AC\w+)/Messages(?:/(\w+))?\.json")


class Handler(BaseHTTPRequestHandler):
    """One request. `account` is set on the class made for each server."""

    account: Account
    exchange: calls.Exchange
    protocol_version = "HTTP/1.1"
    server_version = "TwilioFake"
    timeout = 60

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/_control/messages":
            return self._json(200, {"messages": self._shown(self.account.listed(to="", sender=""))})
        if calls.is_asked_for(address.path):
            return self._calls(address.path, None)
        if named := calls.recording_in(address.path):
            return self._recording(*named)
        found = self._messages_resource(address.path)
        if found is None:
            return None
        if found:
            return self._fetch(found)
        return self._list(parse_qsl(address.query, keep_blank_values=True))

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        raw = self.rfile.read(length)
        if len(raw) < length:  # whoever wrote it died meanwhile
            return self._hang_up()
        body = raw.decode()
        path = urlsplit(self.path).path
        if path.startswith("/_control/"):
            return self._control(path.removeprefix("/_control/"), json.loads(body or "{}"))
        if calls.is_asked_for(path):
            return self._calls(path, parse_qsl(body, keep_blank_values=True))
        found = self._messages_resource(path)
        if found is None:
            return None
        return self._create(parse_qsl(body, keep_blank_values=True))

    def do_DELETE(self) -> None:
        if named := calls.recording_in(urlsplit(self.path).path):
            return self._recording(*named, is_to_go=True)
        return self._error(20404)

    def log_message(self, *args: Any) -> None:
        """Say nothing: the log of what was accepted is the only one."""

    # --- Twilio's messages resource

    def _messages_resource(self, path: str) -> str | None:
        """Return the sid asked for, empty for the collection; None when the request was refused already."""
        match = MESSAGES.fullmatch(path)
        if match is None:
            self._error(20404)
            return None
        if match[1] != self.account.account_sid or not self._is_authenticated():
            self._error(20003)
            return None
        return match[2] or ""

    def _is_authenticated(self) -> bool:
        scheme, _, secret = self.headers.get("Authorization", "").partition(" ")
        try:
            given = b64decode(secret).decode()
        except (NotBase64, UnicodeDecodeError):
            return False
        return scheme == "Basic" and given == f"{self.account.account_sid}:{self.account.auth_token}"

    def _fits(self, given: shape.Form, wanted: Mapping[str, shape.Check]) -> bool:
        """Return whether a request has the published shape; one that has not is kept, and refused."""
        complaint = shape.complaint(given, wanted)
        if complaint:
            self.account.misshapen.append(complaint)
            self._error(shape.REFUSED)
        return not complaint

    def _create(self, given: shape.Form) -> None:
        if not self._fits(given, shape.NEW_MESSAGE):
            return
        fields = dict(given)
        mood = moods.MOODS[self._mood_for(fields)]
        message = None
        for _ in range(mood.accepts):
            message = self.account.accept(fields)
            callbacks.report_in_background(self.account, message)
        self._answer(mood, message)

    def _mood_for(self, fields: dict[str, str]) -> str:
        """Return how this create call ends: by what is wrong with it, by order, or by its number."""
        to, sender = fields.get("To", ""), fields.get("From", "") or fields.get("MessagingServiceSid", "")
        problems = (
            (not to, "21604"),
            (not sender, "21603"),
            (not fields.get("Body") and not whatsapp.is_approved(fields), "21602"),
            (len(fields.get("Body", "")) > 1600, "21617"),
            (not shape.E164.fullmatch(whatsapp.number_of(to)), "21211"),
            (self.account.has_blocked(to=to, sender=sender), "21610"),
        )
        problem = next((code for is_wrong, code in problems if is_wrong), "")
        ordered = self.account.take_mood() or moods.NUMBER_MOODS.get(to[-8:], "")
        return problem or ordered or self.account.draw_mood() or "ok"

    def _answer(self, mood: moods.Mood, message: StoredMessage | None) -> None:
        status, shown = mood.status or 201, self._shown([message])[0] if message else {}
        match mood.answer:
            case "slow":
                time.sleep(self.account.slow_seconds)
                self._json(status, shown) if message else self._reset()
            case "error":
                self._error(mood.error, status=mood.status)
            case "reset":
                self._reset()
            case "closed":
                self._hang_up()
            case "garbage":
                self.wfile.write(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
                self._hang_up()
            case "page":
                self._write(status, b"<html><body>Bad Gateway</body></html>", kind="text/html")
            case "plain":
                self._write(status, b"")
            case "redirect":
                self._write(status, b"", extra={"Location": self.path})
            case "no_sid":
                self._json(status, {"status": "queued"})
            case "not_json":
                self._write(status, b'{"sid": "SM', kind="application/json")
            case "cut_head":
                self.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Ty")
                self._hang_up()
            case "ok" | "cut":
                self._json(status, shown or {"code": 1}, is_cut=mood.answer == "cut")

    def _fetch(self, sid: str) -> None:
        message = self.account.messages.get(sid)
        return self._json(200, self._shown([message])[0]) if message else self._error(20404)

    def _list(self, given: shape.Form) -> None:
        if not self._fits(given, shape.LIST_OF_MESSAGES):
            return None
        query = dict(given)
        if self.account.is_list_broken:
            return self._error(20503)
        path, found = (
            urlsplit(self.path).path,
            self.account.listed(
                to=query.get("To", ""),
                sender=query.get("From", ""),
                lag_seconds=self.account.list_lag_seconds,
            ),
        )
        return self._json(200, page_of(found, account=self.account, path=path, query=query))

    # --- calls

    def _calls(self, path: str, form: list[tuple[str, str]] | None) -> None:
        if calls.account_in(path) != self.account.account_sid or not self._is_authenticated():
            return self._error(20003)
        if form and not self._fits(form, calls.shape_of(path)):
            return None
        mood = moods.MOODS[self.account.take_mood() or "ok" if form else "ok"]
        if mood.answer == "error":
            return self._error(mood.error)
        status, shown = self.exchange.serve(path, form)
        return self._reset() if mood.answer == "reset" else self._json(status, shown)

    def _recording(self, account: str, sid: str, kind: str, *, is_to_go: bool = False) -> None:
        """Answer a recording as sound, or remove it."""
        if account != self.account.account_sid or not self._is_authenticated():
            return self._error(20003)
        mood = moods.MOODS[self.account.take_mood() or "ok"]
        if mood.answer == "error":
            return self._error(mood.error)
        if sid not in self.exchange.recordings:
            return self._error(20404)
        if is_to_go:
            del self.exchange.recordings[sid]
            return self._write(204, b"")
        sound = self.exchange.recordings[sid]
        if kind != "mp3":
            return self._error(20404)
        return self._write(200, sound, kind="audio/mpeg", is_cut=mood.answer == "cut")

    # --- control

    def _control(self, what: str, order: dict[str, Any]) -> None:
        if what == "moods":
            with self.account.lock:
                self.account.next_moods.extend(order["moods"])
            return self._json(200, {})
        if what == "inbound":
            message = self.account.receive(sender=order["from"], to=order["to"], body=order["body"])
            address = order.get("url") or self.account.inbound_url
            heard = callbacks.deliver_inbound(self.account, message, address=address)
            return self._json(200, {"sid": message.sid, "status": heard.status, "body": heard.body})
        return self._error(20404)

    # --- writing

    def _shown(self, messages: list[StoredMessage]) -> list[dict[str, object]]:
        return [message.as_json(account_sid=self.account.account_sid) for message in messages]

    def _error(self, code: int, *, status: int = 0) -> None:
        usual, text = moods.ERRORS[code]
        status = status or usual
        more_info = f"https://www.twilio.com/docs/errors/{code}"
        self._json(
            status,
            {"code": code, "message": text, "more_info": more_info, "status": status},
            extra={"Retry-After": "7"} if status == 429 else {},
        )

    def _json(
        self, status: int, value: object, *, extra: dict[str, str] | None = None, is_cut: bool = False
    ) -> None:
        data = json.dumps(value).encode()
        self._write(status, data, kind="application/json;charset=utf-8", extra=extra, is_cut=is_cut)

    def _write(
        self,
        status: int,
        data: bytes,
        *,
        kind: str = "text/plain",
        extra: dict[str, str] | None = None,
        is_cut: bool = False,
    ) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            for name, value in (extra or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if is_cut else data)
        except OSError:  # the caller did not wait for it
            self.close_connection = True
        if is_cut:
            self.close_connection = True

    def _hang_up(self) -> None:
        """End the connection without another byte."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _reset(self) -> None:
        """End the connection with RST instead of an answer."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()
        self.rfile.close()


class TwilioFake:
    """The server with its account, running from `with` to the end of it."""

    def __init__(self, account: Account, *, port: int = 0, host: str = "127.0.0.1") -> None:
        self.account = account
        self.exchange = calls.Exchange(account)
        handler = type("AccountHandler", (Handler,), {"account": account, "exchange": self.exchange})
        self.server = ThreadingHTTPServer((host, port), handler)
        self.server.daemon_threads = True
        self.url = f"http://{host}:{self.server.server_address[1]}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()
        if self.account.misshapen and not error:
            raise AssertionError(f"requests without the published shape: {self.account.misshapen}")

    def accepted(self) -> list[StoredMessage]:
        """Return what was taken for delivery, oldest first."""
        return [m for m in reversed(self.account.listed(to="", sender="")) if m.direction == "outbound-api"]

    def serve_forever(self) -> None:
        self._thread.start()
        self._thread.join()
