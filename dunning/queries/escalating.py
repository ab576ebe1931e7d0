"""What steps beyond asking follow from: a debt's events, what is owed, and what speaks against them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from contacts.models import Hold
from contacts.vocabulary import HoldKind
from debtors import queries as debtor_queries
from debtors.models import Agreement, Debt, EscalationEvent, EscalationTerms, PromiseToPay, User
from debtors.rules import escalation
from debtors.rules.authority import Approval, Authority
from debtors.rules.escalation import Decision, Facts, Notice, Removal, Step, StepTerms
from debtors.rules.payoff import Balance, History
from debtors.vocabulary import (
    AgreementState,
    EscalationKind,
    EscalationStep,
    Instrument,
    PromiseStatus,
)
from dunning.models import ScheduledStep
from dunning.models import Step as LadderStep
from dunning.vocabulary import CaseState

CONTESTED = (HoldKind.DISPUTE, HoldKind.FRAUD, HoldKind.ALREADY_PAID)


@dataclass(frozen=True, slots=True)
class Standing:
    """A debt with its events, what is owed on it, the facts, and the decision about each step today."""

    debt: Debt
    events: Sequence[EscalationEvent]
    balance: Balance
    facts: Facts
    decisions: Mapping[Step, Decision]
    terms: Mapping[Step, StepTerms]
    removal: Removal | None = None

    def is_asked(self, step: Step) -> bool:
        """Return whether somebody asked for a step and nobody has decided since."""
        last = [each.kind for each in self.events if each.step == step and each.kind in _DECIDING]
        return bool(last) and last[-1] == EscalationKind.ASKED


_DECIDING = (
    EscalationKind.ASKED, EscalationKind.APPROVED, EscalationKind.REFUSED, EscalationKind.DONE,
)  # fmt: skip


def standings(debts: QuerySet[Debt], *, now: datetime) -> list[Standing]:
    """Return how debts stand on the day of `now`, in a constant number of queries."""
    on = timezone.localdate(now)
    rows = list(debts.select_related("debtor", "creditor"))
    events: dict[int, list[EscalationEvent]] = defaultdict(list)
    for event in EscalationEvent.objects.filter(debt__in=rows).select_related("by", "file").order_by("pk"):
        events[event.debt_id].append(event)
    histories = debtor_queries.histories(debts=[debt.pk for debt in rows])
    people = {debt.debtor_id for debt in rows}
    holds: dict[int, set[str]] = defaultdict(set)
    current = Hold.objects.filter(debtor__in=people, active_from__lte=now)
    current = current.filter(Q(active_until=None) | Q(active_until__gt=now))
    for debtor_id, kind in current.values_list("debtor_id", "kind"):
        holds[debtor_id].add(kind)
    in_force_since = {
        (debtor, creditor): day
        for debtor, creditor, day in Agreement.objects.filter(
            debtor__in=people, state=AgreementState.ACTIVE
        ).values_list("debtor_id", "creditor_id", "proposed_on")
    }
    promised = {
        (debtor, creditor): day
        for debtor, creditor, day in PromiseToPay.objects.filter(
            debtor__in=people, status=PromiseStatus.OPEN
        ).values_list("debtor_id", "creditor_id", "promised_on")
    }
    exhausted = _exhausted(people)
    own: dict[int, dict[Step, StepTerms]] = defaultdict(dict)
    for row in EscalationTerms.objects.filter(creditor__in={debt.creditor_id for debt in rows}):
        own[row.creditor_id][Step(row.step)] = row.terms
    found = []
    for debt in rows:
        pair = (debt.debtor_id, debt.creditor_id)
        facts = _facts(
            debt,
            history=histories[debt.pk],
            events=events[debt.pk],
            holds=holds[debt.debtor_id],
            has_agreement=pair in in_force_since,
            promised_until=promised.get(pair),
            is_exhausted=pair in exhausted,
            on=on,
        )
        terms = {**escalation.DEFAULT_TERMS, **own[debt.creditor_id]}
        decisions = {step: escalation.decide(step, facts=facts, terms=terms[step], on=on) for step in Step}
        balance = histories[debt.pk].owed(on=on)
        removal = None
        if Step.BUREAU_LISTING in facts.done:
            since = in_force_since.get(pair)
            upheld_on = _upheld_on(events[debt.pk])
            removal = _removal(facts, histories[debt.pk], agreed_since=since, upheld_on=upheld_on, on=on)
        found.append(Standing(debt, events[debt.pk], balance, facts, decisions, terms, removal))
    return found


def standing(debt: Debt, *, now: datetime) -> Standing:
    """Return how one debt stands."""
    return standings(Debt.objects.filter(pk=debt.pk), now=now)[0]


def under_way(user: User) -> QuerySet[Debt]:
    """Return the debts that the user may see about which a step was asked for at any time."""
    seen = debtor_queries.debts_seen_by(user)
    return seen.filter(Exists(EscalationEvent.objects.filter(debt=OuterRef("pk")))).order_by("pk")


def listed() -> QuerySet[Debt]:
    """Return the debts that stand in a bureau: listed, and not taken back since."""
    last = Debt.objects.annotate(
        listed_by=_last(EscalationKind.DONE), removed_by=_last(EscalationKind.REMOVED)
    )
    return last.filter(listed_by__isnull=False).filter(Q(removed_by=None) | Q(removed_by__lt=F("listed_by")))


def _last(kind: EscalationKind) -> Max:
    of_listing = Q(escalation__step=EscalationStep.BUREAU_LISTING, escalation__kind=kind)
    return Max("escalation__pk", filter=of_listing)


def _facts(
    debt: Debt,
    *,
    history: History,
    events: Sequence[EscalationEvent],
    holds: set[str],
    has_agreement: bool,
    promised_until: date | None,
    is_exhausted: bool,
    on: date,
) -> Facts:
    balance = history.owed(on=on)
    return Facts(
        owed_cents=balance.due_cents,
        oldest_due_on=balance.oldest_open_due_on,
        instrument=Instrument(debt.instrument),
        prescribed_from=debt.limitation_on,
        is_disputed=bool(holds.intersection(CONTESTED)) or _upheld_on(events) is not None,
        is_held=bool(holds) or history.is_in_doubt or not balance.is_exact,
        has_agreement=has_agreement,
        promised_until=promised_until,
        in_transit_until=history.rests_until,
        has_proof=any(each.kind == EscalationKind.PROVEN for each in events),
        is_debtor_identified=bool(debt.debtor.tax_id),
        is_ladder_exhausted=is_exhausted,
        notices={step: notice for step in Step if (notice := _notice(step, events))},
        approvals={step: approval for step in Step if (approval := _approval(step, events))},
        done=frozenset(step for step in Step if _is_done(step, events)),
    )


def _notice(step: Step, events: Iterable[EscalationEvent]) -> Notice | None:
    """Return the last announcement of a step: of a bureau's notice, the file that asked the bureau for it."""
    sent_on = delivered_on = None
    sent = EscalationKind.DONE if step is Step.BUREAU_NOTICE else EscalationKind.ANNOUNCED
    for event in events:
        if event.step != step:
            continue
        if event.kind == sent:
            sent_on, delivered_on = event.on, None
        elif event.kind == EscalationKind.DELIVERED:
            delivered_on = event.on
    return Notice(sent_on, delivered_on) if sent_on else None


