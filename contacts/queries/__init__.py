"""Asks the gate about debtors, its facts read in a constant number of queries; and who was contacted."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from contacts.models import Contact, PolicyHead
from contacts.queries import gathering
from contacts.rules import codes, commemoration, gate, policy_json, zones
from contacts.rules.closed_days import ClosedDayFacts
from contacts.rules.facts import (
    ConsentFacts,
    ContactFacts,
    Decision,
    Facts,
    HoldFacts,
    OptOutFacts,
    PolicyTerms,
    PromiseFacts,
)
from contacts.vocabulary import ContactState, Purpose
from debtors import queries as debtor_queries
from debtors.models import ContactPoint, Debtor
from debtors.rules import payoff
from debtors.rules.payoff import Balance, History

OF_THE_POINT = frozenset({codes.OPT_OUT_POINT, codes.CAP_DAY_POINT, codes.CAP_7D_POINT, codes.GAP_POINT})


@dataclass(frozen=True)
class Verdict:
    """What the gate says of one debtor, channel and, where one was judged, contact point."""

    decision: Decision
    point: ContactPoint | None = None

    @property
    def is_allowed(self) -> bool:
        """Whether the contact may be made now."""
        return self.decision.is_allowed

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why not, as sorted codes."""
        return self.decision.reasons

    @property
    def next_allowed(self) -> datetime | None:
        """When it may be made, all facts staying as they are; None for not within the horizon."""
        return self.decision.next_allowed


@dataclass(frozen=True)
class Asked:
    """Everything the gate is told of one debtor and one channel: the person, and each point."""

    terms: PolicyTerms | None
    policy_id: int | None
    person: Facts
    points: tuple[ContactPoint, ...]
    contacts_at: Mapping[str, tuple[ContactFacts, ...]]
    has_confirmed_zone: bool
    now: datetime

    def verdict(self, point: ContactPoint) -> Verdict:
        """Return the gate's answer for one contact point."""
        return Verdict(self._decide(self.facts_at(point)), point)

    @property
    def best(self) -> Verdict:
        """Return the answer for the best usable point.

        What is held against a point (a wrong number, a workplace) leads on to the next one,
        whatever else is held against this moment. What is held against contacting the person
        alone is final: no other number is tried.
        """
        refused: Verdict | None = None
        for point in self.points:
            verdict = self.verdict(point)
            if verdict.is_allowed or not _is_of_the_point(verdict.decision):
                return verdict
            refused = refused or verdict
        return refused or Verdict(self._decide(self.person))

    def facts_at(self, point: ContactPoint) -> Facts:
        """Return the facts of a contact at one of the debtor's points."""
        own_zones = () if self.has_confirmed_zone else tuple(sorted(zones.zones_of_number(point.value)))
        contacts = self.contacts_at.get(point.value, ())
        facts = gathering.point_facts(point, time_zones=own_zones, contacts=contacts)
        return replace(self.person, point=facts)

    def _decide(self, facts: Facts) -> Decision:
        return gate.decide(facts=facts, terms=self.terms, now=self.now, horizon_days=gate.HORIZON_DAYS)


