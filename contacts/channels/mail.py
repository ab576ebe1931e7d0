"""E-mail through Django's mail backend over SMTP, and what each possible ending of it means."""

import math
import smtplib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import format_datetime
from pathlib import Path

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.utils.html import escape, linebreaks
from django.utils.safestring import mark_safe

from contacts import failpoints
from contacts.channels import mail_log
from contacts.channels.base import (
    STOOD_STILL,
    Accepted,
    Evidence,
    Listed,
    Message,
    NoList,
    NoListError,
    NotSent,
    Rejected,
    Result,
    Sought,
    Taken,
    Unclear,
    Unknown,
    describe,
    is_one_line,
    ticks,
)

RETRY_SECONDS = 300
REFUSES_US = (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused)


class StoodStillError(ConnectionError):
    """We hung up before the text of the message: its permission had ended meanwhile."""


class WatchedSMTP(smtplib.SMTP):
    """An SMTP conversation that remembers whether the server has ever asked for the message itself.

    354 answers nothing but DATA. Before it the server cannot have the message; after it everything
    up to the final dot is written at once, so only a 250 tells what became of it. `until` is the
    moment, of the clock of `ticks`, after which the text is not written any more.
    """

    is_body_wanted = False
    until = math.inf

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's answer, and note it if it is 354."""
        code, text = super().getreply()
        if code == 354:
            failpoints.reached("posting")
            if ticks() > self.until:
                self.close()
                raise StoodStillError
            self.is_body_wanted = True
        return code, text


class WatchedSMTPS(WatchedSMTP, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class WatchedBackend(EmailBackend):
    """Django's SMTP backend, able to say whether the last message may have left."""

    @property
    def connection_class(self) -> type[WatchedSMTP]:
        """The kind of conversation the settings ask for."""
        return WatchedSMTPS if self.use_ssl else WatchedSMTP

    @property
    def may_have_left(self) -> bool:
        """Whether the server has asked for the text of the last message."""
        return isinstance(self.connection, WatchedSMTP) and self.connection.is_body_wanted


@dataclass(frozen=True, kw_only=True)
class MailChannel:
    """Sends plain text, with the same words as simple HTML beside it.

    `open_backend` answers a new backend, with a time limit set, for each message. `address` is the
    one the mail comes from; its domain ends the Message-ID `<attempt@domain>`, by which a relay's
    log shows whether it took an attempt; `log` is where that log lies, if we may read it. `sender` is
    the name shown where a message brings none. `bounces_to` is where mail servers send back what they
    cannot deliver; empty means `address`.
    """

    open_backend: Callable[[], BaseEmailBackend]
    address: str
    sender: str = ""
    bounces_to: str = ""
    log: Path | None = None
    name: str = "email"
    provider: str = "mail"
    patience_seconds: float = 60.0

    def __post_init__(self) -> None:
        """Refuse a sender's address that is none (ValueError) now, not with the first mail."""
        if not all(map(is_mail_address, filter(None, [self.address or "?", self.bounces_to]))):
            raise ValueError("the address mail is sent from, or comes back to, is not an e-mail address")

    def send(self, message: Message) -> Result:
        """Send one mail over a connection of its own."""
        if not is_mail_address(message.to):
            return Rejected(code="mail-address", detail="not an address", is_bad_address=True)
        if not is_one_line([message.subject, message.sender]):
            return Rejected(code="mail-header", detail="a control character in subject or sender")
        return _hand_over(
            self._dress(message),
            backend=self.open_backend(),
            provider_id=self._message_id(message.attempt_id),
            until=message.until,
        )

    def find(self, sought: Sought) -> Evidence:
        """Look for the Message-ID in the relay's log."""
        if self.log is None:
            return NoList()
        try:
            seen = mail_log.read(self.log, since=sought.handed_at)
        except OSError as error:
            return Unclear(reason=f"mail log: {describe(error)}")
        message_id = self._message_id(sought.attempt_id)
        if any(taken.message_id == message_id for taken in seen.taken):
            return Listed(exact=(message_id,))
        return Listed() if seen.is_whole else Unclear(reason="mail log: does not cover that time")

    def taken_since(self, moment: datetime) -> Sequence[Taken]:
        """Return what the relay's log shows of our mails since a moment."""
        if self.log is None:
            raise NoListError("the mail relay's log cannot be read here", is_for_good=True)
        try:
            seen = mail_log.read(self.log, since=moment)
        except OSError as error:
            raise NoListError(f"mail log: {describe(error)}") from error
        if not seen.is_whole:
            raise NoListError("the mail relay's log does not reach back so far")
        ours = self._message_id("").removeprefix("<")
        return [
            Taken(
                provider_id=each.message_id,
                to="",
                body="",
                at=each.at or moment,
                attempt_id=each.message_id.removeprefix("<").removesuffix(ours),
            )
            for each in seen.taken
            if each.message_id.endswith(ours)
        ]

    def _dress(self, message: Message) -> EmailMultiAlternatives:
        speaker = Address(display_name=message.sender or self.sender, addr_spec=self.address)
        headers = {
            "Message-ID": self._message_id(message.attempt_id),
            "Date": format_datetime(message.at),
            "From": str(speaker),
        }
        if message.stop_url:  # the mail program's own button, RFC 8058
            headers["List-Unsubscribe"] = f"<{message.stop_url}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=message.body,
            from_email=self.bounces_to or str(speaker),  # the envelope's: to whom bounces go
            to=[message.to],
            headers=headers,
        )
        mail.attach_alternative(_as_html(message), "text/html")
        return mail

    def _message_id(self, attempt_id: str) -> str:
        return f"<{attempt_id}@{self.address.rpartition('@')[2]}>"


