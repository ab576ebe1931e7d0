"""The rows behind a replay, each kind read once: what was made, what waits, and what is owed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, Subquery, Sum

from contacts.models import Contact
from contacts.queries import gathering, reads, replay_people, whereabouts
from contacts.queries.reads import GATE_WORD
from contacts.queries.replay_people import Person, Point
from contacts.rules.closed_days import ClosedDayFacts
from contacts.rules.facts import ContactFacts
from contacts.rules.memory import LOOK_BACK
from contacts.vocabulary import ContactState
from debtors.models import ContactPoint, LedgerDoubt, LedgerEntry
from debtors.queries import accounts
from debtors.queries.among import among
from debtors.vocabulary import Medium

BEHIND, AHEAD = timedelta(days=30), timedelta(days=7)
WAITING = (ContactState.PLANNED, ContactState.CLAIMED, ContactState.BLOCKED)
IS_PUT_OFF = ExpressionWrapper(~Q(objections=[]), BooleanField())


class Made(NamedTuple):
    """One contact that was made, or is taken to be made. `value` is the number or e-mail it went to."""

    contact_id: int
    debtor_id: int
    value: str
    facts: ContactFacts


class Wanted(NamedTuple):
    """One contact to be judged at a moment; without a point, at the best there is.

    From `expires_at` on it is too late for it, unless it is past already.
    """

    contact_id: int
    debtor_id: int
    channel: str
    purpose: str
    creditor_id: int | None
    point_id: int | None
    at: datetime
    is_past: bool
    expires_at: datetime | None


class Owed(NamedTuple):
    """One debt of which principal is open; `limitation_on` is the day from which it is prescribed."""

    creditor_id: int
    limitation_on: date | None
    is_in_doubt: bool
    rests_until: date | None


class _Row(NamedTuple):
    pk: int
    debtor_id: int
    channel: str
    purpose: str
    creditor_id: int | None
    point_id: int | None
    agent_id: int | None
    state: str
    is_inbound: bool
    started_at: datetime | None
    decided_at: datetime | None
    not_before: datetime
    expires_at: datetime | None
    is_put_off: bool
    word: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything that is known of some debtors, by their ids; `shared` and `blocked` by number."""

    people: Mapping[int, Person]
    made: Mapping[int, list[Made]]
    past: Mapping[int, list[Wanted]]
    waiting: Mapping[int, list[Wanted]]
    shared: Mapping[str, list[Made]]
    owed: Mapping[int, list[Owed]]
    blocked: Mapping[str, frozenset[str]]
    own_closed_days: tuple[ClosedDayFacts, ...]


def contacts_to_replay(*, now: datetime) -> Q:
    """Return the condition for what was made or came too late lately, and for what waits for the coming days.

    What was refused or put off waits too, whenever it is to be tried again: another policy lets it be
    judged at once.
    """
    made = Q(started_at__gt=now - BEHIND, started_at__lte=now, is_inbound=False)
    too_late = Q(state=ContactState.EXPIRED, decided_at__gt=now - BEHIND) & ~Q(objections=[])
    in_time = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    soon = Q(not_before__lte=now + AHEAD) | ~Q(objections=[])
    return made | too_late | (Q(state__in=WAITING) & in_time & soon)


def read(debtor_ids: Sequence[int], *, asks_for_a_message_first: bool, now: datetime) -> Rows:
    """Return the rows of these debtors, in fourteen queries at most."""
    ids = list(debtor_ids)
    points = replay_people.points(ids)
    values: dict[int | None, str] = {point.pk: point.value for own in points.values() for point in own}
    made, past, waiting = _contacts(ids, values=values, now=now)
    people = replay_people.people(
        ids, points=points, asks_for_a_message_first=asks_for_a_message_first, now=now
    )
    of_them_all = [point for own in points.values() for point in own]
    places = {at for one in people.values() for at in one.places}
    numbers = gathering.numbers(of_them_all)
    return Rows(
        people=people,
        made=made,
        past=past,
        waiting=waiting,
        shared=_shared(of_them_all, now=now),
        owed=_owed(list(waiting)),
        blocked=gathering.blocked_of(reads.blocked_numbers(numbers=numbers)),
        own_closed_days=gathering.closed_days_of(
            reads.own_closed_days(**whereabouts.places_in_words(places))
        ),
    )


