"""Plans each case's next step, once: a message wanted, a call handed to the agents, or no address for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from contacts.models import Contact
from contacts.rules import pacing
from contacts.rules.disclosure import Stage
from contacts.services import outbox
from contacts.vocabulary import Channel, Purpose
from debtors.models import Debtor
from dunning import queries
from dunning.models import Case, ScheduledStep, Step
from dunning.queries import planning
from dunning.queries.planning import Ladder, PastStep, Text
from dunning.rules import fallback, stepping, timing
from dunning.rules.stepping import Progress, Taken
from dunning.vocabulary import Actor, CaseState, StepResult

CHUNK = 1000  # cases in one transaction
READ = (
    "debtor__customer_since", "creditor_id", "strategy_id", "anchor_on", "opened_at", "callback_at",
    "callable_from", "next_plan_on", "urgency",
)  # fmt: skip
#: At the end of its ladder a case rests; it is looked at again, for ladders can grow.
REST_AT_THE_END = timedelta(days=30)


@dataclass(frozen=True)
class _Known:
    """What planning a chunk of cases needs, read in a constant number of queries."""

    ladders: Mapping[int, Ladder]
    texts: Mapping[tuple[str, str], Text]
    channels: Mapping[int, set[str]]
    past: Mapping[int, list[PastStep]]
    slots: Mapping[int, set[tuple[int, date]]]
    switched_on: frozenset[str]
    spoken_to: set[tuple[int, date]]
    now: datetime

    @property
    def today(self) -> date:
        """The office's own day: steps are counted in its dates, the gate judges the debtor's."""
        return timezone.localdate(self.now)


@dataclass
class _Plan:
    """What is to be written for a chunk."""

    steps: list[ScheduledStep] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    for_agents: list[Case] = field(default_factory=list)


def plan(*, now: datetime, limit: int | None = None) -> int:
    """Plan the next step of every case whose look is due, up to `limit`; return how many were looked at.

    A step of a case is written once for a due date, so that running it again, late or twice at
    the same time changes nothing. Cases are taken in transactions of a thousand; one whose debtor
    is locked by somebody else is left to the next run.
    """
    ladders, texts, today = planning.ladders(), planning.texts(), timezone.localdate(now)
    planned, after = 0, (date.min, 0)
    while limit is None or planned < limit:
        size = CHUNK if limit is None else min(CHUNK, limit - planned)
        due = planning.cases_to_plan(on=today, after=after, size=size)
        if not due:
            break
        with transaction.atomic():
            cases = _locked(pks=[pk for _, pk, _ in due], debtors={debtor for _, _, debtor in due}, on=today)
            _plan_chunk(cases, ladders=ladders, texts=texts, now=now)
        planned, after = planned + len(due), due[-1][:2]
    return planned


def _locked(*, pks: list[int], debtors: set[int], on: date) -> list[Case]:
    """Return the cases that are still to be planned, locked behind their debtors."""
    rows = Debtor.objects.filter(pk__in=debtors).order_by("pk")
    mine = list(rows.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
    due = Case.objects.filter(pk__in=pks, debtor__in=mine, state=CaseState.OPEN, next_plan_on__lte=on)
    wanted = due.select_related("debtor").only(*READ)  # of a million cases, only what is looked at
    return list(wanted.select_for_update(of=("self",)).order_by("pk"))


def _plan_chunk(
    cases: Sequence[Case],
    *,
    ladders: Mapping[int, Ladder],
    texts: Mapping[tuple[str, str], Text],
    now: datetime,
) -> None:
    debtors = {case.debtor_id for case in cases}
    past = planning.past_steps(cases=[case.pk for case in cases])
    old_customers = {case.debtor_id for case in cases if case.debtor.customer_since}
    known = _Known(
        ladders=ladders,
        texts=texts,
        channels=planning.usable_channels(debtors=debtors),
        past=past,
        slots=planning.slots_of_debtors(debtors=old_customers),
        switched_on=planning.channels_switched_on(),
        spoken_to=planning.spoken_to(debtors={case.debtor_id for case in cases if case.pk in past}),
        now=now,
    )
    plan = _Plan()
    for case in cases:
        _plan_case(case, known=known, plan=plan)
    _write(cases, plan=plan, now=now)


def _plan_case(case: Case, *, known: _Known, plan: _Plan) -> None:
    """Take the step that is due, passing over those for which there is no address, and set the next look."""
    ladder, past = known.ladders[case.strategy_id], known.past.get(case.pk, [])
    progress = _progress(case, past=past, known=known)
    gap = ladder.strategy.minimum_gap_days
    while rung := stepping.due_step(
        rungs=ladder.rungs, progress=progress, minimum_gap_days=gap, today=known.today
    ):
        step = ladder.steps[rung.id]
        stage = _stage(step, case=case, known=known)
        key = _template_key(step, ladder=ladder, stage=stage)
        channel = _channel(step, key=key, stage=stage, case=case, known=known)
        scheduled = _scheduled(step, case=case, channel=channel, now=known.now)
        plan.steps.append(scheduled)
        progress = _after(progress, step=step, has_happened=channel is not None, today=known.today)
        if channel is None:
            continue
        if step.actor == Actor.AGENT:
            plan.for_agents.append(case)
        else:
            text = known.texts[key, channel]
            plan.contacts.append(_contact(scheduled, text=text.pk, case=case, channel=channel, known=known))
            waiting = (each for each in past if _may_still_wait(each, now=known.now))
            plan.overtaken += [name for each in waiting for name in stepping.every_name(each.wanted_by)]
        break
    look_on = stepping.next_look_on(
        rungs=ladder.rungs, progress=progress, minimum_gap_days=gap, today=known.today
    )
    case.next_plan_on = look_on or known.today + REST_AT_THE_END


def _progress(case: Case, *, past: Iterable[PastStep], known: _Known) -> Progress:
    happened = [timezone.localdate(each.planned_at) for each in past if each.taken.has_happened]
    return Progress(
        anchor_on=case.anchor_on,
        taken=tuple(each.taken for each in past if each.slot == case.anchor_on),
        last_step_on=max(happened, default=None),
        extra_days=_extra_days(case, known=known),
    )


def _extra_days(case: Case, *, known: _Known) -> int:
    """Return the patience with an old customer who was never approached after a due date before."""
    strategy = known.ladders[case.strategy_id].strategy
    since = case.debtor.customer_since
    if since is None or since > case.anchor_on - timedelta(days=strategy.old_customer_after_days):
        return 0
    is_first_delay = not known.slots.get(case.debtor_id, set()) - {(case.pk, case.anchor_on)}
    return strategy.first_delay_grace_days if is_first_delay else 0


def _after(progress: Progress, *, step: Step, has_happened: bool, today: date) -> Progress:
    taken = Taken(
        rung_id=step.pk,
        offset_days=step.offset_days,
        is_message=step.actor == Actor.SYSTEM,
        has_happened=has_happened,
    )
    last_step_on = today if has_happened else progress.last_step_on
    return replace(progress, taken=(*progress.taken, taken), last_step_on=last_step_on)


def _stage(step: Step, *, case: Case, known: _Known) -> Stage:
    """Return whether the step reminds, says the first word after the due date that leaves, or a later one."""
    if step.offset_days <= 0:
        return Stage.BEFORE_DUE
    return Stage.LATER if (case.pk, case.anchor_on) in known.spoken_to else Stage.FIRST


def _template_key(step: Step, *, ladder: Ladder, stage: Stage) -> str:
    """Return which text the step speaks with: the first word after a due date is the ladder's gentlest.

    A late start takes a later step's place, yet nobody's first message is its statement of account.
    """
    if step.actor == Actor.AGENT or stage != Stage.FIRST:
        return step.template_key
    messages = (each for each in ladder.steps.values() if each.actor == Actor.SYSTEM and each.offset_days > 0)
    return min(messages, key=lambda each: each.offset_days).template_key


def _channel(step: Step, *, key: str, stage: Stage, case: Case, known: _Known) -> str | None:
    """Return the first of the step's ways for which there are a text and an address; None without one.

    A text that tells more than the channel and the stage allow is as good as none.
    """
    reachable = known.channels.get(case.debtor_id, set())
    ways = fallback.ways(
        own=step.channel,
        other=step.fallback_channel,
        is_message=step.actor == Actor.SYSTEM,
        is_reminder=step.offset_days <= 0,
        switched_on=known.switched_on,
    )
    for channel in ways:
        text = known.texts.get((key, channel))
        has_words = text is not None and text.may_be_said(channel=channel, stage=stage)
        if channel in reachable and (step.actor == Actor.AGENT or has_words):
            return channel
    return None


def _scheduled(step: Step, *, case: Case, channel: str | None, now: datetime) -> ScheduledStep:
    result = StepResult.WANTED if step.actor == Actor.SYSTEM else StepResult.QUEUED
    return ScheduledStep(
        case=case,
        step=step,
        slot=case.anchor_on,
        result=result if channel else StepResult.NO_ADDRESS,
        planned_at=now,
    )


def _contact(scheduled: ScheduledStep, *, text: int, case: Case, channel: str, known: _Known) -> Contact:
    """Return the contact a step wants: some time in the morning, never at a round hour with all others."""
    zone = timezone.get_default_timezone()
    is_reminder = scheduled.step.offset_days <= 0
    not_before = pacing.spread(
        timing.earliest(now=known.now, zone=zone), seed=case.pk, over=timing.SPREAD_OVER
    )
    return Contact(
        wanted_by=scheduled.wanted_by,
        debtor_id=case.debtor_id,
        creditor_id=case.creditor_id,
        channel=channel,
        purpose=Purpose.REMINDER if is_reminder else Purpose.COLLECTION,
        template_id=text,
        not_before=not_before,
        expires_at=timing.too_late(
            not_before=not_before,
            due_on=case.anchor_on if is_reminder else None,
            zone=zone,
            channel=channel,
        ),
        created_at=known.now,
    )


def _may_still_wait(past: PastStep, *, now: datetime) -> bool:
    """Whether an earlier message may not have left yet: the new one is said instead of it, not as well."""
    return past.taken.is_message and past.planned_at > now - 2 * timing.TOO_LATE_BY_POST


def _write(cases: Sequence[Case], *, plan: _Plan, now: datetime) -> None:
    ScheduledStep.objects.bulk_create(plan.steps, ignore_conflicts=True)
    _call_back(plan.overtaken, now=now)
    outbox.want_many(plan.contacts)
    _keep_next_looks(cases)
    _hand_to_agents(plan.for_agents, now=now)


def _call_back(names: Sequence[str], *, now: datetime) -> None:
    """Cancel what has not left, letters that nobody has posted yet too."""
    if names:
        earlier = Contact.objects.filter(wanted_by__in=names)
        outbox.withdraw(earlier.filter(channel=Channel.LETTER), now=now)
        outbox.cancel(earlier)


def _keep_next_looks(cases: Sequence[Case]) -> None:
    """One statement for each day: a chunk has few, and a statement with a thousand branches is slow."""
    by_day: dict[date | None, list[int]] = defaultdict(list)
    for case in cases:
        by_day[case.next_plan_on].append(case.pk)
    for day, pks in by_day.items():
        Case.objects.filter(pk__in=pks).update(next_plan_on=day)


def _hand_to_agents(cases: Sequence[Case], *, now: datetime) -> None:
    urgencies = queries.urgencies(cases=cases, now=now)
    for case in cases:
        case.urgency = urgencies[case.pk].points
        case.callable_from = case.callable_from or now
    Case.objects.bulk_update(cases, ["urgency", "callable_from"])
