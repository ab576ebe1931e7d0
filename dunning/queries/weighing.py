"""What the urgency of cases follows from, read for many at once, and the weights it is counted by."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from contacts.models import Contact
from debtors.models import Agreement, PromiseToPay
from debtors.queries import customers
from debtors.vocabulary import AgreementState, PromiseStatus
from dunning.models import Case, QueueWeights, ScheduledStep
from dunning.rules.priority import USUAL, Weights
from dunning.vocabulary import CaseState

Pair = tuple[int, int]  # debtor id, creditor id
RECENTLY = timedelta(days=31)
#: What broke since yesterday is fresh in everybody's mind: the kindest moment to ask.
JUST_NOW = timedelta(days=2)


def weights_in_force() -> Weights:
    """Return the weights set last; the usual ones where nobody has set any."""
    row = QueueWeights.objects.order_by("-set_at", "-pk").first()
    return weights_of(row) if row else USUAL


def weights_of(row: QueueWeights) -> Weights:
    """Return the weights that a row keeps."""
    return Weights(**{each.name: getattr(row, each.name) for each in fields(Weights)})


def to_weigh(*, since: datetime) -> QuerySet[Case]:
    """Return the cases for agents whose urgency was counted before `since`, or never."""
    for_agents = Case.objects.filter(callable_from__isnull=False).exclude(state=CaseState.CLOSED)
    return for_agents.filter(Q(weighed_at__isnull=True) | Q(weighed_at__lt=since))


def broken_promises(cases: Sequence[Case]) -> dict[Pair, datetime]:
    """Return when a promise was broken last, by pair, of those made while the case was open."""
    rows = PromiseToPay.objects.filter(
        debtor__in={case.debtor_id for case in cases},
        status__in=[PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT],
    ).values_list("debtor_id", "creditor_id", "made_at", "settled_at")
    return _last_since_opened(cases, ((row[:2], row[2], row[3] or row[2]) for row in rows))


def broken_agreements(cases: Sequence[Case]) -> dict[Pair, datetime]:
    """Return when an agreement was broken last, by pair, of those that ended while the case was open."""
    rows = Agreement.objects.filter(
        debtor__in={case.debtor_id for case in cases}, state=AgreementState.BROKEN, ended_at__isnull=False
    ).values_list("debtor_id", "creditor_id", "ended_at")
    return _last_since_opened(cases, ((row[:2], row[2], row[2]) for row in rows if row[2]))


def wrote_to_us(cases: Sequence[Case], *, now: datetime) -> set[int]:
    """Return the debtors who wrote and to whom no agent has spoken since."""
    rows = Contact.objects.filter(
        Q(is_inbound=True) | Q(agent__isnull=False),
        debtor__in={case.debtor_id for case in cases},
        started_at__gt=now - RECENTLY,
    ).order_by("started_at", "pk")
    last = dict(rows.values_list("debtor_id", "is_inbound"))
    return {debtor for debtor, is_inbound in last.items() if is_inbound}


def key_customers(cases: Sequence[Case]) -> set[Pair]:
    """Return the pairs in which the debtor is a key customer of the creditor."""
    return customers.key_customers(
        {case.debtor_id for case in cases}, creditors={case.creditor_id for case in cases}
    )


def late_before(cases: Sequence[Case]) -> set[int]:
    """Return the ids of the cases whose debtor was approached after another due date before."""
    anchors: dict[int, set[tuple[int, date]]] = {}
    rows = ScheduledStep.objects.filter(
        case__debtor__in={case.debtor_id for case in cases}, step__offset_days__gt=0
    ).values_list("case__debtor_id", "case_id", "slot")
    for debtor, case, slot in rows.distinct():
        anchors.setdefault(debtor, set()).add((case, slot))
    return {case.pk for case in cases if anchors.get(case.debtor_id, set()) - {(case.pk, case.anchor_on)}}


def _last_since_opened(
    cases: Sequence[Case], rows: Iterable[tuple[Pair, datetime, datetime]]
) -> dict[Pair, datetime]:
    """Return the last end by pair, of what began, or ended, while the pair's case was open."""
    since = {(case.debtor_id, case.creditor_id): case.opened_at for case in cases}
    found: dict[Pair, datetime] = {}
    for pair, begun_at, ended_at in rows:
        if begun_at >= since.get(pair, begun_at):
            found[pair] = max(found.get(pair, ended_at), ended_at)
    return found
