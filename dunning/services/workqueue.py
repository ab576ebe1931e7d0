"""The agents' queue: who gets which case next, and for how long it is his."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import F, QuerySet

from contacts import queries as contact_queries
from contacts.models import PolicyHead
from contacts.queries.asking import Verdict
from contacts.rules import codes
from contacts.vocabulary import Channel
from debtors import queries as debtor_queries
from debtors.models import User
from dunning import queries
from dunning.models import Case, HandOver
from dunning.vocabulary import CaseState

LEASE = timedelta(minutes=5)
CHUNK = 50
#: How many lists one press of the button looks through; at night everything is refused.
MOST_CHUNKS = 20
#: A refused case is asked about again after a day at the latest: facts and policy may have changed.
LONGEST_PUT_OFF = timedelta(days=1)
#: How long after a change of policy the round asks again; three rounds, should one be missed.
AFTER_A_CHANGE = timedelta(minutes=15)


#: Objections that are about the house, and end without a word to the queue: nobody is put off for them.
STAYS = frozenset({codes.PAUSED, codes.TERMS_UNREADABLE, codes.RULE_FAILED})


class StaleLeaseError(Exception):
    """The case is no longer this agent's: his lease ended and another took it, or he is done with it."""


class LeasedByAnotherError(Exception):
    """Another agent is at the case; `case.agent` and `case.leased_until` say who and until when."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.pk} is leased until {case.leased_until}")
        self.case = case


def take_next(*, agent: User, now: datetime) -> Case | None:
    """Lease the most urgent case that may be called now to `agent`; None when there is none.

    An agent who still holds a case gets that one back; then comes what colleagues handed to him.
    Cases the gate objects to stay in the queue, with the reasons and the moment they return; while
    everything is paused, or cannot be judged, they stay where they are, so that nobody waits once
    that is over. The lease is a promise of first refusal, not a permit: the gate is asked again
    when the call is placed.
    """
    held = queries.cases_seen_by(agent).filter(agent=agent, leased_until__gt=now)
    held = held.exclude(state=CaseState.CLOSED)
    if mine := held.order_by("-leased_until", "pk").first():
        renew(mine, agent=agent, fence=mine.fence, now=now)
        return mine
    chunks = chain(_waiting_for(agent, now=now), queries.callable_chunks(agent=agent, now=now, size=CHUNK))
    for _turn, cases in zip(range(MOST_CHUNKS), chunks, strict=False):
        verdicts = _verdicts(cases, now=now)
        allowed = [case for case in cases if verdicts[case.pk].is_allowed]
        taken = _lease_first(allowed, agent=agent, now=now)
        refused = [case for case in cases if case not in allowed]
        if refused := [case for case in refused if STAYS.isdisjoint(verdicts[case.pk].reasons)]:
            _put_off(refused, verdicts=verdicts, agent=agent, now=now)
        if taken:
            return taken
    return None


def take(case: Case, *, agent: User, now: datetime) -> Case:
    """Lease a given case, as when an agent opens it from a list; his own lease is renewed.

    Raises LeasedByAnotherError while another agent is at it, StaleLeaseError for a closed case.
    """
    if taken := _lease(Case.objects.filter(pk=case.pk), agent=agent, now=now, skip_locked=False):
        return taken
    found = Case.objects.select_related("agent", "debtor", "creditor").get(pk=case.pk)
    if found.agent_id == agent.pk:
        renew(found, agent=agent, fence=found.fence, now=now)
        return found
    if found.state == CaseState.CLOSED:
        raise StaleLeaseError(f"case {case.pk} is closed")
    raise LeasedByAnotherError(found)


def renew(case: Case, *, agent: User, fence: int, now: datetime) -> None:
    """Keep the case for another five minutes; a lease that ended is renewed if nobody took it.

    Raises StaleLeaseError.
    """
    mine = Case.objects.filter(pk=case.pk, agent=agent, fence=fence)
    if not mine.update(leased_until=now + LEASE):
        raise StaleLeaseError(f"case {case.pk}, fence {fence}")
    case.leased_until = now + LEASE


def give_back(case: Case, *, agent: User, fence: int) -> None:
    """Let go of a case without an outcome; it stays in the queue.

    Raises StaleLeaseError.
    """
    mine = Case.objects.filter(pk=case.pk, agent=agent, fence=fence)
    if not mine.update(agent=None, leased_until=None):
        raise StaleLeaseError(f"case {case.pk}, fence {fence}")


def ask_again(*, now: datetime) -> int:
    """Bring back what was put off under a policy that was changed just now; return how many cases."""
    if not PolicyHead.objects.filter(changed_at__range=(now - AFTER_A_CHANGE, now)).exists():
        return 0
    waiting = Case.objects.filter(state=CaseState.OPEN, callable_from__gt=now, callback_at__isnull=True)
    return waiting.exclude(put_off_because=[]).update(callable_from=now, put_off_because=[])


def _waiting_for(agent: User, *, now: datetime) -> Iterator[list[Case]]:
    """Yield the callable cases that were handed to the agent, as one list, if there are any."""
    waiting = queries.callable_at(now, agent=agent).filter(reserved_for=agent)
    if found := list(waiting.select_related("debtor", "creditor").order_by("-urgency", "pk")[:CHUNK]):
        given = debtor_queries.portfolios_of(agent)
        yield [case for case in found if case.portfolio_id in given]


def _verdicts(cases: Sequence[Case], *, now: datetime) -> dict[int, Verdict]:
    """Ask the gate about a call to each case's debtor, in a constant number of queries."""
    debtors = {case.debtor_id for case in cases}
    asked = contact_queries.asked_for(debtor_ids=debtors, channel=Channel.VOICE, now=now)
    return {case.pk: asked[case.debtor_id].best for case in cases}


