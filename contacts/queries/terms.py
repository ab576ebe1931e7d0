"""Resolves the policy for each debtor: the terms of the house, narrowed by every local rule and wish."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from msgspec import structs

from contacts.models import Overlay, Preference
from contacts.queries import reads
from contacts.queries.gathering import A_MOMENT, Rows
from contacts.rules import hold_kinds, memory, narrowing, reach
from contacts.rules.closed_days import Place
from contacts.rules.facts import PolicyTerms, Window
from contacts.rules.policy_json import policy_from_json
from contacts.rules.reach import Reach, Whom
from contacts.rules.reading import MalformedError
from contacts.vocabulary import Channel
from debtors.queries.compiled import Read

logger = logging.getLogger(__name__)

Said = tuple[str, str]  # an overlay's JSON, and the state whose holidays it may close

#: In the place of an overlay's JSON about which something else cannot be read: no overlay is written so.
NOT_READABLE = "null"
#: In the place of a policy that cannot be read: nothing else is held against a contact.
UNREADABLE = PolicyTerms(
    channels=frozenset(Channel.values), windows=((Window(0, 24 * 60),),) * 7, is_unreadable=True
)


@dataclass(frozen=True)
class LocalRule:
    """One local rule that is switched on: whom it binds, and its JSON as it is kept."""

    pk: int
    reach: Reach
    text: str


@dataclass(frozen=True)
class Resolved:
    """What binds one debtor, creditor and channel; `rules` are the ids of the local rules in it.

    `closes_public_holidays` says that those of his state and city are closed too.
    """

    terms: PolicyTerms | None
    closes_public_holidays: bool = True
    rules: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rulebook:
    """The policy in force, and everything that may narrow it for some debtors, at one moment."""

    policy_id: int | None
    policy_text: str
    is_paused: bool
    year: int
    rules: tuple[LocalRule, ...]
    wishes: Mapping[int, str]  # by debtor id
    segments: Mapping[int, frozenset[int]]  # by debtor id
    is_unreadable: bool = False

    def resolve(
        self, debtor_id: int, *, places: frozenset[Place], channel: str, creditor_ids: frozenset[int]
    ) -> Resolved:
        """Return what binds a contact with one of the debtors: all places, and creditors, that may be meant.

        Terms None: no policy is in force. What cannot be read, of the policy or of anything that
        binds here, stops all contact (`is_unreadable`).
        """
        if self.is_unreadable:
            return Resolved(UNREADABLE)
        if self.policy_id is None:
            return Resolved(None)
        segments = self.segments.get(debtor_id, frozenset())
        whom = Whom(places=places, creditor_ids=creditor_ids, segments=segments)
        rules = [rule for rule in self.rules if reach.binds(rule.reach, whom=whom, channel=channel)]
        said = {(rule.text, rule.reach.state) for rule in rules}
        if debtor_id in self.wishes:
            said.add((self.wishes[debtor_id], ""))
        terms, closes_public_holidays = _narrowed(self.policy_text, frozenset(said), year=self.year)
        if self.is_paused:
            terms = structs.replace(terms, paused=True)
        return Resolved(terms, closes_public_holidays, tuple([rule.pk for rule in rules]))

    @property
    def segments_with_rules(self) -> list[int]:
        """The segments that have a rule of their own."""
        return sorted({rule.reach.segment_id for rule in self.rules if rule.reach.segment_id is not None})

    def with_members(self, rows: Rows) -> "Rulebook":
        """Return the rulebook that knows who is in which segment, of `reads.segments`."""
        found: dict[int, set[int]] = defaultdict(set)
        for debtor, segment in rows:
            found[debtor].add(segment)
        return replace(self, segments={debtor: frozenset(each) for debtor, each in found.items()})

    @property
    def asks_for_a_message_first(self) -> bool:
        """Whether the policy, or some local rule, wants a message before the first call."""
        if self.policy_id is None:
            return False
        said = frozenset((rule.text, rule.reach.state) for rule in self.rules)
        terms, _closes_public_holidays = _narrowed(self.policy_text, said, year=self.year)
        return terms.message_first or terms.is_unreadable  # then some of them may ask for it


def unreadable_rulebook(*, year: int) -> Rulebook:
    """Return the rulebook under which nobody is contacted, because something could not be read."""
    return Rulebook(
        policy_id=None,
        policy_text="",
        is_paused=False,
        year=year,
        rules=(),
        wishes={},
        segments={},
        is_unreadable=True,
    )


def is_readable(policy_text: str, *, year: int) -> bool:
    """Return whether the gate can read a policy's JSON."""
    return _house(policy_text, year=year) is not None


def rulebook(debtors: Iterable[int], *, now: datetime) -> Rulebook:
    """Return what may bind the debtors, in three queries: four while a segment has a rule of its own."""
    wanted = list(debtors)
    asked = [(reads.head, {}), (reads.overlays, {}), wishes_asked_for(wanted, now=now)]
    book = rulebook_of(*[read(**values) for read, values in asked], now=now)
    if not book.segments_with_rules:
        return book
    return book.with_members(reads.segments(debtors=wanted, among=book.segments_with_rules))