def _approval(step: Step, events: Iterable[EscalationEvent]) -> Approval | None:
    """Return the approval of what was asked for last, if somebody else than who asked gave one."""
    asked: EscalationEvent | None = None
    approval: Approval | None = None
    for event in events:
        if event.step != step:
            continue
        if event.kind == EscalationKind.ASKED:
            asked, approval = event, None
        elif event.kind == EscalationKind.APPROVED and asked and event.by_id != asked.by_id:
            approval = Approval(Authority(event.level), event.on, event.reason)
        elif event.kind in (EscalationKind.REFUSED, EscalationKind.DONE):
            asked, approval = None, None
    return approval


def _is_done(step: Step, events: Iterable[EscalationEvent]) -> bool:
    """Return whether a step stands: done, and not taken back since; a notice serves one listing."""
    last = None
    for event in events:
        if event.step == step and event.kind in (EscalationKind.DONE, EscalationKind.REMOVED):
            last = event.kind
        if step is Step.BUREAU_NOTICE and event.step == Step.BUREAU_LISTING:
            last = None if event.kind == EscalationKind.REMOVED else last
    return last == EscalationKind.DONE


def _upheld_on(events: Iterable[EscalationEvent]) -> date | None:
    """Return since when a dispute about the debt is known to be right."""
    return min((each.on for each in events if each.kind == EscalationKind.UPHELD), default=None)


def _removal(
    facts: Facts, history: History, *, agreed_since: date | None, upheld_on: date | None, on: date
) -> Removal | None:
    """Return why and until when a listed debt must leave the bureau."""
    balance = history.owed(on=on)
    paid = [each.on for each in history.credits if not each.is_discount and each.on <= on]
    after = [day for day in paid if agreed_since and day >= agreed_since]
    all_settled = max((each.on for each in history.credits if each.on <= on), default=None)
    return escalation.removal(
        facts=facts,
        paid_on=all_settled if not balance.due_cents else None,
        agreement_paid_on=min(after, default=None),
        dispute_upheld_on=upheld_on,
    )


def _exhausted(debtors: set[int]) -> set[tuple[int, int]]:
    """Return the pairs of debtor and creditor whose ladder has had its last step for its due date."""
    last = LadderStep.objects.filter(strategy=OuterRef("case__strategy")).order_by("-offset_days")
    ended = ScheduledStep.objects.filter(
        case__debtor__in=debtors,
        slot=F("case__anchor_on"),
        step__offset_days=Subquery(last.values("offset_days")[:1]),
    ).exclude(case__state=CaseState.CLOSED)
    return set(ended.values_list("case__debtor_id", "case__creditor_id"))
