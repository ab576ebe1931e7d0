"""Ladders, texts, ways to reach, and what was said before: what the planner must know of a case."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.models import Q

from contacts.models import Contact, PolicyHead, Template
from contacts.queries import gathering
from contacts.rules.disclosure import Stage, is_within, most
from contacts.rules.policy_json import policy_from_json
from contacts.rules.reading import MalformedError
from contacts.vocabulary import Channel, ContactState, Outcome, Purpose, TemplateState
from debtors.models import ContactPoint
from debtors.vocabulary import RETIRED_STATUSES, Medium
from dunning.models import Case, ScheduledStep, Step, Strategy
from dunning.rules import stepping
from dunning.rules.stepping import Rung, Taken
from dunning.vocabulary import Actor, CaseState, StepResult


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
    """Return the channels that the house's policy in force uses at all: none where it cannot be read."""
    terms = PolicyHead.objects.filter(scope="house").values_list("policy__terms", flat=True).first()
    try:
        return policy_from_json(terms).channels
    except MalformedError:
        return frozenset()


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


@cache
def _channels_of(medium: str, *, is_mobile: bool) -> frozenset[str]:
    return gathering.channels_of(ContactPoint(medium=medium, is_mobile=is_mobile))
