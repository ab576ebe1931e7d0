"""What stops contact of the whole house right now, and whom: for the managers' page of findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, TextField
from django.db.models.functions import Cast

from contacts.models import Contact, Finding, Overlay, PolicyHead
from contacts.queries.terms import is_readable, unreadable_rules, unreadable_wishes
from contacts.rules import codes
from contacts.vocabulary import ContactState, FindingKind
from debtors.models import LedgerDoubt

#: Objections that end only when somebody mends something.
TO_MEND = (
    codes.TZ_UNKNOWN,
    codes.NO_POLICY,
    codes.TERMS_UNREADABLE,
    codes.RULE_FAILED,
    codes.LEDGER_IN_DOUBT,
    codes.BIRTH_DATE_UNKNOWN,
)
WITHOUT_ZONE_SHOWN = 25


@dataclass(frozen=True)
class State:
    """How the house stands: is a policy in force, is it paused, can it and every local rule be read?"""

    has_policy: bool
    is_paused: bool
    is_policy_readable: bool
    unreadable: Sequence[Overlay]

    @property
    def is_sound(self) -> bool:
        """Whether nothing of this stops all contact, or that of many."""
        return self.has_policy and not self.is_paused and self.is_policy_readable and not self.unreadable


def state_of_the_house(*, now: datetime) -> State:
    """Return how the policy in force and the local rules stand, in two queries."""
    heads = PolicyHead.objects.filter(scope="house")
    head = heads.values_list("is_paused", Cast("policy__terms", TextField())).first()
    return State(
        has_policy=head is not None,
        is_paused=head is not None and head[0],
        is_policy_readable=head is None or is_readable(head[1], year=now.year),
        unreadable=unreadable_rules(year=now.year),
    )


def blocked_by_code() -> dict[str, int]:
    """Return how many contacts wait for each thing that somebody has to mend, in one query."""
    told = Contact.objects.filter(state=ContactState.BLOCKED).alias(why=Cast("objections", TextField()))
    counts = told.aggregate(**{code: Count("pk", filter=Q(why__contains=f'"{code}"')) for code in TO_MEND})
    return {code: count for code, count in counts.items() if count}


def debtors_with_unreadable_wishes(*, now: datetime) -> list[tuple[int, str]]:
    """Return (id, name) of debtors whom nobody contacts as their wish cannot be read, once one was met."""
    was_met = Finding.objects.filter(kind=FindingKind.TERMS, closed_at=None).exists()
    return unreadable_wishes(now=now) if was_met else []


def debtors_without_zone() -> list[tuple[int, str]]:
    """Return (id, name) of debtors whose contacts are blocked because nobody knows the hour there."""
    told = Contact.objects.filter(state=ContactState.BLOCKED).alias(why=Cast("objections", TextField()))
    rows = told.filter(why__contains=f'"{codes.TZ_UNKNOWN}"').order_by("debtor__name", "debtor_id")
    return list(rows.values_list("debtor_id", "debtor__name").distinct()[:WITHOUT_ZONE_SHOWN])


def has_open_findings() -> bool:
    """Return whether something stopped contact that nobody has mended yet, or a ledger is in doubt."""
    doubts = LedgerDoubt.objects.order_by().filter(closed_at=None).values("pk")
    return Finding.objects.order_by().filter(closed_at=None).values("pk").union(doubts).exists()


def count_doubts() -> int:
    """Return how many debts have a ledger in doubt."""
    return LedgerDoubt.objects.filter(closed_at=None).count()
