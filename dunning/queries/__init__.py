"""Which cases, in which order, and what must be known of them: the reads of the app that wants."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from heapq import merge

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from contacts.models import Contact, Hold, PolicyHead, Template
from contacts.queries import gathering
from contacts.rules.disclosure import Stage, is_within, most
from contacts.vocabulary import Channel, ContactState, Outcome, Purpose, TemplateState
from debtors import queries as debtor_queries
from debtors.models import ContactPoint, PromiseToPay, User
from debtors.rules.payoff import Balance
from debtors.vocabulary import RETIRED_STATUSES, Medium, PromiseStatus
from dunning.models import Case, ScheduledStep, Step, Strategy
from dunning.queries import weighing
from dunning.rules import stepping
from dunning.rules.priority import Urgency, urgency
from dunning.rules.stepping import Rung, Taken
from dunning.vocabulary import Actor, CaseState, StepResult

FIRST_CHUNK = 8  # cases; enough for agents who press the button at the same moment


@dataclass(frozen=True)
class Ladder:
    """A strategy with its active steps, as the planner reads it."""

    strategy: Strategy
    steps: Mapping[int, Step]
    rungs: tuple[Rung, ...]

    @property
    def earliest_offset(self) -> int:
        """The first day on which it has something to say, counted from the due date; 0 at the latest."""
        return min((rung.offset_days for rung in self.rungs if rung.offset_days < 0), default=0)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in use: its id, and how much it tells."""

    pk: int
    disclosure: str

    def may_be_said(self, *, channel: str, stage: Stage) -> bool:
        """Whether it tells no more than the channel and the stage allow."""
        return is_within(self.disclosure, most=most(channel=channel, stage=stage))


@dataclass(frozen=True)
class PastStep:
    """A step planned before, for this due date or an earlier one."""

    taken: Taken
    slot: date
    planned_at: datetime
    wanted_by: str


def ladders() -> dict[int, Ladder]:
    """Return every ladder by its strategy's id, retired ones too: cases finish on what they began with."""
    steps: dict[int, dict[int, Step]] = defaultdict(dict)
    for step in Step.objects.filter(is_active=True):
        steps[step.strategy_id][step.pk] = step
    return {
        strategy.pk: Ladder(
            strategy=strategy,
            steps=steps[strategy.pk],
            rungs=tuple(
                Rung(id=step.pk, offset_days=step.offset_days, is_message=step.actor == Actor.SYSTEM)
                for step in steps[strategy.pk].values()
            ),
        )
        for strategy in Strategy.objects.all()
    }


def texts() -> dict[tuple[str, str], Text]:
    """Return the texts in use by (key, channel): of each the version that was approved last."""
    in_use = Template.objects.filter(state=TemplateState.APPROVED)
    in_use = in_use.exclude(channel=Channel.WHATSAPP, provider_text=None)  # the provider has no such text
    rows = in_use.values_list("key", "channel", "pk", "disclosure")
    return {(key, channel): Text(pk, disclosure) for key, channel, pk, disclosure in rows}


def usable_channels(*, debtors: Iterable[int]) -> dict[int, set[str]]:
    """Return by which channels each debtor can be reached at a number or address of his own."""
    found: dict[int, set[str]] = defaultdict(set)
    points = ContactPoint.objects.filter(debtor__in=list(debtors), kind__in=gathering.OWN_KINDS)
    is_half = Q(city="") | Q(state="") | Q(postal_code="")  # no postman finds it
    points = points.exclude(is_half, medium=Medium.ADDRESS)
    rows = points.exclude(status__in=RETIRED_STATUSES).values_list("debtor_id", "medium", "is_mobile")
    for debtor, medium, is_mobile in rows:
        found[debtor] |= _channels_of(medium, is_mobile=is_mobile)
    return found


def channels_switched_on() -> frozenset[str]:
    """Return the channels that the house's policy in force uses at all."""
    terms = PolicyHead.objects.filter(scope="house").values_list("policy__terms", flat=True).first()
    return frozenset(terms.get("channels", ()) if terms else ())


def past_steps(*, cases: Iterable[int]) -> dict[int, list[PastStep]]:
    """Return what was planned for each case, over all its due dates, oldest first."""
    found: dict[int, list[PastStep]] = defaultdict(list)
    rows = ScheduledStep.objects.filter(case__in=list(cases)).order_by("planned_at", "pk")
    for case, step, slot, result, at, offset, actor in rows.values_list(
        "case_id", "step_id", "slot", "result", "planned_at", "step__offset_days", "step__actor"
    ):
        taken = Taken(
            rung_id=step,
            offset_days=offset,
            is_message=actor == Actor.SYSTEM,
            has_happened=result != StepResult.NO_ADDRESS,
        )
        name = stepping.wanted_by(case_id=case, step_id=step, slot=slot)
        found[case].append(PastStep(taken, slot, at, name))
    return found


