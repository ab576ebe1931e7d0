"""Gathers what the gate must know of debtors, in a constant number of queries; and who was contacted."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

from contacts.models import Contact
from contacts.queries import gathering, wishes
from contacts.queries.asking import Asked
from contacts.queries.terms import Rulebook, rulebook, unreadable_rulebook
from contacts.rules.closed_days import ClosedDayFacts
from contacts.rules.facts import (
    ConsentFacts,
    ContactFacts,
    Facts,
    HoldFacts,
    OptOutFacts,
    PromiseFacts,
)
from contacts.vocabulary import ContactState, Purpose
from debtors import queries as debtor_queries
from debtors.models import ContactPoint, Debtor
from debtors.rules import payoff
from debtors.rules.payoff import Balance, History

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gathered:
    """What is known of some debtors at one moment: each kind of row was read once for all of them."""

    now: datetime
    rulebook: Rulebook
    debtors: Mapping[int, Debtor]
    points: Mapping[int, Sequence[ContactPoint]]
    holds: Mapping[int, tuple[HoldFacts, ...]]
    opt_outs: Mapping[int, tuple[OptOutFacts, ...]]
    consents: Mapping[int, tuple[ConsentFacts, ...]]
    promises: Mapping[int, tuple[PromiseFacts, ...]]
    contacts: Mapping[int, tuple[ContactFacts, ...]]
    contacts_at: dict[str, tuple[ContactFacts, ...]]  # by number or e-mail, whoever shares it
    histories: Mapping[int, Mapping[int, Sequence[History]]]  # by debtor id and creditor id
    own_closed_days: tuple[ClosedDayFacts, ...]
    blocked: Mapping[str, frozenset[str]]  # number -> channels by which a do-not-call list forbids it
    not_messaged: frozenset[int]  # of whom it matters: no message went there or came from there yet
    doubt: DatabaseError | None = None  # why nothing is known of them

    def asked(
        self,
        debtor_id: int,
        *,
        channel: str,
        purpose: str = Purpose.COLLECTION,
        creditor_id: int | None = None,
        is_free_text: bool = False,
    ) -> Asked:
        """Return what the gate is told of one of the debtors for a channel.

        With `creditor_id` only what is owed to that creditor counts as owed, and rules of his own bind
        too; everything else is a matter of the person, whoever the contact is for.
        """
        debtor, points = self.debtors[debtor_id], self.points[debtor_id]
        places = gathering.places_of(points)
        binding = self.rulebook.resolve(debtor_id, places=places, channel=channel, creditor_id=creditor_id)
        owing = self._owing(debtor_id, creditor_id=creditor_id)
        rests = [history.rests_until for history, _ in owing if history.rests_until]
        on = timezone.localdate(self.now)
        person = Facts(
            channel=channel,
            point=gathering.no_point(channel),
            purpose=purpose,
            birth_date=debtor.birth_date,
            time_zones=gathering.zones_of(debtor, points),
            holidays=gathering.holidays_in(
                places,
                own=self.own_closed_days,
                public_holidays=binding.closes_public_holidays,
                year=self.now.year,
            ),
            holds=self.holds[debtor_id],
            opt_outs=self.opt_outs[debtor_id],
            consents=self.consents[debtor_id],
            promises=self.promises[debtor_id],
            contacts=self.contacts[debtor_id],
            something_is_owed=bool(owing),
            is_statute_barred=bool(owing) and all(history.is_barred(on=on) for history, _ in owing),
            is_ledger_in_doubt=any(history.is_in_doubt or not balance.is_exact for history, balance in owing),
            money_in_transit_until=max(rests, default=None),
            was_messaged=debtor_id not in self.not_messaged,
            is_free_text=is_free_text,
            wrote_at=gathering.wrote_at(debtor_id, channel=channel) if is_free_text else None,
        )
        return Asked(
            terms=binding.terms,
            policy_id=self.rulebook.policy_id,
            rules=binding.rules,
            person=person,
            points=tuple(gathering.ranked(points, channel=channel)),
            contacts_at=self.contacts_at,
            blocked=self.blocked,
            has_confirmed_zone=bool(debtor.confirmed_time_zone),
            now=self.now,
        )

    def count_at(self, point: ContactPoint, *, channel: str) -> None:
        """Let a contact that was permitted this moment count at its number for whoever is judged next."""
        made = ContactFacts(self.now, channel, "reserved")
        self.contacts_at[point.value] = (*self.contacts_at.get(point.value, ()), made)

    def balance(self, *, debtor_id: int, creditor_id: int) -> Balance:
        """Return what one of the debtors owes a creditor today, over all debts between the two."""
        on = timezone.localdate(self.now)
        histories = self.histories[debtor_id].get(creditor_id, ())
        return payoff.combined([history.owed(on=on) for history in histories], on=on)

    def _owing(self, debtor_id: int, *, creditor_id: int | None) -> list[tuple[History, Balance]]:
        """Return the debts on which something is open, or of which nobody can say, and what it is."""
        on = timezone.localdate(self.now)
        balances = [
            (history, history.owed(on=on))
            for creditor, histories in self.histories[debtor_id].items()
            if creditor_id in (None, creditor)
            for history in histories
        ]
        return [each for each in balances if each[1].total_cents > 0 or each[0].is_in_doubt]


def gather(debtors: Iterable[Debtor], *, now: datetime, without: int = 0) -> Gathered:
    """Return what the gate may be asked about the debtors, as they were read, in fifteen queries.

    One more while a segment has a rule of its own, and one more while calls wait for a first message.
    `without` is a contact that has begun and is asked about once more: it does not count against itself.
    """
    by_id = {debtor.pk: debtor for debtor in debtors}
    wanted = list(by_id)
    rules = rulebook(wanted, now=now)
    points = gathering.points(wanted)
    places = {place for own in points.values() for place in gathering.places_of(own)}
    of_them_all = [point for own in points.values() for point in own]
    return Gathered(
        now=now,
        rulebook=rules,
        debtors=by_id,
        points=points,
        holds=gathering.holds(wanted, now=now),
        opt_outs=wishes.opt_outs(wanted, points=points, now=now),
        consents=gathering.consents(wanted, now=now),
        promises=gathering.promises(wanted, now=now),
        contacts=gathering.past_contacts(wanted, now=now, without=without),
        contacts_at=gathering.contacts_at(of_them_all, now=now, without=without),
        histories=debtor_queries.histories_of_debtors(debtors=wanted),
        own_closed_days=gathering.own_closed_days(places),
        blocked=gathering.blocked_numbers(of_them_all),
        not_messaged=gathering.not_messaged(wanted) if rules.asks_for_a_message_first else frozenset(),
    )


def gather_or_doubt(debtors: Iterable[Debtor], *, now: datetime, without: int = 0) -> Gathered:
    """Return what `gather` does; where something cannot be read, all contact with the debtors is forbidden.

    For whoever looks and asks. Inside a transaction the error is raised: it has ended that one.
    """
    asked_about = list(debtors)
    try:
        return gather(asked_about, now=now, without=without)
    except DatabaseError as error:
        if connection.in_atomic_block:
            raise
        logger.exception("what is known of debtors cannot be read: they are not contacted")
        return _in_doubt(asked_about, error=error, now=now)


def _in_doubt(debtors: Sequence[Debtor], *, error: DatabaseError, now: datetime) -> Gathered:
    """Return what may be shown of debtors when something of them cannot be read: nothing permits anything."""
    return Gathered(
        now=now,
        rulebook=unreadable_rulebook(year=now.year),
        debtors={debtor.pk: debtor for debtor in debtors},
        points=_points_if_readable([debtor.pk for debtor in debtors]),
        holds=defaultdict(tuple),
        opt_outs=defaultdict(tuple),
        consents=defaultdict(tuple),
        promises=defaultdict(tuple),
        contacts=defaultdict(tuple),
        contacts_at={},
        histories=defaultdict(dict),
        own_closed_days=(),
        blocked={},
        not_messaged=frozenset(),
        doubt=error,
    )


def _points_if_readable(debtor_ids: list[int]) -> Mapping[int, Sequence[ContactPoint]]:
    try:
        return gathering.points(debtor_ids)
    except DatabaseError:
        return defaultdict(list)


def asked_for(*, debtor_ids: Iterable[int], channel: str, now: datetime) -> dict[int, Asked]:
    """Return what the gate is told of each debtor for a channel, in a constant number of queries."""
    known = gather_or_doubt(Debtor.objects.filter(pk__in=list(debtor_ids)), now=now)
    return {debtor_id: known.asked(debtor_id, channel=channel) for debtor_id in known.debtors}


def may_contact(
    *,
    debtor: Debtor,
    channel: str,
    now: datetime,
    purpose: str = Purpose.COLLECTION,
    creditor_id: int | None = None,
    without: int = 0,
) -> Asked:
    """Return what the gate is told of one debtor as he was read; ask it by `.best` or for each point.

    `without`: see `gather`.
    """
    known = gather_or_doubt([debtor], now=now, without=without)
    return known.asked(debtor.pk, channel=channel, purpose=purpose, creditor_id=creditor_id)


def history(*, debtor_id: int) -> QuerySet[Contact]:
    """Return the contacts that were made with a debtor, or came from him, newest first."""
    return (
        Contact.objects.filter(debtor_id=debtor_id)
        .exclude(state__in=[ContactState.PLANNED, ContactState.CLAIMED, ContactState.CANCELLED])
        .select_related("template", "point", "agent", "creditor")
        .order_by("-created_at", "-id")
    )
