"""The rows behind the gate's facts: each kind read once for many debtors, in the gate's own words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from django.db.models import Max
from msgspec.structs import replace

from contacts.models import Contact
from contacts.queries import reads
from contacts.rules import closed_days
from contacts.rules.closed_days import ClosedDayFacts, Place
from contacts.rules.facts import ConsentFacts, ContactFacts, HoldFacts, PointFacts, PromiseFacts
from contacts.vocabulary import Channel
from debtors.models import ContactPoint, Debtor
from debtors.vocabulary import Medium, PointKind, PointStatus, PromiseStatus

Rows = Iterable[tuple[Any, ...]]  # as the read of that name in `reads` gives them
#: What is committed binds, though the clock it is dated by was read after ours, or goes ahead of it.
A_MOMENT = timedelta(minutes=5)
LET_DOWN = (PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT)
OWN_KINDS = (PointKind.OWN, PointKind.HOME)
BY_EMAIL, BY_LETTER = frozenset({Channel.EMAIL}), frozenset({Channel.LETTER})
BY_FIXED_LINE, BY_MOBILE = (
    frozenset({Channel.VOICE}),
    frozenset({Channel.VOICE, Channel.SMS, Channel.WHATSAPP}),
)


class Point(Protocol):
    """What the gate asks of a contact point: of its row, or of what a replay reads of it."""

    @property
    def pk(self) -> int: ...
    @property
    def medium(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def is_mobile(self) -> bool: ...
    @property
    def city(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def postal_code(self) -> str: ...
    @property
    def is_retired(self) -> bool: ...


def channels_of(point: Point) -> frozenset[str]:
    """Return the channels by which a contact point can be reached."""
    if point.medium == Medium.EMAIL:
        return BY_EMAIL
    if point.medium == Medium.ADDRESS:
        return BY_LETTER
    return BY_MOBILE if point.is_mobile else BY_FIXED_LINE


def debtors_of(rows: Rows) -> dict[int, Debtor]:
    """Return the debtors by their ids, of `reads.debtors`."""
    found = [Debtor.from_db(None, reads.DEBTOR_FIELDS, row) for row in rows]
    return {debtor.pk: debtor for debtor in found}


def points_of(rows: Rows) -> dict[int, list[ContactPoint]]:
    """Return the contact points of each debtor, of `reads.points`."""
    found: dict[int, list[ContactPoint]] = defaultdict(list)
    for row in rows:
        point = ContactPoint.from_db(None, reads.POINT_FIELDS, row)
        found[point.debtor_id].append(point)
    return found


def ranked[P: Point](points: Sequence[P], *, channel: str) -> list[P]:
    """Return the points that may carry a channel: one's own before others', confirmed before new.

    Half an address comes behind a whole one: no letter finds its way there.
    """
    return sorted([point for point in points if channel in channels_of(point)], key=_way_to)


def rank(point: Point) -> tuple[bool, bool, bool, int]:
    """Return by what points are tried: lowest first, what is out of use last."""
    is_confirmed = point.status == PointStatus.VERIFIED
    return (point.is_retired, point.kind not in OWN_KINDS, not is_confirmed, point.pk)


def _way_to(point: Point) -> tuple[int, ...]:
    is_retired, *rest = rank(point)
    parts = (point.value, point.city, point.state, point.postal_code)
    return (is_retired, point.medium == Medium.ADDRESS and not all(parts), *rest)


def point_facts(
    point: Point,
    *,
    time_zones: tuple[str, ...],
    contacts: tuple[ContactFacts, ...],
    is_block_listed: bool,
) -> PointFacts:
    """Translate a row into the gate's words. E-mails and letters have no zones: the debtor's count.

    `contacts` are the past ones at this number, with whoever shares it.
    """
    status = "unverified" if point.status == PointStatus.NEW else "valid"
    return PointFacts(
        id=str(point.pk),
        kind="own" if point.kind in OWN_KINDS else point.kind,
        status="invalid" if point.is_retired else status,
        channels=channels_of(point),
        time_zones=time_zones,
        contacts=contacts,
        is_block_listed=is_block_listed,
    )


def no_point(channel: str) -> PointFacts:
    """Return what the gate is told of a debtor without any point for a channel."""
    return PointFacts(id="", kind="own", status="invalid", channels=frozenset({channel}))


def closed_days_of(rows: Rows) -> tuple[ClosedDayFacts, ...]:
    """Return the days that the house closes, of `reads.own_closed_days`."""
    return tuple(ClosedDayFacts(*row) for row in rows)


@lru_cache(maxsize=1024)
def holidays_in(
    places: frozenset[Place], *, own: tuple[ClosedDayFacts, ...], public_holidays: bool, year: int
) -> frozenset[date]:
    """Return the days closed where the debtor lives; see `closed_days.closed_in`."""
    return closed_days.closed_in(places, own=own, public_holidays=public_holidays, year=year)


def holds_of(rows: Rows, *, now: datetime) -> dict[int, tuple[HoldFacts, ...]]:
    """Return the reasons to leave each debtor in peace; what is dated a moment ahead of `now` holds now."""
    return _grouped(
        (debtor, HoldFacts(kind, passed(since, now=now), until)) for debtor, kind, since, until in rows
    )


def consents_of(rows: Rows, *, now: datetime) -> dict[int, tuple[ConsentFacts, ...]]:
    """Return each debtor's permissions; one that ends a moment after `now` has ended."""
    return _grouped(
        (debtor, ConsentFacts(channel, since, passed(until, now=now)))
        for debtor, channel, since, until in rows
    )