def rulebook_of(head: Rows, overlays: Rows, wishes: Rows, *, now: datetime) -> Rulebook:
    """Return the rulebook of the rows of `reads`, without the members of segments."""
    policy_id, is_paused, policy_text = next(iter(head), (None, False, ""))
    return Rulebook(
        policy_id=policy_id,
        policy_text=policy_text,
        is_paused=is_paused,
        year=now.year,
        rules=_rules(overlays),
        wishes=_wishes(wishes),
        segments={},
    )


def wishes_asked_for(debtors: list[int], *, now: datetime) -> tuple[Read, dict[str, Any]]:
    """Return what to ask for the debtors' wishes; one dated a moment ahead of `now` binds now."""
    return reads.wishes, {"debtors": debtors, "now": now, "soon": now + A_MOMENT}


def unreadable_rules(*, year: int) -> list[Overlay]:
    """Return the local rules that are switched on and cannot be read: whoever they bind is not contacted."""
    on = Overlay.objects.filter(is_on=True).annotate(text=Cast("terms", TextField()))
    return [
        rule
        for rule in on
        if _bound(rule.channels) is None or _overlay(rule.text, rule.state, year=year) is None
    ]


def unreadable_wishes(*, now: datetime) -> list[tuple[int, str]]:
    """Return (id, name) of the debtors of whose wishes in force one cannot be read: they are not contacted.

    All wishes are looked through; it is asked only once one was met.
    """
    in_force = Q(active_until__isnull=True) | Q(active_until__gt=now)
    kept = Preference.objects.filter(in_force).order_by("debtor__name", "debtor_id")
    rows = kept.values_list("debtor_id", "debtor__name", "windows", "unwanted_channels").iterator()
    return [
        (debtor, name)
        for debtor, name, windows, unwanted in rows
        if not is_wish_readable(windows=windows, unwanted=unwanted, year=now.year)
    ]


def is_wish_readable(*, windows: object, unwanted: object, year: int) -> bool:
    """Return whether the gate can read what a debtor would rather have; else nobody contacts him."""
    return _overlay(_wish(windows, unwanted), "", year=year) is not None


def _rules(rows: Rows) -> tuple[LocalRule, ...]:
    found = []
    for pk, channels, creditor_id, state, city, segment_id, text in rows:
        bound = _bound(channels)
        about = Reach(
            channels=bound or frozenset(),
            creditor_id=creditor_id,
            state=state,
            city=city,
            segment_id=segment_id,
        )
        found.append(LocalRule(pk, about, NOT_READABLE if bound is None else text))
    return tuple(found)


def _bound(channels: Any) -> frozenset[str] | None:
    """Return the channels that a rule is about; None where nobody can say: it binds them all, unread."""
    try:
        return reach.channels_bound(channels, channels=Channel.values)
    except MalformedError:
        return None


def _wishes(rows: Rows) -> dict[int, str]:
    """Return what each debtor wishes: the latest word of his."""
    return {debtor: _wish(windows, unwanted) for debtor, windows, unwanted in rows}


def _wish(windows: Any, unwanted: Any) -> str:
    try:
        said = reach.terms_of_wishes(windows=windows, unwanted=unwanted, channels=Channel.values)
    except MalformedError:
        return NOT_READABLE
    return json.dumps(said)


@lru_cache(maxsize=4096)
def _narrowed(policy_text: str, said: frozenset[Said], *, year: int) -> tuple[PolicyTerms, bool]:
    """Return the terms and whether public holidays are closed: worked out once for each set of overlays."""
    house = _house(policy_text, year=year)
    overlays = [_overlay(text, state, year=year) for text, state in sorted(said)]
    base, closes_public_holidays = house or (UNREADABLE, True)
    known = [overlay for overlay in overlays if overlay is not None]
    terms = narrowing.narrow_all(base, [overlay for overlay, _closes in known])
    if len(known) < len(overlays):
        terms = structs.replace(terms, is_unreadable=True)
    return terms, closes_public_holidays or any(closes for _overlay, closes in known)


@lru_cache(maxsize=64)
def _house(text: str, *, year: int) -> tuple[PolicyTerms, bool] | None:
    """Return the house's terms with the days that it closes as dates; None, and a log, if unreadable."""
    try:
        raw = json.loads(text)
        terms = policy_from_json(raw)
        memory.refuse_longer(terms)
        closed = narrowing.closed_by_rule(raw, year=year)
    except ValueError:
        logger.exception("the contact policy in force cannot be read: nobody is contacted")
        return None
    blocking = terms.holds_blocking | hold_kinds.unheard_of(raw)
    house = structs.replace(terms, holidays=terms.holidays | closed, holds_blocking=blocking)
    return house, bool(raw.get("close_public_holidays"))


@lru_cache(maxsize=4096)
def _overlay(text: str, state: str, *, year: int) -> tuple[narrowing.Overlay, bool] | None:
    """Return what an overlay says, and whether it closes public holidays; None, and a log, if unreadable."""
    try:
        raw = json.loads(text)
        said = narrowing.overlay_from_json(raw, year=year, state=state)
    except ValueError:
        logger.exception("an overlay cannot be read: whoever it binds is not contacted")
        return None
    return said, bool(raw.get("close_public_holidays"))