def _lease_first(cases: Sequence[Case], *, agent: User, now: datetime) -> Case | None:
    """Lease the first of the cases, in their order, that no other agent is taking at this moment."""
    if not cases:
        return None
    free = queries.callable_at(now, agent=agent).filter(pk__in=[case.pk for case in cases])
    return _lease(free.order_by("-urgency", "pk"), agent=agent, now=now, skip_locked=True)


@transaction.atomic
def _lease(cases: QuerySet[Case], *, agent: User, now: datetime, skip_locked: bool) -> Case | None:
    """Take the first case of a query, unless another agent just did.

    Where the database can, rows that others are taking are skipped, so that nobody queues for a
    row he will not get. The conditional UPDATE decides in any case, and moves the fence.
    """
    free = cases.filter(queries.is_free(now)).exclude(state=CaseState.CLOSED)
    rows = free.select_for_update(skip_locked=skip_locked).values_list("pk", "reserved_for")
    found = rows.first()
    if found is None:
        return None
    pk, reserved_for = found
    claim = Case.objects.filter(queries.is_free(now), pk=pk).exclude(state=CaseState.CLOSED)
    lease = {"agent": agent, "leased_until": now + LEASE, "fence": F("fence") + 1}
    if not claim.update(**lease, reserved_for=None, reserved_until=None):
        return None
    if reserved_for is not None:
        HandOver.objects.filter(case=pk, taken_at__isnull=True).update(taken_by=agent, taken_at=now)
    return Case.objects.select_related("debtor", "creditor").get(pk=pk)


@transaction.atomic
def _put_off(cases: Sequence[Case], *, verdicts: dict[int, Verdict], agent: User, now: datetime) -> None:
    """Let refused cases return when the gate says so, with its reasons; what others are at is left alone."""
    still = queries.callable_at(now, agent=agent).filter(pk__in=[case.pk for case in cases])
    free = set(still.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
    refused = [case for case in cases if case.pk in free]
    latest = now + LONGEST_PUT_OFF
    for case in refused:
        case.callable_from = min(verdicts[case.pk].next_allowed or latest, latest)
        case.put_off_because = list(verdicts[case.pk].reasons)
    Case.objects.bulk_update(refused, ["callable_from", "put_off_because"])
