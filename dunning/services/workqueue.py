"""The agents' queue: who gets which case next, and for how long it is his."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from contacts import queries as contact_queries
from contacts.models import PolicyHead
from contacts.queries.asking import Verdict
from contacts.rules import codes
from contacts.vocabulary import Channel
from debtors import queries as debtor_queries
from debtors.models import User
from debtors.queries.compiled import together
from dunning import queries
from dunning.models import Case, HandOver
from dunning.queries import next_case
from dunning.services.claiming import claim_first
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
    known = together(
        portfolios=debtor_queries.portfolios_asked_for(agent),
        held=(next_case.held, {"agent": agent.pk, "now": now}),
        handed_over=(next_case.handed_over, {"agent": agent.pk, "now": now}),
    )
    given = known["portfolios"]
    held = [Case.from_db(None, next_case.FIELDS, row) for row in known["held"]]
    if mine := next((case for case in held if case.portfolio_id in given), None):
        with suppress(StaleLeaseError):  # another tab let go of it in this moment
            renew(mine, agent=agent, fence=mine.fence, now=now)
            return mine
    if not known["handed_over"]:
        case = claim_first(agent=agent, portfolios=given, until=now + LEASE, now=now)
        if case is None or _is_kept(case, agent=agent, now=now):
            return case
    return _first_of_many(agent=agent, portfolios=given, now=now)


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


def _is_kept(case: Case, *, agent: User, now: datetime) -> bool:
    """Ask the gate about a case that was claimed before: who may be called stays, who may not is let go."""
    verdict = _verdicts([case], now=now)[case.pk]
    if verdict.is_allowed and case.reserved_for_id is None:
        return True
    mine = Case.objects.filter(pk=case.pk, agent=agent, fence=case.fence)
    if verdict.is_allowed:  # it waited for a colleague too long
        mine.update(reserved_for=None, reserved_until=None)
        _note_taken(case.pk, agent=agent, now=now)
        return True
    put_off = {} if _stays(verdict) else _until_it_returns(verdict, now=now)
    mine.update(agent=None, leased_until=None, **put_off)
    return False


def _first_of_many(*, agent: User, portfolios: list[int], now: datetime) -> Case | None:
    """Lease the first case that may be called, looking through many; put off those that may not."""
    waiting = _waiting_for(agent, portfolios=portfolios, now=now)
    behind = queries.callable_chunks(agent=agent, portfolios=portfolios, now=now, size=CHUNK)
    for _turn, cases in zip(range(MOST_CHUNKS), chain(waiting, behind), strict=False):
        verdicts = _verdicts(cases, now=now)
        allowed = [case for case in cases if verdicts[case.pk].is_allowed]
        taken = _lease_first(allowed, agent=agent, now=now)
        refused = [case for case in cases if case not in allowed and not _stays(verdicts[case.pk])]
        if refused:
            _put_off(refused, verdicts=verdicts, agent=agent, now=now)
        if taken:
            return taken
    return None


def _waiting_for(agent: User, *, portfolios: list[int], now: datetime) -> Iterator[list[Case]]:
    """Yield the callable cases that were handed to the agent, as one list, if there are any."""
    waiting = queries.callable_at(now, agent=agent).filter(reserved_for=agent, portfolio__in=portfolios)
    if found := list(waiting.select_related("debtor", "creditor").order_by("-urgency", "pk")[:CHUNK]):
        yield found


def _stays(verdict: Verdict) -> bool:
    """Return whether a refused case stays where it is in the queue."""
    return not STAYS.isdisjoint(verdict.reasons)


def _until_it_returns(verdict: Verdict, *, now: datetime) -> dict[str, Any]:
    """Return when a refused case returns to the queue, and why it left."""
    latest = now + LONGEST_PUT_OFF
    return {
        "callable_from": min(verdict.next_allowed or latest, latest),
        "put_off_because": list(verdict.reasons),
    }


def _verdicts(cases: Sequence[Case], *, now: datetime) -> dict[int, Verdict]:
    """Ask the gate about a call to each case's debtor for its creditor, in a constant number of queries."""
    pairs = {case.pk: (case.debtor_id, case.creditor_id) for case in cases}
    asked = contact_queries.asked_for(pairs.values(), channel=Channel.VOICE, now=now)
    return {case.pk: asked[pairs[case.pk]].best for case in cases}


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
        _note_taken(pk, agent=agent, now=now)
    return Case.objects.select_related("debtor", "creditor").get(pk=pk)


def _note_taken(case: int, *, agent: User, now: datetime) -> None:
    HandOver.objects.filter(case=case, taken_at__isnull=True).update(taken_by=agent, taken_at=now)


@transaction.atomic
def _put_off(cases: Sequence[Case], *, verdicts: dict[int, Verdict], agent: User, now: datetime) -> None:
    """Let refused cases return when the gate says so, with its reasons; what others are at is left alone."""
    still = queries.callable_at(now, agent=agent).filter(pk__in=[case.pk for case in cases])
    free = set(still.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
    refused = [case for case in cases if case.pk in free]
    for case in refused:
        for field, value in _until_it_returns(verdicts[case.pk], now=now).items():
            setattr(case, field, value)
    Case.objects.bulk_update(refused, ["callable_from", "put_off_because"])