def promises_of(rows: Rows, *, now: datetime) -> dict[int, tuple[PromiseFacts, ...]]:
    """Return each debtor's promises to pay; one made a moment after `now` is made. See `awaited`."""
    found = _grouped(
        (debtor, PromiseFacts(day, passed(made_at, now=now) or made_at, status))
        for debtor, day, made_at, status in rows
    )
    for debtor, made in found.items():
        found[debtor] = awaited(made)
    return found


def awaited(promises: tuple[PromiseFacts, ...]) -> tuple[PromiseFacts, ...]:
    """Return the promises; the last one not kept is open to the gate where no other is.

    The books call a promise broken a day after its own: for how long contact rests all the same is the
    policy's to say.
    """
    let_down = [one for one in promises if one.status in LET_DOWN]
    if not let_down or any(one.status == PromiseStatus.OPEN for one in promises):
        return promises
    last = max(let_down, key=lambda one: one.due_on)
    return tuple([replace(one, status=PromiseStatus.OPEN) if one is last else one for one in promises])


def contacts_of[Whose](
    rows: Iterable[tuple[Whose, datetime, str, str]], *, now: datetime
) -> dict[Whose, tuple[ContactFacts, ...]]:
    """Return what was done lately to reach each debtor, or at each number and e-mail.

    Of a debtor it is what was done over all debts, creditors, channels and actors; of a number what
    was done with any debtor who shares it.
    """
    return _grouped(
        (whose, ContactFacts(at, channel, word))
        for whose, began, channel, word in rows
        if (at := passed(began, now=now))
    )


def shared_values(points: Iterable[Point]) -> list[str]:
    """Return the numbers and e-mails that several may share. A street is no such thing: the same name
    stands in many towns."""
    return sorted({point.value for point in points if point.medium != Medium.ADDRESS})


def numbers(points: Iterable[Point]) -> list[str]:
    """Return the numbers among contact points."""
    return sorted({point.value for point in points if point.medium == Medium.PHONE})


def blocked_of(rows: Rows) -> dict[str, frozenset[str]]:
    """Return the numbers on do-not-call lists, each with the channels by which they forbid it."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    for number, channels in rows:
        found[number] |= frozenset(channels or Channel.values)
    return found


def wrote_at(debtor_id: int, *, channel: str) -> datetime | None:
    """Return when a debtor last wrote to us by a channel."""
    written = Contact.objects.filter(debtor=debtor_id, channel=channel, is_inbound=True)
    last: datetime | None = written.aggregate(last=Max("started_at"))["last"]
    return last


def passed(moment: datetime | None, *, now: datetime) -> datetime | None:
    """Return a moment, or `now` for one that is only just ahead of it.

    Whoever waited for a debtor's lock read his clock before; the rows he finds then are committed.
    """
    return now if moment is not None and now < moment <= now + A_MOMENT else moment


def _grouped[Whose, Fact](pairs: Iterable[tuple[Whose, Fact]]) -> dict[Whose, tuple[Fact, ...]]:
    found: dict[Whose, tuple[Fact, ...]] = defaultdict(tuple)
    for whose, fact in pairs:
        found[whose] += (fact,)
    return found
