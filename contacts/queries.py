"""What the gate must know of debtors, gathered in a constant number of queries; and who was contacted."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from contacts.models import Consent, Contact, Hold, OptOut, PolicyHead
from contacts.rules import commemoration, gate, policy_json, zones
from contacts.rules.facts import (
    ConsentFacts,
    ContactFacts,
    Decision,
    Facts,
    HoldFacts,
    OptOutFacts,
    PointFacts,
    PolicyTerms,
    PromiseFacts,
)
from contacts.vocabulary import Channel, ContactState, Outcome, Purpose
from debtors import queries as debtor_queries
from debtors.models import ContactPoint, Debtor, PromiseToPay
from debtors.vocabulary import RETIRED_STATUSES, Medium, PointKind, PointStatus

#: How far back the gate looks for past contacts: seven days for the caps, and the longest cool-off.
LOOK_BACK = timedelta(days=31)

MEDIUM_OF_CHANNEL: Mapping[str, Medium] = {
    Channel.SMS: Medium.PHONE,
    Channel.WHATSAPP: Medium.PHONE,
    Channel.VOICE: Medium.PHONE,
    Channel.EMAIL: Medium.EMAIL,
    Channel.LETTER: Medium.ADDRESS,
}
OWN_KINDS = (PointKind.OWN, PointKind.HOME)
OF_THE_POINT = frozenset({"OPT_OUT_POINT"})


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
    has_confirmed_zone: bool
    now: datetime

    def verdict(self, point: ContactPoint) -> Verdict:
        """Return the gate's answer for one contact point."""
        return Verdict(self._decide(self.facts_at(point)), point)

    def verdicts(self) -> list[Verdict]:
        """Return the gate's answer for each point of the channel, best point first."""
        return [self.verdict(point) for point in self.points]

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
        return replace(self.person, point=_point_facts(point, time_zones=own_zones))

    def _decide(self, facts: Facts) -> Decision:
        return gate.decide(facts=facts, terms=self.terms, now=self.now, horizon_days=gate.HORIZON_DAYS)


def terms_in_force(*, now: datetime) -> tuple[PolicyTerms | None, int | None]:
    """Return the terms of the house policy with its holidays as dates, and the policy's id; or nothing."""
    heads = PolicyHead.objects.filter(scope="house")
    head = heads.values_list("policy_id", "is_paused", Cast("policy__terms", TextField())).first()
    if head is None:
        return None, None
    policy_id, is_paused, text = head
    terms = _terms(text, year=now.year)
    return (replace(terms, paused=True) if is_paused else terms), policy_id


@lru_cache(maxsize=16)
def _terms(text: str, *, year: int) -> PolicyTerms:
    """Return the terms of a policy's JSON, with its holidays around a year: read once for each text."""
    raw = json.loads(text)
    terms = policy_json.policy_from_json(raw)
    closed: set[date] = set()
    for each in range(year - 1, year + 2):
        if raw.get("close_public_holidays"):
            closed |= commemoration.public_holidays(each)
        for name in raw.get("close_feasts", []):
            closed |= commemoration.feast(name, each)
    return replace(terms, holidays=terms.holidays | closed)


def asked_for(
    *,
    debtor_ids: Iterable[int],
    channel: str,
    now: datetime,
    purpose: str = Purpose.COLLECTION,
    creditor_id: int | None = None,
) -> dict[int, Asked]:
    """Return what the gate is told of each debtor for a channel, in a constant number of queries.

    With `creditor_id` only what is owed to that creditor counts as owed; everything else is a matter
    of the person, whoever the contact is for.
    """
    debtors = list(Debtor.objects.filter(pk__in=list(debtor_ids)))
    return _asked(debtors, channel=channel, now=now, purpose=purpose, creditor_id=creditor_id)


def may_contact(
    *,
    debtor: Debtor,
    channel: str,
    now: datetime,
    purpose: str = Purpose.COLLECTION,
    creditor_id: int | None = None,
) -> Asked:
    """Return what the gate is told of one debtor as he was read; ask it by `.best` or for each point."""
    asked = _asked([debtor], channel=channel, now=now, purpose=purpose, creditor_id=creditor_id)
    return asked[debtor.pk]


