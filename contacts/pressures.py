"""Contact pressure as a page shows it: one number, what it counts, and the contacts behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.queries import pressure as queries
from contacts.rules import pressure as rules
from contacts.rules.facts import ContactFacts
from contacts.rules.pressure import Gauge
from contacts.vocabulary import Channel, ContactState, Outcome

#: Two of three, three of four: one contact is left of what a week usually allows.
HIGH = 66
#: The gate's words that are no outcome -> how a contact stands.
_STATES: Mapping[str, ContactState] = {
    "reserved": ContactState.SENDING,
    "unknown": ContactState.UNKNOWN,
    "sent": ContactState.SENT,
}


@dataclass(frozen=True)
class Made:
    """One contact behind the number: when, how, and how it ended."""

    at: datetime
    channel: str
    ended: str


@dataclass(frozen=True)
class Shown:
    """The pressure on one debtor in words. `percent` None: the policy sets nothing to measure against."""

    percent: int | None
    tone: str
    gauges: list[str]
    contacts: list[Made]


def of(contacts: Iterable[ContactFacts], *, now: datetime) -> Shown | None:
    """Return the pressure of a debtor's contacts, in one query; None where no policy is in force."""
    terms = queries.house_terms()
    if terms is None:
        return None
    found = rules.pressure(contacts, terms=terms, now=now)
    return Shown(
        percent=found.percent,
        tone=tone(found.percent or 0),
        gauges=[in_words(reading.gauge, used=reading.used) for reading in found.readings],
        contacts=[Made(one.at, _channel(one.channel), _ended(one.outcome)) for one in found.contacts],
    )


def tone(percent: int) -> str:
    """Return how a share is coloured: all used, nearly all, or room left."""
    if percent >= rules.FULL:
        return "bad"
    return "wait" if percent >= HIGH else "ok"


def in_words(gauge: Gauge, *, used: int) -> str:
    """Return `2 of 4 in 7 days`, or of one channel `SMS: 1 of 2 in 24 hours`."""
    span = _("24 hours") if gauge.hours == rules.DAY_HOURS else _("7 days")
    text = ngettext(
        "%(used)s of %(limit)s contact in %(span)s", "%(used)s of %(limit)s contacts in %(span)s", gauge.limit
    ) % {"used": used, "limit": gauge.limit, "span": span}
    return f"{_channel(gauge.channel)}: {text}" if gauge.channel else text


def _channel(name: str) -> str:
    return str(Channel(name).label) if name in Channel.values else name


def _ended(word: str) -> str:
    if word in _STATES:
        return str(_STATES[word].label)
    return str(Outcome(word).label) if word in Outcome.values else word