@dataclass(frozen=True)
class Gathered:
    """What is known of some debtors at one moment: each kind of row was read once for all of them."""

    now: datetime
    terms: PolicyTerms | None
    policy_id: int | None
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
    closes_public_holidays: bool

    def asked(
        self,
        debtor_id: int,
        *,
        channel: str,
        purpose: str = Purpose.COLLECTION,
        creditor_id: int | None = None,
    ) -> Asked:
        """Return what the gate is told of one of the debtors for a channel.

        With `creditor_id` only what is owed to that creditor counts as owed; everything else is a
        matter of the person, whoever the contact is for.
        """
        debtor, points = self.debtors[debtor_id], self.points[debtor_id]
        person = Facts(
            channel=channel,
            point=gathering.no_point(channel),
            purpose=purpose,
            birth_date=debtor.birth_date,
            time_zones=gathering.zones_of(debtor, points),
            holidays=self._holidays(points),
            holds=self.holds[debtor_id],
            opt_outs=self.opt_outs[debtor_id],
            consents=self.consents[debtor_id],
            promises=self.promises[debtor_id],
            contacts=self.contacts[debtor_id],
            something_is_owed=self._owes(debtor_id, creditor_id=creditor_id),
        )
        return Asked(
            terms=self.terms,
            policy_id=self.policy_id,
            person=person,
            points=tuple(gathering.ranked(points, channel=channel)),
            contacts_at=self.contacts_at,
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

    def _holidays(self, points: Sequence[ContactPoint]) -> frozenset[date]:
        return gathering.holidays_in(
            gathering.places_of(points),
            own=self.own_closed_days,
            public_holidays=self.closes_public_holidays,
            year=self.now.year,
        )

    def _owes(self, debtor_id: int, *, creditor_id: int | None) -> bool:
        on = timezone.localdate(self.now)
        return any(
            history.owed(on=on).total_cents > 0
            for creditor, histories in self.histories[debtor_id].items()
            if creditor_id in (None, creditor)
            for history in histories
        )


def gather(debtors: Iterable[Debtor], *, now: datetime) -> Gathered:
    """Return what the gate may be asked about the debtors, as they were read, in twelve queries."""
    by_id = {debtor.pk: debtor for debtor in debtors}
    wanted = list(by_id)
    terms, policy_id, closes_public_holidays = terms_in_force(now=now)
    points = gathering.points(wanted)
    places = {place for own in points.values() for place in gathering.places_of(own)}
    of_them_all = [point for own in points.values() for point in own]
    return Gathered(
        now=now,
        terms=terms,
        policy_id=policy_id,
        debtors=by_id,
        points=points,
        holds=gathering.holds(wanted),
        opt_outs=gathering.opt_outs(wanted),
        consents=gathering.consents(wanted),
        promises=gathering.promises(wanted),
        contacts=gathering.past_contacts(wanted, now=now),
        contacts_at=gathering.contacts_at(of_them_all, now=now),
        histories=debtor_queries.histories_of_debtors(debtors=wanted),
        own_closed_days=gathering.own_closed_days(places),
        closes_public_holidays=closes_public_holidays,
    )


def terms_in_force(*, now: datetime) -> tuple[PolicyTerms | None, int | None, bool]:
    """Return the house policy's terms with its holidays as dates, its id, and whether it closes holidays.

    The dates are those of the whole country; whether the holidays of states and cities are closed
    too is the last value. Nothing where no policy is in force.
    """
    heads = PolicyHead.objects.filter(scope="house")
    head = heads.values_list("policy_id", "is_paused", Cast("policy__terms", TextField())).first()
    if head is None:
        return None, None, True
    policy_id, is_paused, text = head
    terms, closes_public_holidays = _terms(text, year=now.year)
    return (replace(terms, paused=True) if is_paused else terms), policy_id, closes_public_holidays


@lru_cache(maxsize=16)
def _terms(text: str, *, year: int) -> tuple[PolicyTerms, bool]:
    """Return the terms of a policy's JSON, with its holidays around a year: read once for each text."""
    raw = json.loads(text)
    terms = policy_json.policy_from_json(raw)
    closes_public_holidays = bool(raw.get("close_public_holidays"))
    closed: set[date] = set()
    for each in range(year - 1, year + 2):
        if closes_public_holidays:
            closed |= commemoration.public_holidays(each)
        for name in raw.get("close_feasts", []):
            closed |= commemoration.feast(name, each)
    return replace(terms, holidays=terms.holidays | closed), closes_public_holidays


def asked_for(*, debtor_ids: Iterable[int], channel: str, now: datetime) -> dict[int, Asked]:
    """Return what the gate is told of each debtor for a channel, in a constant number of queries."""
    known = gather(Debtor.objects.filter(pk__in=list(debtor_ids)), now=now)
    return {debtor_id: known.asked(debtor_id, channel=channel) for debtor_id in known.debtors}


def may_contact(
    *,
    debtor: Debtor,
    channel: str,
    now: datetime,
    purpose: str = Purpose.COLLECTION,
    creditor_id: int | None = None,
) -> Asked:
    """Return what the gate is told of one debtor as he was read; ask it by `.best` or for each point."""
    known = gather([debtor], now=now)
    return known.asked(debtor.pk, channel=channel, purpose=purpose, creditor_id=creditor_id)


def history(*, debtor_id: int) -> QuerySet[Contact]:
    """Return the contacts that were made with a debtor, or came from him, newest first."""
    return (
        Contact.objects.filter(debtor_id=debtor_id)
        .exclude(state__in=[ContactState.PLANNED, ContactState.CLAIMED, ContactState.CANCELLED])
        .select_related("template", "point", "agent", "creditor")
        .order_by("-created_at", "-id")
    )


def _is_of_the_point(decision: Decision) -> bool:
    return any(code.startswith("POINT_") or code in OF_THE_POINT for code in decision.reasons)