def history(*, debtor_id: int) -> QuerySet[Contact]:
    """Return the contacts that were made with a debtor, or came from him, newest first."""
    return (
        Contact.objects.filter(debtor_id=debtor_id)
        .exclude(state__in=[ContactState.PLANNED, ContactState.CLAIMED, ContactState.CANCELLED])
        .select_related("template", "point", "agent", "creditor")
        .order_by("-created_at", "-id")
    )


def channels_of(point: ContactPoint) -> frozenset[str]:
    """Return the channels by which a contact point can be reached."""
    if point.medium == Medium.EMAIL:
        return frozenset({Channel.EMAIL})
    if point.medium == Medium.ADDRESS:
        return frozenset({Channel.LETTER})
    if point.is_mobile:
        return frozenset({Channel.VOICE, Channel.SMS, Channel.WHATSAPP})
    return frozenset({Channel.VOICE})


def _asked(
    debtors: Sequence[Debtor], *, channel: str, now: datetime, purpose: str, creditor_id: int | None
) -> dict[int, Asked]:
    wanted = [debtor.pk for debtor in debtors]
    terms, policy_id = terms_in_force(now=now)
    points = _points(wanted)
    holds, opt_outs, consents = _holds(wanted), _opt_outs(wanted), _consents(wanted)
    promises, contacts = _promises(wanted), _past_contacts(wanted, now=now)
    owing = debtor_queries.debtors_who_owe(
        debtors=wanted, on=timezone.localdate(now), creditor_id=creditor_id
    )
    return {
        debtor.pk: Asked(
            terms=terms,
            policy_id=policy_id,
            person=Facts(
                channel=channel,
                point=_no_point(channel),
                purpose=purpose,
                birth_date=debtor.birth_date,
                time_zones=_zones(debtor, points[debtor.pk]),
                holidays=_state_holidays(points[debtor.pk], now=now),
                holds=holds[debtor.pk],
                opt_outs=opt_outs[debtor.pk],
                consents=consents[debtor.pk],
                promises=promises[debtor.pk],
                contacts=contacts[debtor.pk],
                something_is_owed=debtor.pk in owing,
            ),
            points=tuple(_ranked(points[debtor.pk], channel=channel)),
            has_confirmed_zone=bool(debtor.confirmed_time_zone),
            now=now,
        )
        for debtor in debtors
    }


def _is_of_the_point(decision: Decision) -> bool:
    return any(code.startswith("POINT_") or code in OF_THE_POINT for code in decision.reasons)


def _points(debtors: list[int]) -> dict[int, list[ContactPoint]]:
    found: dict[int, list[ContactPoint]] = defaultdict(list)
    for point in ContactPoint.objects.filter(debtor__in=debtors).order_by("id"):
        found[point.debtor_id].append(point)
    return found


def _ranked(points: list[ContactPoint], *, channel: str) -> list[ContactPoint]:
    """Return the points that may carry a channel: one's own before others', confirmed before new."""
    fitting = [point for point in points if channel in channels_of(point)]
    return sorted(
        fitting,
        key=lambda point: (
            point.is_retired,
            point.kind not in OWN_KINDS,
            point.status != PointStatus.VERIFIED,
            point.pk,
        ),
    )


def _point_facts(point: ContactPoint, *, time_zones: tuple[str, ...]) -> PointFacts:
    """Translate a row into the gate's words. E-mails and letters have no zones: the debtor's count."""
    status = "unverified" if point.status == PointStatus.NEW else "valid"
    return PointFacts(
        id=str(point.pk),
        kind="own" if point.kind in OWN_KINDS else point.kind,
        status="invalid" if point.is_retired else status,
        channels=channels_of(point),
        time_zones=time_zones,
    )


def _no_point(channel: str) -> PointFacts:
    """Return what the gate is told of a debtor without any point for a channel."""
    return PointFacts(id="", kind="own", status="invalid", channels=frozenset({channel}))


