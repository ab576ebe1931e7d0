"""Facts and terms for the gate: a debtor in São Paulo and a policy that forbids nothing, unless told."""

from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from contacts.rules import gate
from contacts.rules.facts import Facts, PointFacts, PolicyTerms, Window

SAO_PAULO = "America/Sao_Paulo"  # UTC-3
RIO_BRANCO = "America/Rio_Branco"  # UTC-5
MANAUS = "America/Manaus"  # UTC-4
NORONHA = "America/Noronha"  # UTC-2
CHANNELS = frozenset({"sms", "whatsapp", "voice", "email", "letter"})
ALL_DAY = (Window(0, 24 * 60),)


def at(text: str) -> datetime:
    """Return the instant of "2026-11-18 13:00" or with seconds and fractions, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


WEDNESDAY = at("2026-11-18 15:00")  # noon in São Paulo, no holiday


def make_terms(**changes: Any) -> PolicyTerms:
    """Return a policy that allows everything at any hour, with the given changes."""
    return replace(
        PolicyTerms(channels=CHANNELS, windows=(ALL_DAY,) * 7, consent_required=frozenset()), **changes
    )


def make_point(**changes: Any) -> PointFacts:
    """Return the debtor's own, valid point for every channel, with the given changes."""
    return replace(PointFacts(id="p1", kind="own", status="valid", channels=CHANNELS), **changes)


def make_facts(**changes: Any) -> Facts:
    """Return an SMS wanted to a debtor in São Paulo of whom nothing else is known."""
    return replace(Facts(channel="sms", point=make_point(), time_zones=(SAO_PAULO,)), **changes)


def reasons(
    facts: Facts | None = None, terms: PolicyTerms | None = None, *, now: datetime = WEDNESDAY
) -> tuple[str, ...]:
    """Return the codes by which the gate objects."""
    return gate.decide(facts=facts or make_facts(), terms=terms or make_terms(), now=now).reasons


def every_day(*windows: tuple[str, str]) -> tuple[tuple[Window, ...], ...]:
    """Return the same windows, given as texts, for each weekday."""
    day = tuple(Window(_minute(start), _minute(end)) for start, end in windows)
    return (day,) * 7


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
