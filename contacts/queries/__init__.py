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
from contacts.queries import errands, gathering, reads, whereabouts, wishes
from contacts.queries.asking import Asked
from contacts.queries.terms import Rulebook, rulebook_of, unreadable_rulebook
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
from debtors.queries import accounts
from debtors.queries.compiled import together
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

        With `creditor_id` only what is owed to that creditor counts as owed, and of the creditors' own
        rules his alone bind; without, those of all whom the debtor ever owed. Everything else is a matter
        of the person, whoever the contact is for.
        """
        debtor, points = self.debtors[debtor_id], self.points[debtor_id]
        places = whereabouts.places_of(points)
        meant = self.histories[debtor_id].keys() if creditor_id is None else {creditor_id}
        binding = self.rulebook.resolve(
            debtor_id, places=places, channel=channel, creditor_ids=frozenset(meant)
        )
        owing = self._owing(debtor_id, creditor_id=creditor_id)
        rests = [history.rests_until for history, _ in owing if history.rests_until]
        on = timezone.localdate(self.now)
        person = Facts(
            channel=channel,
            point=gathering.no_point(channel),
            purpose=purpose,
            birth_date=debtor.birth_date,
            time_zones=whereabouts.zones_of(debtor, points),
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
            terms=whereabouts.where_nothing_is_known(binding.terms, points),
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
        for value in gathering.shared_values([point]):
            self.contacts_at[value] = (*self.contacts_at.get(value, ()), made)

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

    One more while a segment has a rule of its own, and one more while calls wait for a first message;
    on PostgreSQL they go in two errands. `without` is a contact that has begun and is asked about once
    more: it does not count against itself.
    """
    by_id = {debtor.pk: debtor for debtor in debtors}
    return _gather(list(by_id), by_id=by_id, now=now, without=without)


def _gather(
    wanted: list[int], *, by_id: Mapping[int, Debtor] | None, now: datetime, without: int
) -> Gathered:
    """Gather of the debtors, who are read with all the rest where they are not known yet."""
    known = together(**errands.of_people(wanted, with_them=by_id is None, now=now, without=without))
    rules = rulebook_of(known["head"], known["overlays"], known["wishes"], now=now)
    points = gathering.points_of(known["points"])
    parties = accounts.parties_of(known["debts"])
    more = together(
        **errands.of_their_points(wanted, points, now=now, without=without),
        **errands.of_rules(rules, wanted),
        dues=(accounts.dues, {"debts": list(parties)}),
        credits=(accounts.credits, {"debts": list(parties)}),
    )
    histories = accounts.histories_of(parties, more["dues"], more["credits"])
    return Gathered(
        now=now,
        rulebook=rules.with_members(more["segments"]) if "segments" in more else rules,
        debtors=gathering.debtors_of(known["debtors"]) if by_id is None else by_id,
        points=points,
        holds=gathering.holds_of(known["holds"], now=now),
        opt_outs=wishes.opt_outs_of(more["opt_outs"], debtors=wanted, points=points, now=now),
        consents=gathering.consents_of(known["consents"], now=now),
        promises=gathering.promises_of(known["promises"], now=now),
        contacts=gathering.contacts_of(known["contacts"], now=now),
        contacts_at=gathering.contacts_of(more["contacts_at"], now=now),
        histories=debtor_queries.by_pair(parties, histories),
        own_closed_days=gathering.closed_days_of(more["closed_days"]),
        blocked=gathering.blocked_of(more["blocked"]),
        not_messaged=frozenset(wanted).difference(more["messaged"]) if "messaged" in more else frozenset(),
    )


def gather_or_doubt(debtors: Iterable[Debtor], *, now: datetime, without: int = 0) -> Gathered:
    """Return what `gather` does; where something cannot be read, all contact with the debtors is forbidden.

    For whoever looks and asks. Inside a transaction the error is raised: it has ended that one.
    """
    asked_about = list(debtors)
    try:
        return gather(asked_about, now=now, without=without)
    except DatabaseError as error:
        return _in_doubt(asked_about, error=_noted(error), now=now)


def _noted(error: DatabaseError) -> DatabaseError:
    """Return an error that forbids contact, logged; raise it again inside a transaction, which it ended."""
    if connection.in_atomic_block:
        raise error
    logger.error("what is known of debtors cannot be read: they are not contacted", exc_info=error)
    return error


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
        return gathering.points_of(reads.points(debtors=debtor_ids))
    except DatabaseError:
        return defaultdict(list)


def asked_for(
    pairs: Iterable[tuple[int, int]], *, channel: str, now: datetime
) -> dict[tuple[int, int], Asked]:
    """Return what the gate is told of each debtor and creditor, in as many queries as of one pair."""
    about = list(pairs)
    wanted = list(dict.fromkeys(debtor_id for debtor_id, _creditor in about))
    try:
        known = _gather(wanted, by_id=None, now=now, without=0)
    except DatabaseError as error:
        known = _in_doubt(list(Debtor.objects.filter(pk__in=wanted)), error=_noted(error), now=now)
    return {
        (debtor_id, creditor_id): known.asked(debtor_id, channel=channel, creditor_id=creditor_id)
        for debtor_id, creditor_id in about
    }


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
