"""Whom a replay is about: debtors, where they are and at which numbers, and what binds them, read once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Min, Q

from contacts.models import Contact
from contacts.queries import gathering, reads, whereabouts, wishes
from contacts.rules.closed_days import Place
from contacts.rules.facts import ConsentFacts, HoldFacts, OptOutFacts, PromiseFacts
from contacts.vocabulary import Channel
from debtors.models import ContactPoint, Debtor, PromiseToPay
from debtors.queries.among import among
from debtors.vocabulary import RETIRED_STATUSES, PromiseStatus

SEVERAL = "+"
SOMEBODY = Debtor()  # who has confirmed no time zone


class Point(NamedTuple):
    """One phone, e-mail or address; see `gathering.Point`."""

    pk: int
    debtor_id: int
    medium: str
    kind: str
    status: str
    value: str
    is_mobile: bool
    city: str
    state: str
    postal_code: str
    status_since: datetime | None

    @property
    def is_retired(self) -> bool:
        """Whether it may never be used again."""
        return self.status in RETIRED_STATUSES


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of a debtor, whatever the contact. `state` is "+" for several, "" for none."""

    birth_date: date | None
    has_confirmed_zone: bool
    time_zones: tuple[str, ...]
    places: frozenset[Place]
    state: str
    points: Sequence[Point]
    holds: tuple[HoldFacts, ...]
    opt_outs: tuple[OptOutFacts, ...]
    consents: tuple[ConsentFacts, ...]
    promises: Sequence[tuple[PromiseFacts, datetime | None]]  # each with when it was settled
    first_message_at: datetime | None

    def promises_at(self, moment: datetime) -> tuple[PromiseFacts, ...]:
        """Return the promises as they stood: one settled later was open then."""
        return gathering.awaited(
            tuple(
                PromiseFacts(facts.due_on, facts.made_at, PromiseStatus.OPEN)
                if settled_at is not None and settled_at > moment
                else facts
                for facts, settled_at in self.promises
            )
        )


def points(ids: list[int]) -> dict[int, list[Point]]:
    """Return the contact points of each debtor, oldest first."""
    found: dict[int, list[Point]] = defaultdict(list)
    rows = ContactPoint.objects.filter(debtor__in=among(ids)).order_by("id")
    for row in map(Point._make, rows.values_list(*Point._fields)):
        found[row.debtor_id].append(row)
    return found


def people(
    ids: list[int],
    *,
    points: Mapping[int, list[Point]],
    asks_for_a_message_first: bool,
    now: datetime,
) -> dict[int, Person]:
    """Return the debtors, in six queries at most."""
    holds = gathering.holds_of(reads.holds(debtors=ids), now=now)
    opt_outs = wishes.opt_outs(ids, points=points, now=now)
    consents = gathering.consents_of(reads.consents(debtors=ids), now=now)
    promises, messages = _promises(ids), _first_messages(ids) if asks_for_a_message_first else {}
    found = {}
    debtors = Debtor.objects.order_by().filter(pk__in=among(ids))
    for pk, birth_date, confirmed in debtors.values_list("pk", "birth_date", "confirmed_time_zone"):
        own = points[pk]
        places = whereabouts.places_of(own)
        found[pk] = Person(
            birth_date=birth_date,
            has_confirmed_zone=bool(confirmed),
            time_zones=(confirmed,) if confirmed else whereabouts.zones_of(SOMEBODY, own),
            places=places,
            state=_state(places),
            points=own,
            holds=holds[pk],
            opt_outs=opt_outs[pk],
            consents=consents[pk],
            promises=promises.get(pk, ()),
            first_message_at=messages.get(pk),
        )
    return found


@lru_cache(maxsize=256)
def _state(places: frozenset[Place]) -> str:
    states = {place.state for place in places}
    return SEVERAL if len(states) > 1 else next(iter(states), "")


def _promises(ids: list[int]) -> dict[int, list[tuple[PromiseFacts, datetime | None]]]:
    found: dict[int, list[tuple[PromiseFacts, datetime | None]]] = defaultdict(list)
    rows = PromiseToPay.objects.order_by().filter(debtor__in=among(ids))
    for debtor, day, made_at, status, settled_at in rows.values_list(
        "debtor_id", "promised_on", "made_at", "status", "settled_at"
    ):
        found[debtor].append((PromiseFacts(day, made_at, status), settled_at))
    return found


def _first_messages(ids: list[int]) -> dict[int, datetime]:
    """Return when the first message went to each debtor, or a word of his came."""
    indirect = ~Q(channel=Channel.VOICE) | Q(is_inbound=True)
    began = Contact.objects.order_by().filter(indirect, debtor__in=among(ids), started_at__isnull=False)
    return dict(began.values_list("debtor_id").annotate(first=Min("started_at")))
