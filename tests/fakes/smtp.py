"""A stand-in mail server on loopback that can refuse, go silent or hang up at every phase of a delivery."""

import asyncio
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HANG_UP = "hang up"
SILENCE = "silence"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """One mail the server has read to its final dot."""

    sender: str
    recipients: tuple[str, ...]
    mail: EmailMessage


class Moody:
    """Answers each phase with what `answers` says: a reply line, HANG_UP or SILENCE; otherwise friendly.

    Phases: greeting, mail, rcpt, data (before the text), text (in the middle of it: HANG_UP only), dot
    (after it). `taken` keeps every mail whose text has arrived whole, whatever was answered then.
    """

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.taken: list[Taken] = []

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self.reply("mail", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self.reply("rcpt", server)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        sender, recipients = envelope.mail_from or "", tuple(envelope.rcpt_tos)
        self.taken.append(Taken(sender=sender, recipients=recipients, mail=mail))
        return await self.reply("dot", server)

    async def reply(self, phase: str, server: SMTP) -> str:
        answer = self.answers.get(phase, "250 OK")
        if answer == SILENCE:
            await asyncio.sleep(5)
        if answer in (SILENCE, HANG_UP):
            server.transport.abort()
        return answer if answer[:3].isdigit() else "421 gone"


class MoodyServer(SMTP):
    """The server around Moody, for the two phases aiosmtpd has no hook for."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if "text" in self.event_handler.answers:
            await self.push("354 go ahead")
            await self._reader.readline()
            return self.transport.abort()
        if "data" not in self.event_handler.answers:
            return await super().smtp_DATA(arg)
        return await self.push(await self.event_handler.reply("data", self))

    async def push(self, status: str | bytes) -> None:
        is_greeting = isinstance(status, str) and status.startswith("220 ")
        if is_greeting and "greeting" in self.event_handler.answers:
            status = await self.event_handler.reply("greeting", self)
        await super().push(status)


class MailServer(Controller):
    """The mail server with its manners, running from `start` to `stop` on a free port."""

    handler: Moody

    def __init__(self, moody: Moody) -> None:
        super().__init__(moody, hostname="127.0.0.1", port=0)
        self.conversations: list[SMTP] = []

    def factory(self) -> SMTP:
        self.conversations.append(MoodyServer(self.handler, enable_SMTPUTF8=False))
        return self.conversations[-1]

    def stop(self, no_assert: bool = False) -> None:
        for conversation in self.conversations:  # the loop waits for each connection to end
            if conversation.transport is not None:
                self.loop.call_soon_threadsafe(conversation.transport.abort)
        super().stop(no_assert=no_assert)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
