"""What the gate is told of one debtor and one channel, and what it answers, point by point."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from contacts.queries import gathering
from contacts.rules import codes, gate, zones
from contacts.rules.facts import (
    ContactFacts,
    Decision,
    Facts,
    PolicyTerms,
)
from debtors.models import ContactPoint

OF_THE_POINT = frozenset(
    {codes.OPT_OUT_POINT, codes.CAP_DAY_POINT, codes.CAP_7D_POINT, codes.GAP_POINT, codes.BLOCK_LIST}
)


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
    """Everything the gate is told of one debtor and one channel: the person, and each point.

    `rules` are the ids of the local rules that narrow the policy here.
    """

    terms: PolicyTerms | None
    policy_id: int | None
    rules: tuple[int, ...]
    person: Facts
    points: tuple[ContactPoint, ...]
    contacts_at: Mapping[str, tuple[ContactFacts, ...]]
    blocked: Mapping[str, frozenset[str]]
    has_confirmed_zone: bool
    now: datetime

    def verdict(self, point: ContactPoint) -> Verdict:
        """Return the gate's answer for one contact point."""
        return Verdict(self._decide(self.facts_at(point)), point)

    def again(self, point: ContactPoint, *, answered_by: str = "human") -> Verdict:
        """Return the gate's second answer, of what may have changed since the first: may we speak now?

        `answered_by` is "human", "machine" or "unknown" where a call was answered.
        """
        facts = replace(self.facts_at(point), action="speak", answered_by=answered_by)
        return Verdict(gate.decide(facts=facts, terms=self.terms, now=self.now), point)

    @property
    def best(self) -> Verdict:
        """Return the answer for the best usable point.

        What is held against a point (a wrong number, a workplace) leads on to the next one,
        whatever else is held against this moment; where none may be used now, the one that may be
        used first. What is held against contacting the person alone is final: no other number is tried.
        """
        refused: Verdict | None = None
        for point in self.points:
            verdict = self.verdict(point)
            if verdict.is_allowed or not _is_of_the_point(verdict.decision):
                return verdict
            if refused is None or is_sooner(verdict.decision, than=refused.decision):
                refused = verdict
        return refused or Verdict(self._decide(self.person))

    def facts_at(self, point: ContactPoint) -> Facts:
        """Return the facts of a contact at one of the debtor's points."""
        own_zones = () if self.has_confirmed_zone else tuple(sorted(zones.zones_of_number(point.value)))
        facts = gathering.point_facts(
            point,
            time_zones=own_zones,
            contacts=self.contacts_at.get(point.value, ()),
            is_block_listed=self.person.channel in self.blocked.get(point.value, ()),
        )
        return replace(self.person, point=facts)

    def _decide(self, facts: Facts) -> Decision:
        return gate.decide(facts=facts, terms=self.terms, now=self.now, horizon_days=gate.HORIZON_DAYS)


def is_sooner(one: Decision, *, than: Decision) -> bool:
    """Return whether a refused contact is allowed earlier than another; None is never."""
    if one.next_allowed is None or than.next_allowed is None:
        return one.next_allowed is not None
    return one.next_allowed < than.next_allowed


def _is_of_the_point(decision: Decision) -> bool:
    return any(code.startswith("POINT_") or code in OF_THE_POINT for code in decision.reasons)