def _contacts(
    ids: list[int], *, values: Mapping[int | None, str], now: datetime
) -> tuple[dict[int, list[Made]], dict[int, list[Wanted]], dict[int, list[Wanted]]]:
    """Return what was made, what of it is to be judged, and what waits, each in the order of its moments."""
    made: dict[int, list[Made]] = defaultdict(list)
    past: dict[int, list[Wanted]] = defaultdict(list)
    waiting: dict[int, list[Wanted]] = defaultdict(list)
    recent = Q(started_at__gt=now - BEHIND - LOOK_BACK) | contacts_to_replay(now=now)
    rows = Contact.objects.filter(recent, debtor__in=among(ids)).order_by("started_at", "id")
    for row in map(_Row._make, rows.values_list(*_Row._fields[:-2], IS_PUT_OFF, GATE_WORD)):
        if row.started_at is not None:
            facts = ContactFacts(row.started_at, row.channel, row.word)
            made[row.debtor_id].append(Made(row.pk, row.debtor_id, values.get(row.point_id, ""), facts))
        if row.started_at is None and row.state in WAITING:
            waiting[row.debtor_id].append(_waiting(row, now=now))
        elif (wanted := _past(row, now=now)) is not None:
            past[row.debtor_id].append(wanted)
    for each in waiting.values():
        each.sort(key=lambda wanted: (wanted.at, wanted.contact_id))
    return made, past, waiting


def _waiting(row: _Row, *, now: datetime) -> Wanted:
    is_judged_at_once = row.is_put_off or row.state != ContactState.PLANNED
    at = now if is_judged_at_once else max(row.not_before, now)
    chosen = row.point_id if row.agent_id else None  # the number an agent dials is his choice
    return _wanted(row, point_id=chosen, at=at, is_past=False)


def _past(row: _Row, *, now: datetime) -> Wanted | None:
    """Return what is to be judged of what is over; None for what is too old, or came from the debtor."""
    at = row.started_at or row.decided_at
    if at is None or row.is_inbound or not now - BEHIND < at <= now:
        return None
    return _wanted(row, point_id=row.point_id, at=at, is_past=True)


def _wanted(row: _Row, *, point_id: int | None, at: datetime, is_past: bool) -> Wanted:
    return Wanted(
        contact_id=row.pk,
        debtor_id=row.debtor_id,
        channel=row.channel,
        purpose=row.purpose,
        creditor_id=row.creditor_id,
        point_id=point_id,
        at=at,
        is_past=is_past,
        expires_at=None if is_past else row.expires_at,
    )


def _shared(points: Sequence[Point], *, now: datetime) -> dict[str, list[Made]]:
    """Return what was made at the numbers and e-mails of several people, whoever of them it was for."""
    values = {point.value for point in points if point.medium != Medium.ADDRESS}
    several = (
        ContactPoint.objects.order_by()
        .filter(value__in=among(sorted(values)))
        .exclude(medium=Medium.ADDRESS)
        .values("value")
        .annotate(people=Count("debtor"))
        .filter(people__gt=1)
        .values_list("value", flat=True)
    )
    found: dict[str, list[Made]] = defaultdict(list)
    rows = Contact.objects.order_by().filter(
        point__value__in=among(list(several)), started_at__gt=now - BEHIND - LOOK_BACK
    )
    for pk, debtor, value, began, channel, word in rows.values_list(
        "pk", "debtor_id", "point__value", "started_at", "channel", GATE_WORD
    ):
        found[value].append(Made(pk, debtor, value, ContactFacts(began, channel, word)))
    return found


def _owed(ids: list[int]) -> dict[int, list[Owed]]:
    """Return the debts of which principal is open."""
    found: dict[int, list[Owed]] = defaultdict(list)
    rows = LedgerEntry.objects.order_by().filter(debt__debtor__in=among(ids)).values("debt")
    doubts = LedgerDoubt.objects.filter(debt=OuterRef("debt"), closed_at=None)
    rests = accounts.rests_until_of(OuterRef("debt__debtor"), OuterRef("debt__creditor"))
    for debtor, creditor, limitation_on, doubt, rests_until in (
        rows.annotate(open_cents=Sum("amount_cents"), doubt=Exists(doubts), rests=Subquery(rests))
        .filter(Q(open_cents__gt=0) | Q(doubt=True))
        .values_list("debt__debtor_id", "debt__creditor_id", "debt__limitation_on", "doubt", "rests")
    ):
        found[debtor].append(Owed(creditor, limitation_on, doubt, rests_until))
    return found
