"""The debtor's own clocks and days: zones, personal date, holidays, age."""

from datetime import UTC, date, datetime
from functools import cache, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from contacts.rules import codes
from contacts.rules.facts import Facts, Objection, PolicyTerms

TZ_UNKNOWN = (Objection(codes.TZ_UNKNOWN),)
BIRTHDAY = (Objection(codes.BIRTHDAY),)
HOLIDAY = (Objection(codes.HOLIDAY),)
MINOR = (Objection(codes.MINOR),)
BIRTH_DATE_UNKNOWN = (Objection(codes.BIRTH_DATE_UNKNOWN),)

Clocks = tuple[datetime, ...]
Dates = tuple[date, ...]

#: What was asked last, and what it is there: nine rules ask one after the other of the same contact and time.
#: Of the terms only the fallback zones count. Told apart by identity, for nobody changes facts; one tuple, so
#: that no thread finds half of another's.
_last: tuple[Facts | None, tuple[str, ...], datetime | None, Clocks | None, Dates]
_last = (None, (), None, None, ())


def without_zone(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object when no zone is known, or one of them cannot be loaded (R2)."""
    return TZ_UNKNOWN if local_clocks(facts, terms, now) is None else ()


def on_personal_date(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object on the debtor's birthday, in any zone where he may be (R4)."""
    if not terms.block_birthday or facts.birth_date is None:
        return ()
    if facts.channel in terms.dates_exempt_channels:
        return ()
    for today in local_dates(facts, terms, now):
        if is_birthday(today, birth_date=facts.birth_date, feb29=terms.feb29):
            return BIRTHDAY
    return ()


def on_holiday(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object on the policy's holidays, dated or yearly, and on the debtor's own (R5)."""
    if facts.channel in terms.dates_exempt_channels:
        return ()
    for today in local_dates(facts, terms, now):
        if today in terms.holidays or today in facts.holidays:
            return HOLIDAY
        if terms.yearly_holidays and (today.month, today.day) in terms.yearly_holidays:
            return HOLIDAY
    return ()


def under_age(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object while the debtor is younger than `minor_age`, or his required birth date is unknown (R6)."""
    if facts.birth_date is None:
        return BIRTH_DATE_UNKNOWN if terms.require_birth_date else ()
    if terms.minor_age is None:
        return ()
    for today in local_dates(facts, terms, now):
        if full_years(today, birth_date=facts.birth_date) < terms.minor_age:
            return MINOR
    return ()


def is_birthday(today: date, *, birth_date: date, feb29: str) -> bool:
    """Return whether `today` is the birthday; `feb29` says where 29 February falls in common years."""
    if today.month == birth_date.month and today.day == birth_date.day:
        return True
    if birth_date.month != 2 or birth_date.day != 29 or is_leap_year(today.year):
        return False
    if (today.month, today.day) == (2, 28):
        return feb29 != "mar1"
    return (today.month, today.day) == (3, 1) and feb29 != "feb28"


def is_leap_year(year: int) -> bool:
    """Return whether `year` has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def full_years(today: date, *, birth_date: date) -> int:
    """Return the age in full years; born on 29 February, a year is full on 1 March of a common year."""
    before_birthday = (today.month, today.day) < (birth_date.month, birth_date.day)
    return today.year - birth_date.year - before_birthday


def local_clocks(facts: Facts, terms: PolicyTerms, now: datetime) -> Clocks | None:
    """Return `now` as the clock shows it in each zone where the debtor may be.

    None when no zone is known, or one cannot be loaded: then no rule may trust a local clock. The
    policy's fallback zones count only when nothing at all is known of the debtor.
    """
    of_facts, fallback, moment, clocks, _dates = _last
    if facts is of_facts and now is moment and terms.fallback_time_zones is fallback:
        return clocks
    return _there(facts, terms, now)[0]


def local_dates(facts: Facts, terms: PolicyTerms, now: datetime) -> Dates:
    """Return today's date, or both, in the zones where the debtor may be; none when these are unknown."""
    of_facts, fallback, moment, _clocks, dates = _last
    if facts is of_facts and now is moment and terms.fallback_time_zones is fallback:
        return dates
    return _there(facts, terms, now)[1]


def _there(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Clocks | None, Dates]:
    global _last  # noqa: PLW0603  # see there
    zones = _zones(facts.point.time_zones + facts.time_zones or terms.fallback_time_zones)
    clocks = None if zones is None else tuple([now.astimezone(known) for known in zones])
    dates = tuple({clock.date() for clock in clocks or ()})
    _last = (facts, terms.fallback_time_zones, now, clocks, dates)
    return clocks, dates


@lru_cache(maxsize=1024)
def _zones(names: tuple[str, ...]) -> tuple[ZoneInfo, ...] | None:
    """Return the zones of these names, each once; None when there is none, or one is unknown."""
    zones = {name: zone(name) for name in names}
    known = [zone for zone in zones.values() if zone is not None]
    return tuple(known) if zones and len(known) == len(zones) else None


def zone(name: str) -> ZoneInfo | None:
    """Return the named zone of the pinned `tzdata` package, None when the package has no such zone.

    The machine's own zone files, which may be years older, are never read: daylight saving time may
    return to Brazil by decree with weeks' notice. Names are matched exactly on every file system.
    """
    return _load(name) if name in _known_names() else None


@cache
def _known_names() -> frozenset[str]:
    return frozenset(resources.files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


@cache
def _load(name: str) -> ZoneInfo:
    with resources.files("tzdata.zoneinfo").joinpath(name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def in_utc(moment: datetime) -> datetime:
    """Return the same instant in UTC. Raises ValueError for a moment without zone."""
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no zone: it is not an instant")
    return moment.astimezone(UTC)
