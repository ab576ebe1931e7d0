"""Which cases, in which order, and which nobody would come back to: the reads of the queue."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from heapq import merge

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from contacts.models import Contact, Hold
from debtors import queries as debtor_queries
from debtors.models import PromiseToPay, User
from debtors.rules.payoff import Balance
from debtors.vocabulary import PromiseStatus
from dunning.models import Case, ScheduledStep, Step
from dunning.queries import weighing
from dunning.rules.priority import Urgency, urgency
from dunning.vocabulary import CaseState

FIRST_CHUNK = 8  # cases; enough for agents who press the button at the same moment


def callable_at(now: datetime, *, agent: User | int) -> QuerySet[Case]:
    """Return the cases the agent may be given: something to do, nobody at it, kept for nobody else."""
    return Case.objects.filter(
        is_free(now), is_for(agent, now=now), state=CaseState.OPEN, callable_from__lte=now
    )


def is_free(now: datetime) -> Q:
    """Return the condition on a case that no agent is at it."""
    return Q(agent__isnull=True) | Q(leased_until__lte=now)


def is_for(agent: User | int, *, now: datetime) -> Q:
    """Return the condition on a case that it does not wait for a colleague other than the agent."""
    return Q(reserved_for__isnull=True) | Q(reserved_for=agent) | Q(reserved_until__lte=now)


def callable_chunks(*, agent: User, portfolios: list[int], now: datetime, size: int) -> Iterator[list[Case]]:
    """Return the callable cases of some portfolios of the agent, most urgent first, in lists of up to `size`.

    Each list is read when it is asked for, behind the last case of the one before. The first are
    short: by day one of the first few may nearly always be called, and facts are read of all.
    """
    after, length = None, min(FIRST_CHUNK, size)
    while chunk := _most_urgent(portfolios, agent=agent, now=now, after=after, size=length):
        yield chunk
        after, length = chunk[-1], min(4 * length, size)


def waiting_contacts(case: Case) -> QuerySet[Contact]:
    """Return what the case's steps wanted, whatever became of it."""
    return Contact.objects.filter(
        debtor_id=case.debtor_id,
        creditor_id=case.creditor_id,
        wanted_by__startswith=f"step:{case.pk}:",
    )


def urgencies(
    *, cases: Sequence[Case], now: datetime, owed: Mapping[tuple[int, int], Balance] | None = None
) -> dict[int, Urgency]:
    """Return how urgent each case is and why, by the weights in force, in a constant number of queries.

    `owed` are today's balances by (debtor id, creditor id), where they are known already.
    """
    if not cases:
        return {}
    if owed is None:
        pairs = {(case.debtor_id, case.creditor_id) for case in cases}
        owed = debtor_queries.balances_of_pairs(pairs=pairs, on=timezone.localdate(now))
    signs = weighing.signs(cases, now=now)
    broken, agreements = signs.broken_promises, signs.broken_agreements
    found = {}
    for case in cases:
        pair = (case.debtor_id, case.creditor_id)
        ends = [each[pair] for each in (broken, agreements) if pair in each]
        found[case.pk] = urgency(
            amount_cents=owed[pair].due_cents,
            days_late=owed[pair].days_late,
            has_broken_promise=pair in broken,
            has_broken_agreement=pair in agreements,
            has_broken_just_now=any(end > now - weighing.JUST_NOW for end in ends),
            is_callback_promised=case.callback_at is not None,
            is_reply_waiting=case.debtor_id in signs.writers,
            is_key_customer=pair in signs.key_customers,
            is_first_delay=case.pk not in signs.late_before and owed[pair].days_late > 0,
            weights=signs.weights,
        )
    return found


def cases_without_next_action(*, now: datetime) -> QuerySet[Case]:
    """Return the live cases that nobody and nothing would ever come back to. There must be none.

    An open case has a day for its next look or something for an agent, a promised one an open
    promise, a held one a hold that is still in force.
    """
    return Case.objects.filter(
        Q(state=CaseState.OPEN, next_plan_on__isnull=True, callable_from__isnull=True)
        | Q(~Exists(open_promise_of_case()), state=CaseState.PROMISED)
        | Q(~Exists(hold_of_case(now)), state=CaseState.HELD)
    )


def held_without_end(*, now: datetime) -> QuerySet[Case]:
    """Return the held cases whose every hold in force lasts until a person lifts it: they need a look."""
    ends = hold_of_case(now).filter(active_until__isnull=False)
    return Case.objects.filter(~Exists(ends), Exists(hold_of_case(now)), state=CaseState.HELD)


def open_promise_of_case() -> QuerySet[PromiseToPay]:
    """Return, for use inside a query of cases, the open promise to the case's creditor."""
    return PromiseToPay.objects.filter(
        debtor=OuterRef("debtor"), creditor=OuterRef("creditor"), status=PromiseStatus.OPEN
    )


def hold_of_case(now: datetime) -> QuerySet[Hold]:
    """Return, for use inside a query of cases, the holds in force on the case's debtor."""
    is_running = Q(active_until__isnull=True) | Q(active_until__gt=now)
    return Hold.objects.filter(is_running, debtor=OuterRef("debtor"), active_from__lte=now)


def cases_seen_by(user: User) -> QuerySet[Case]:
    """Return the cases of the portfolios given to the user, with the names a page shows."""
    return Case.objects.filter(portfolio__in=debtor_queries.portfolios_of(user)).select_related(
        "debtor", "creditor", "portfolio", "agent", "strategy"
    )


def next_step(case: Case, *, on: date) -> tuple[Step, date] | None:
    """Return the step of the ladder that comes next after `on`, and its day; None when all are behind."""
    taken = ScheduledStep.objects.filter(case=case, slot=case.anchor_on).values("step_id")
    late = (on - case.anchor_on).days
    step = (
        Step.objects.filter(strategy=case.strategy_id, is_active=True, offset_days__gt=late)
        .exclude(pk__in=taken)
        .order_by("offset_days")
        .first()
    )
    return (step, case.anchor_on + timedelta(days=step.offset_days)) if step else None


def _most_urgent(
    portfolios: list[int], *, agent: User, now: datetime, after: Case | None, size: int
) -> list[Case]:
    """Read one list per portfolio, each straight from the index, and merge them."""
    behind = callable_at(now, agent=agent).select_related("debtor", "creditor")
    if after:
        behind = behind.filter(Q(urgency__lt=after.urgency) | Q(urgency=after.urgency, pk__gt=after.pk))
    lists = [behind.filter(portfolio=each).order_by("-urgency", "pk")[:size] for each in portfolios]
    return list(merge(*lists, key=lambda case: (-case.urgency, case.pk)))[:size]
