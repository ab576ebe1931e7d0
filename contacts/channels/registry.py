"""Which channel stands behind each kind of contact: the one place of this floor that reads the settings."""

from collections.abc import Callable
from dataclasses import replace
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail import mailers
from django.urls import reverse

from contacts.channels.base import Channel
from contacts.channels.letter import LetterChannel
from contacts.channels.mail import MailChannel
from contacts.channels.manual import ManualChannel
from contacts.channels.sandbox import SandboxChannel
from contacts.channels.twilio_api import CONNECT_SECONDS, TwilioAccount
from contacts.channels.twilio_sms import TwilioSmsChannel
from contacts.channels.twilio_twiml import VoiceAddresses
from contacts.channels.twilio_voice import TwilioVoiceChannel
from contacts.channels.twilio_whatsapp import TwilioWhatsAppChannel

#: The provider of letters that lie in the print folder until a person posts them.
PRINTED = "print"


class NoSuchChannelError(Exception):
    """The kind of contact, or the provider chosen for it in the settings, does not exist."""


def channel_for(name: str) -> Channel:
    """Return the channel for one kind of contact: sms, email, whatsapp, voice or letter.

    Raises NoSuchChannelError for a kind or provider that is not there, ValueError where the
    provider lacks a part of its configuration.
    """
    return build(name, provider=provider_of(name))


def build(name: str, *, provider: str) -> Channel:
    """Return the channel by which a provider carries one kind of contact, chosen now or not.

    Raises like `channel_for`.
    """
    builder = _BUILDERS.get((name, provider))
    if builder is None:
        raise NoSuchChannelError(f"{name}: {provider or 'no provider'}")
    return builder()


def provider_of(name: str) -> str:
    """Return the provider the settings choose for one kind of contact; empty for no such kind."""
    return str(settings.CHANNELS.get(name, ""))


def sender_of(name: str) -> str:
    """Return the number or address of ours from which one kind of contact leaves; empty for none."""
    return str(_SENDERS.get((name, provider_of(name)), lambda: "")())


def providers(name: str) -> tuple[str, ...]:
    """Return the providers that exist for one kind of contact."""
    return tuple(provider for kind, provider in _BUILDERS if kind == name)


def print_folder() -> LetterChannel:
    """Return the folder from which letters are printed."""
    return LetterChannel(folder=Path(settings.LETTERS_DIR))


def sandbox_file() -> Path:
    """Return where the sandbox keeps its messages."""
    return Path(settings.SANDBOX_FILE)


def twilio_account() -> TwilioAccount:
    """Return our account at Twilio (ValueError when it is not configured)."""
    return TwilioAccount(
        account_sid=settings.TWILIO_ACCOUNT_SID,
        auth_token=settings.TWILIO_AUTH_TOKEN,
        sender=settings.TWILIO_SMS_FROM,
        status_callback_url=settings.PUBLIC_URL.rstrip("/") + reverse("contacts:twilio_status"),
        api_base_url=settings.TWILIO_API_BASE_URL,
        connect_seconds=min(CONNECT_SECONDS, settings.TWILIO_TIMEOUT),
        total_seconds=settings.TWILIO_TIMEOUT,
    )


def voice_addresses() -> VoiceAddresses:
    """Return where Twilio asks and tells us about calls."""
    base = settings.PUBLIC_URL.rstrip("/")
    names = ("agent", "ready", "waiting", "answered", "status", "recording")
    return VoiceAddresses(**{name: base + reverse(f"contacts:voice_{name}") for name in names})


def bridge() -> TwilioVoiceChannel | None:
    """Return the channel that rings both telephones of a call; None where agents dial by hand."""
    channel = channel_for("voice")
    return channel if isinstance(channel, TwilioVoiceChannel) else None


def _twilio_voice() -> Channel:
    account = replace(twilio_account(), sender=settings.TWILIO_VOICE_FROM)
    return TwilioVoiceChannel(account=account, addresses=voice_addresses())


def _mail() -> Channel:
    sender, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return MailChannel(
        open_backend=lambda: mailers["default"],
        address=address,
        sender=sender,
        bounces_to=settings.EMAIL_BOUNCES_TO,
        log=Path(settings.MAIL_LOG) if settings.MAIL_LOG else None,
    )


def _sandbox(name: str) -> Callable[[], Channel]:
    return lambda: SandboxChannel(name=name, path=sandbox_file())


_SENDERS: dict[tuple[str, str], Callable[[], str]] = {
    ("sms", "twilio"): lambda: settings.TWILIO_SMS_FROM,
    ("whatsapp", "twilio"): lambda: settings.TWILIO_WHATSAPP_FROM,
    ("email", "mail"): lambda: parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
}
_BUILDERS: dict[tuple[str, str], Callable[[], Channel]] = {
    ("sms", "sandbox"): _sandbox("sms"),
    ("sms", "twilio"): lambda: TwilioSmsChannel(account=twilio_account()),
    ("email", "sandbox"): _sandbox("email"),
    ("email", "mail"): _mail,
    ("whatsapp", "sandbox"): _sandbox("whatsapp"),
    ("whatsapp", "twilio"): lambda: TwilioWhatsAppChannel(
        account=replace(twilio_account(), sender=settings.TWILIO_WHATSAPP_FROM)
    ),
    ("voice", "sandbox"): _sandbox("voice"),
    ("voice", "manual"): lambda: ManualChannel(name="voice"),
    ("voice", "twilio"): _twilio_voice,
    ("letter", "sandbox"): _sandbox("letter"),
    ("letter", PRINTED): print_folder,
}
