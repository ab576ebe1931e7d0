"""Start-up checks: what must not go live as it is, each with an id to look for or to silence.

E001 secret key, E002 a live channel's secrets, E003 public address, W001 and W002 time zones,
W003 an engine that does not fit its database, W004 no contact policy in force, W005 a local rule that
cannot be read, W006 the rules of the states are not in place.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import TZPATH, ZoneInfo

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError

from contacts.rules import zones

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
SYSTEM_ZONES = Path("/usr/share/zoneinfo")
YEARS_AHEAD = 5
SECRETS = {
    ("sms", "twilio"): ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SMS_FROM"),
    ("whatsapp", "twilio"): ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM"),
    ("voice", "twilio"): ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_VOICE_FROM"),
    ("email", "mail"): ("EMAIL_HOST_NAME",),
}


@register(Tags.security)
def secret_key_is_ours(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse the laptop's key wherever somebody else could reach the product."""
    if settings.SECRET_KEY != settings.LAPTOP_SECRET_KEY or settings.DEBUG or not _is_reachable():
        return []
    return [
        Error(
            "SECRET_KEY is the one everybody knows, and the product can be reached from other machines.",
            hint="Set SECRET_KEY to fifty random characters of your own.",
            id="collections_crm.E001",
        )
    ]


@register(Tags.security)
def live_channels_have_their_secrets(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse a channel that sends for real and lacks what it needs for it."""
    return [
        Error(f"The {channel} channel is {choice}, which needs {name}.", id="collections_crm.E002")
        for channel, choice in settings.CHANNELS.items()
        for name in SECRETS.get((channel, choice), ())
        if not getattr(settings, name)
    ]


@register(Tags.security)
def providers_can_call_back(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse Twilio itself without a public https address: delivery reports and opt-outs would not arrive."""
    speaks_to_twilio = "twilio" in settings.CHANNELS.values() and not settings.TWILIO_API_BASE_URL
    address = urlsplit(settings.PUBLIC_URL)
    if not speaks_to_twilio or (address.scheme == "https" and address.hostname not in LOOPBACK):
        return []
    return [
        Error(
            f"Twilio cannot call back to PUBLIC_URL={settings.PUBLIC_URL}: opt-outs would never arrive.",
            hint="Set PUBLIC_URL to the https address by which the internet reaches this product.",
            id="collections_crm.E003",
        )
    ]


@register()
def zones_are_the_pinned_ones(**_kwargs: Any) -> list[CheckMessage]:
    """Warn when zones come from the machine's files, or these know something that the pinned ones do not."""
    if TZPATH:
        complaint = "Time zones come from the machine's files, not from the pinned tzdata."
        return [Warning(complaint, id="collections_crm.W001")]
    return [
        Warning(
            f"The machine's tzdata and the pinned one disagree about {name} within {YEARS_AHEAD} years.",
            hint="Brazil may have decreed summer time: update tzdata in the lock, and the machine.",
            id="collections_crm.W002",
        )
        for name in _zones_told_differently(since=datetime.now(UTC))
    ]


@register()
def engine_fits_the_database(**_kwargs: Any) -> list[CheckMessage]:
    """Warn of Celery on SQLite: its workers on other machines could not see the file."""
    is_sqlite = "sqlite" in settings.DATABASES["default"]["ENGINE"]
    if settings.TASK_ENGINE != "celery" or not is_sqlite:
        return []
    return [Warning("TASK_ENGINE=celery is meant for PostgreSQL, not SQLite.", id="collections_crm.W003")]


@register(Tags.database)
def a_policy_is_in_force(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Warn when no contact policy is in force: nothing would be sent."""
    from contacts.models import PolicyHead  # models are ready only when checks run

    if not databases or settings.TASK_ENGINE == "immediate":
        return []
    try:
        if PolicyHead.objects.exists():
            return []
    except DatabaseError:  # not migrated yet
        return []
    return [Warning("No contact policy is in force yet.", id="collections_crm.W004")]


@register(Tags.database)
def local_rules_bind(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Warn of local rules that cannot be read (nobody they bind is contacted), or were never put in place."""
    from contacts.models import Overlay  # models are ready only when checks run
    from contacts.queries import terms

    if not databases or settings.TASK_ENGINE == "immediate":
        return []
    try:
        broken = terms.unreadable_rules(year=datetime.now(UTC).year)
        has_shipped = Overlay.objects.filter(shipped_as__isnull=False).exists()
    except DatabaseError:  # not migrated yet
        return []
    warnings: list[CheckMessage] = [
        Warning(
            f"The local rule {rule.pk} cannot be read: nobody it binds is contacted.",
            hint="Mend it in the admin.",
            id="collections_crm.W005",
        )
        for rule in broken
    ]
    if not has_shipped:
        hint = "Run manage.py ship_defaults: laws of the states narrow the hours of calls."
        warnings.append(
            Warning("The rules of the states are not in place.", hint=hint, id="collections_crm.W006")
        )
    return warnings


def _is_reachable() -> bool:
    hosts = {*settings.ALLOWED_HOSTS, urlsplit(settings.PUBLIC_URL).hostname or ""}
    return not hosts <= LOOPBACK


def _zones_told_differently(*, since: datetime) -> list[str]:
    """Return the Brazilian zones of which the machine's file tells another hour, asked every other day."""
    days = [since + timedelta(days=number) for number in range(0, 365 * YEARS_AHEAD, 2)]
    return [
        name
        for name in sorted(zones.all_zones())
        if (SYSTEM_ZONES / name).is_file() and _is_told_differently(name, days)
    ]


def _is_told_differently(name: str, moments: Sequence[datetime]) -> bool:
    pinned = resources.files("tzdata.zoneinfo").joinpath(name).read_bytes()
    machines = (SYSTEM_ZONES / name).read_bytes()
    return pinned != machines and _offsets(pinned, moments) != _offsets(machines, moments)


def _offsets(file: bytes, moments: Sequence[datetime]) -> list[timedelta | None]:
    zone = ZoneInfo.from_file(BytesIO(file))
    return [moment.astimezone(zone).utcoffset() for moment in moments]
