"""Contact pressure: how much of what the house allows itself was used on one person, in one number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contacts.rules.facts import Cap, ContactFacts, PolicyTerms

DAY_HOURS, WEEK_HOURS = 24, 168
FULL = 100


@dataclass(frozen=True, slots=True)
class Gauge:
    """A cap read as a gauge: `limit` contacts in the last `hours`, by one channel or ("") by all together."""

    hours: int
    limit: int
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How many contacts a gauge counts."""

    gauge: Gauge
    used: int

    @property
    def percent(self) -> int:
        """The share that is used, 0 to 100; of a limit of none, all of it."""
        return FULL if self.gauge.limit <= 0 else min(FULL, FULL * self.used // self.gauge.limit)


@dataclass(frozen=True, slots=True)
class Pressure:
    """The share of the tightest gauge that is used, 0 to 100, with every gauge and the contacts behind it.

    None where the policy sets no limit by day or week: then there is nothing to measure against.
    """

    percent: int | None
    readings: tuple[Reading, ...]
    contacts: tuple[ContactFacts, ...]


def gauges(terms: PolicyTerms) -> tuple[Gauge, ...]:
    """Return what a person's contacts are measured by: the caps on all channels together.

    One number over all channels asks for caps over all channels: a letter of one allowed a week is no
    pressure yet. Only where the policy sets none of these, each channel's own caps count.
    """
    together = _gauges_of(terms.total_cap)
    if together:
        return together
    return tuple(
        gauge for channel, cap in sorted(terms.channel_caps.items()) for gauge in _gauges_of(cap, channel)
    )


def pressure(contacts: Iterable[ContactFacts], *, terms: PolicyTerms, now: datetime) -> Pressure:
    """Return the pressure that the contacts of the last seven days put on a person.

    Counted is what the policy counts, over all debts, creditors, channels and actors. The day is the
    last 24 hours and the week the last 168, wherever the person is: a number to compare people by. The
    gate's own caps count by local dates.
    """
    week_ago = now - timedelta(hours=WEEK_HOURS)
    counted = [one for one in contacts if one.outcome in terms.counted_outcomes and week_ago < one.at <= now]
    readings = [Reading(gauge, _count(counted, gauge, now=now)) for gauge in gauges(terms)]
    return Pressure(
        percent=max([reading.percent for reading in readings], default=None),
        readings=tuple(readings),
        contacts=tuple(sorted(counted, key=lambda one: one.at, reverse=True)),
    )


def _gauges_of(cap: Cap | None, channel: str = "") -> tuple[Gauge, ...]:
    if cap is None:
        return ()
    limits = ((DAY_HOURS, cap.per_day), (WEEK_HOURS, cap.per_7_days))
    return tuple([Gauge(hours, limit, channel) for hours, limit in limits if limit is not None])


def _count(contacts: Sequence[ContactFacts], gauge: Gauge, *, now: datetime) -> int:
    since = now - timedelta(hours=gauge.hours)
    return len([one for one in contacts if one.at > since and gauge.channel in ("", one.channel)])