def spoken_to(*, debtors: Iterable[int]) -> set[tuple[int, date]]:
    """Return the (case id, due date) pairs about which a message of a step really left after the due date.

    What was planned and never left, may not have left, or did not arrive, was heard by nobody.
    """
    left = Contact.objects.filter(
        debtor__in=list(debtors),
        wanted_by__startswith="step:",
        purpose=Purpose.COLLECTION,
        state__in=[ContactState.SENDING, ContactState.SENT, ContactState.CONCLUDED],
    ).exclude(outcome=Outcome.FAILED)
    left = left.exclude(channel=Channel.LETTER, state=ContactState.SENDING)  # it waits for the post
    names = (stepping.read_name(name) for name in left.values_list("wanted_by", flat=True))
    return {(named.case_id, named.slot) for named in names if named}


def slots_of_debtors(*, debtors: Iterable[int]) -> dict[int, set[tuple[int, date]]]:
    """Return the (case id, due date) pairs for which each debtor was ever approached after the due date."""
    found: dict[int, set[tuple[int, date]]] = defaultdict(set)
    rows = ScheduledStep.objects.filter(case__debtor__in=list(debtors), step__offset_days__gt=0).values_list(
        "case__debtor_id", "case_id", "slot"
    )
    for debtor, case, slot in rows.distinct():
        found[debtor].add((case, slot))
    return found


def cases_to_plan(*, on: date, after: tuple[date, int], size: int) -> list[tuple[date, int, int]]:
    """Return up to `size` (day, case id, debtor id) of cases whose next look is due, behind `after`."""
    day, pk = after
    due = Case.objects.filter(state=CaseState.OPEN, next_plan_on__lte=on)
    behind = due.filter(Q(next_plan_on__gt=day) | Q(next_plan_on=day, pk__gt=pk))
    rows = behind.order_by("next_plan_on", "pk").values_list("next_plan_on", "pk", "debtor_id")[:size]
    return [(day, pk, debtor) for day, pk, debtor in rows if day]


def callable_at(now: datetime, *, agent: User) -> QuerySet[Case]:
    """Return the cases the agent may be given: something to do, nobody at it, kept for nobody else."""
    return Case.objects.filter(
        is_free(now), is_for(agent, now=now), state=CaseState.OPEN, callable_from__lte=now
    )


def is_free(now: datetime) -> Q:
    """Return the condition on a case that no agent is at it."""
    return Q(agent__isnull=True) | Q(leased_until__lte=now)


def is_for(agent: User, *, now: datetime) -> Q:
    """Return the condition on a case that it does not wait for a colleague other than the agent."""
    return Q(reserved_for__isnull=True) | Q(reserved_for=agent) | Q(reserved_until__lte=now)


def callable_chunks(*, agent: User, now: datetime, size: int) -> Iterator[list[Case]]:
    """Return the callable cases of the agent's portfolios, most urgent first, in lists of up to `size`.

    Each list is read when it is asked for, behind the last case of the one before. The first are
    short: by day one of the first few may nearly always be called, and facts are read of all.
    """
    portfolios = debtor_queries.portfolios_of(agent)
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
    weights = weighing.weights_in_force()
    if owed is None:
        pairs = {(case.debtor_id, case.creditor_id) for case in cases}
        owed = debtor_queries.balances_of_pairs(pairs=pairs, on=timezone.localdate(now))
    broken, agreements = weighing.broken_promises(cases), weighing.broken_agreements(cases)
    writers, keys = weighing.wrote_to_us(cases, now=now), weighing.key_customers(cases)
    late_before = weighing.late_before(cases)
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
            is_reply_waiting=case.debtor_id in writers,
            is_key_customer=pair in keys,
            is_first_delay=case.pk not in late_before and owed[pair].days_late > 0,
            weights=weights,
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


@cache
def _channels_of(medium: str, *, is_mobile: bool) -> frozenset[str]:
    return gathering.channels_of(ContactPoint(medium=medium, is_mobile=is_mobile))


def _most_urgent(
    portfolios: list[int], *, agent: User, now: datetime, after: Case | None, size: int
) -> list[Case]:
    """Read one list per portfolio, each straight from the index, and merge them."""
    behind = callable_at(now, agent=agent).select_related("debtor", "creditor")
    if after:
        behind = behind.filter(Q(urgency__lt=after.urgency) | Q(urgency=after.urgency, pk__gt=after.pk))
    lists = [behind.filter(portfolio=each).order_by("-urgency", "pk")[:size] for each in portfolios]
    return list(merge(*lists, key=lambda case: (-case.urgency, case.pk)))[:size]