def _zones(debtor: Debtor, points: list[ContactPoint]) -> tuple[str, ...]:
    """Return every zone in which the debtor may be: what he confirmed, else all his points suggest."""
    if debtor.confirmed_time_zone:
        return (debtor.confirmed_time_zone,)
    found: set[str] = set()
    for point in points:
        if point.kind not in OWN_KINDS or point.status in RETIRED_STATUSES:
            continue
        if point.medium == Medium.PHONE:
            found |= zones.zones_of_number(point.value)
        elif point.medium == Medium.ADDRESS:
            found |= zones.zones_of_address(state=point.state, city=point.city)
    return tuple(sorted(found))


def _state_holidays(points: list[ContactPoint], *, now: datetime) -> frozenset[date]:
    """Return the holidays of the states in which the debtor lives; unknown: of those of his numbers."""
    own = [point for point in points if point.kind in OWN_KINDS and not point.is_retired]
    states = {point.state for point in own if point.medium == Medium.ADDRESS} & zones.ZONE_OF_STATE.keys()
    if not states:
        states = {state for point in own for state in zones.states_of_number(point.value)}
    return frozenset(
        day
        for state in states
        for year in (now.year, now.year + 1)
        for day in commemoration.public_holidays(year, state)
    )


def _holds(debtors: list[int]) -> dict[int, tuple[HoldFacts, ...]]:
    rows = Hold.objects.filter(debtor__in=debtors).values_list(
        "debtor_id", "kind", "active_from", "active_until"
    )
    return _grouped((debtor, HoldFacts(kind, since, until)) for debtor, kind, since, until in rows)


def _opt_outs(debtors: list[int]) -> dict[int, tuple[OptOutFacts, ...]]:
    rows = OptOut.objects.filter(debtor__in=debtors).values_list(
        "debtor_id", "scope", "channel", "point_id", "active_from", "active_until"
    )
    return _grouped(
        (debtor, OptOutFacts(scope, channel or None, str(point) if point else None, since, until))
        for debtor, scope, channel, point, since, until in rows
    )


def _consents(debtors: list[int]) -> dict[int, tuple[ConsentFacts, ...]]:
    rows = Consent.objects.filter(debtor__in=debtors).values_list(
        "debtor_id", "channel", "active_from", "active_until"
    )
    return _grouped((debtor, ConsentFacts(channel, since, until)) for debtor, channel, since, until in rows)


def _promises(debtors: list[int]) -> dict[int, tuple[PromiseFacts, ...]]:
    rows = PromiseToPay.objects.filter(debtor__in=debtors).values_list(
        "debtor_id", "promised_on", "made_at", "status"
    )
    return _grouped((debtor, PromiseFacts(day, made_at, status)) for debtor, day, made_at, status in rows)


def _past_contacts(debtors: list[int], *, now: datetime) -> dict[int, tuple[ContactFacts, ...]]:
    """Return what was done to reach each debtor lately, over all debts, creditors, channels and actors."""
    rows = Contact.objects.filter(debtor__in=debtors, started_at__gt=now - LOOK_BACK).values_list(
        "debtor_id", "started_at", "channel", "state", "outcome"
    )
    return _grouped(
        (debtor, ContactFacts(at, channel, _gate_word(state, outcome)))
        for debtor, at, channel, state, outcome in rows
        if at
    )


def _gate_word(state: str, outcome: str) -> str:
    """Return the gate's word for how a contact stands."""
    if state == ContactState.CONCLUDED:
        # Somebody else answered: the debtor was sought all the same, so it counts.
        return str(Outcome.NO_ANSWER) if outcome == Outcome.WRONG_PERSON else outcome
    return {
        ContactState.SENDING: "reserved",
        ContactState.UNKNOWN: "unknown",
        ContactState.PARKED: "unknown",
        ContactState.SENT: "sent",
    }.get(ContactState(state), "failed")


def _grouped[Fact](pairs: Iterable[tuple[int, Fact]]) -> dict[int, tuple[Fact, ...]]:
    found: dict[int, tuple[Fact, ...]] = defaultdict(tuple)
    for debtor, fact in pairs:
        found[debtor] += (fact,)
    return found
