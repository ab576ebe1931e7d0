"""What the gate is told of one contact of a replay: put together once, for both policies that judge it."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone
from msgspec.structs import replace

from contacts.queries import gathering
from contacts.queries.replay_people import Person, Point
from contacts.queries.replay_rows import Made, Owed, Rows, Wanted
from contacts.rules import zones
from contacts.rules.closed_days import Place
from contacts.rules.facts import ContactFacts, Facts, PointFacts

UNVERIFIED = "unverified"


class Case:
    """One contact to be judged after those made before it."""

    __slots__ = ("before", "contacts", "known", "person", "points", "wanted")

    def __init__(self, wanted: Wanted, *, person: Person, before: Sequence[Made]) -> None:
        self.wanted, self.person, self.before = wanted, person, before
        self.points = _points(wanted, person)
        self.contacts = tuple([made.facts for made in before])
        self.known: dict[tuple[int, bool], Facts] = {}  # by point, and by whether public holidays are closed


class Teller:
    """Tells the gate what is known, of everybody whose rows were read."""

    def __init__(self, rows: Rows, *, asks_for_a_message_first: bool, now: datetime) -> None:
        self.rows, self.year, self.today = rows, now.year, timezone.localdate(now)
        self.asks_for_a_message_first = asks_for_a_message_first
        self.holidays: dict[tuple[frozenset[Place], bool], frozenset[date]] = {}
        self.points: dict[tuple[int, str], PointFacts] = {}  # by point, and by channel

    def facts(self, case: Case, *, point: Point | None, closes_public_holidays: bool) -> Facts:
        """Return the facts of a contact at a point; without one, at none that is of use."""
        key = (point.pk if point else 0, closes_public_holidays)
        if key not in case.known:
            case.known[key] = self._facts(case, point=point, closes_public_holidays=closes_public_holidays)
        return case.known[key]

    def _facts(self, case: Case, *, point: Point | None, closes_public_holidays: bool) -> Facts:
        wanted, person = case.wanted, case.person
        owing = [] if wanted.is_past else self._owing(wanted)
        return Facts(
            channel=wanted.channel,
            point=self._point(case, point) if point else gathering.no_point(wanted.channel),
            purpose=wanted.purpose,
            birth_date=person.birth_date,
            time_zones=person.time_zones,
            holidays=self._holidays(person.places, closes_public_holidays),
            holds=person.holds,
            opt_outs=person.opt_outs,
            consents=person.consents,
            promises=person.promises_at(wanted.at) if person.promises else (),
            contacts=case.contacts,
            something_is_owed=wanted.is_past or bool(owing),
            is_statute_barred=bool(owing) and all(self._is_barred(debt) for debt in owing),
            is_ledger_in_doubt=bool(owing) and any(debt.is_in_doubt for debt in owing),
            money_in_transit_until=_rests_until(owing) if owing else None,
            was_messaged=not self.asks_for_a_message_first or _was_messaged(person, at=wanted.at),
        )

    def _point(self, case: Case, point: Point) -> PointFacts:
        """Return the facts of a number; what was found out of it later was not known of it then."""
        wanted, status_since = case.wanted, point.status_since
        facts = replace(self._point_itself(case, point), contacts=self._contacts_at(point.value, case))
        if wanted.is_past and status_since is not None and status_since > wanted.at:
            return replace(facts, status=UNVERIFIED, is_block_listed=False)
        return facts

    def _point_itself(self, case: Case, point: Point) -> PointFacts:
        """Return the facts of a number whatever was made at it: the same for all contacts by one channel."""
        channel = case.wanted.channel
        key = (point.pk, channel)
        if key not in self.points:
            self.points[key] = gathering.point_facts(
                point,
                time_zones=() if case.person.has_confirmed_zone else _zones_of(point.value),
                contacts=(),
                is_block_listed=channel in self.rows.blocked.get(point.value, ()),
            )
        return self.points[key]

    def _contacts_at(self, value: str, case: Case) -> tuple[ContactFacts, ...]:
        own = [made.facts for made in case.before if made.value == value]
        for made in self.rows.shared.get(value, ()):
            if made.debtor_id != case.wanted.debtor_id and made.facts.at <= case.wanted.at:
                own.append(made.facts)
        return tuple(own)

    def _holidays(self, places: frozenset[Place], closes_public_holidays: bool) -> frozenset[date]:  # noqa: FBT001
        key = (places, closes_public_holidays)
        if key not in self.holidays:
            self.holidays[key] = gathering.holidays_in(
                places,
                own=self.rows.own_closed_days,
                public_holidays=closes_public_holidays,
                year=self.year,
            )
        return self.holidays[key]

    def _owing(self, wanted: Wanted) -> list[Owed]:
        owed = self.rows.owed.get(wanted.debtor_id, ())
        return [debt for debt in owed if wanted.creditor_id in (None, debt.creditor_id)]

    def _is_barred(self, debt: Owed) -> bool:
        return debt.limitation_on is not None and debt.limitation_on <= self.today


def _rests_until(owing: Sequence[Owed]) -> date | None:
    return max((day for debt in owing if (day := debt.rests_until)), default=None)


def _points(wanted: Wanted, person: Person) -> list[Point]:
    """Return the points to be judged: the one it went to or is dialled at, else all by their rank."""
    if wanted.point_id is not None:
        return [point for point in person.points if point.pk == wanted.point_id]
    return gathering.ranked(person.points, channel=wanted.channel)


def _was_messaged(person: Person, *, at: datetime) -> bool:
    return person.first_message_at is not None and person.first_message_at <= at


@lru_cache(maxsize=4096)
def _zones_of(number: str) -> tuple[str, ...]:
    return tuple(sorted(zones.zones_of_number(number)))