def _as_html(message: Message) -> str:
    """Return the text as simple HTML, in which our own two addresses, and no others, are links."""
    html = str(escape(message.body))
    for url in filter(None, (message.stop_url, message.not_me_url)):
        shown = escape(url)
        html = html.replace(shown, f'<a href="{shown}">{shown}</a>')
    return linebreaks(mark_safe(html))  # noqa: S308 - escaped above


def is_mail_address(text: str) -> bool:
    """Say whether `text` is exactly one plain address, without a name, that any mail server takes."""
    local, at, domain = text.rpartition("@")
    if not (local.isascii() and at and domain and is_one_line([text])):
        return False
    try:
        return Address(addr_spec=text).domain == domain
    except (ValueError, HeaderParseError):
        return False


def _hand_over(
    mail: EmailMultiAlternatives, *, backend: BaseEmailBackend, provider_id: str, until: float
) -> Result:
    """Speak to the server, and hang up whatever happens."""
    try:
        backend.open()
        if isinstance(connection := getattr(backend, "connection", None), WatchedSMTP):
            connection.until = until
        failpoints.reached("connected")
        if backend.send_messages([mail]) != 1:
            return Unknown(reason="mail: the backend did not count it as sent")
        return Accepted(provider_id=provider_id)
    except Exception as error:  # noqa: BLE001 - a channel never raises; what is not on the list is unknown
        return classify(error, may_have_left=getattr(backend, "may_have_left", True))
    finally:
        with suppress(OSError, smtplib.SMTPException):  # the answer is known, the goodbye may fail
            backend.close()


def classify(error: Exception, *, may_have_left: bool) -> Result:
    """Return what an error says about the message. `may_have_left`: the server had asked for the body.

    After that only 250 is an answer, whatever code came instead: some relays have queued a mail
    they then complained about.
    """
    if may_have_left:
        return Unknown(reason=f"smtp after the body: {describe(error)} {_code(error) or ''}".strip())
    if isinstance(error, StoodStillError):
        return STOOD_STILL
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _recipient_refused(error)
    code = _code(error)
    if code >= 500 and isinstance(error, REFUSES_US):
        return Rejected(code=f"smtp-{code}", detail=describe(error), stops_line=True)
    if code >= 500 and isinstance(error, smtplib.SMTPDataError):
        return Rejected(code=f"smtp-{code}", detail=describe(error))
    if isinstance(error, OSError):  # SMTPException is one; so are DNS failures, refusals and time-outs
        return NotSent(
            reason=f"smtp: {describe(error)} {code or ''}".strip(),
            retry_after_seconds=RETRY_SECONDS,
        )
    return Unknown(reason=f"mail: {describe(error)}")


def _recipient_refused(error: smtplib.SMTPRecipientsRefused) -> Result:
    """Return the meaning of a refused RCPT: 5xx is the address unless the text says policy or full."""
    code, text = next(iter(error.recipients.values()))
    if code < 500:
        return NotSent(
            reason=f"smtp: recipient {code}", retry_after_seconds=RETRY_SECONDS, is_of_the_recipient=True
        )
    is_policy_or_full = text.startswith((b"5.7.", b"5.2.2", b"5.3."))  # RFC 3463
    return Rejected(
        code=f"smtp-{code}",
        detail="recipient refused",
        is_bad_address=not is_policy_or_full,
    )


def _code(error: Exception) -> int:
    """Return the server's three digits; 0 when it gave none."""
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
