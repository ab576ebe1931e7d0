"""Opens cases: what is late, or soon due where a ladder speaks up early, and has none yet."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from debtors import queries as debtor_queries
from debtors.models import Creditor, Debt, Installment, LedgerEntry
from debtors.rules.payoff import Balance
from dunning.models import Case
from dunning.queries import planning
from dunning.queries.planning import Ladder
from dunning.vocabulary import CaseState

logger = logging.getLogger(__name__)
CHUNK = 1000  # debts


def open_cases(*, now: datetime) -> int:
    """Open one case for each (debtor, creditor) with something late or soon due; return how many.

    Soon due means: within the days before the due date on which the creditor's ladder has its
    first step. Pairs that have a live case are left alone, so running it again opens nothing.
    A creditor without a ladder gets no cases, and the log says so.
    """
    ladders = [ladder for ladder in planning.ladders().values() if ladder.strategy.is_active]
    by_creditor = {ladder.strategy.creditor_id: ladder for ladder in ladders}
    opened = 0
    for creditor in Creditor.objects.filter(is_active=True).order_by("pk"):
        ladder = by_creditor.get(creditor.pk) or by_creditor.get(None)
        if ladder is None:
            logger.warning("no ladder for creditor %s: no cases opened", creditor.pk)
            continue
        opened += _open_for(creditor, ladder=ladder, now=now)
    return opened


def _open_for(creditor: Creditor, *, ladder: Ladder, now: datetime) -> int:
    today = timezone.localdate(now)
    horizon = today - timedelta(days=ladder.earliest_offset)
    opened = 0
    for debts in _chunks(_debts_to_open(creditor, horizon=horizon)):
        balances = debtor_queries.balances(debts=[debt.pk for debt in debts], on=today)
        cases = [
            _case(debt, due_on=due_on, ladder=ladder, now=now)
            for debt, due_on in _oldest_of_each_debtor(debts, balances)
            if due_on <= horizon
        ]
        Case.objects.bulk_create(cases, ignore_conflicts=True)
        opened += len(cases)
    return opened


def _debts_to_open(creditor: Creditor, *, horizon: date) -> QuerySet[Debt]:
    """Return all open debts of the debtors who have something open by `horizon` and no live case.

    Payments meet the oldest installment first, so something due by the horizon is open exactly
    when more is outstanding than falls due after it. The balance has the last word.
    """
    outstanding = LedgerEntry.objects.filter(debt=OuterRef("pk")).order_by().values("debt")
    falls_due_later = (
        Installment.objects.filter(debt=OuterRef("pk"), due_on__gt=horizon).order_by().values("debt")
    )
    live = Case.objects.filter(debtor=OuterRef("debtor"), creditor=OuterRef("creditor")).exclude(
        state=CaseState.CLOSED
    )
    return (
        Debt.objects.filter(~Exists(live), creditor=creditor)
        .annotate(
            outstanding_cents=Coalesce(
                Subquery(outstanding.annotate(all=Sum("amount_cents")).values("all")), 0
            ),
            later_cents=Coalesce(
                Subquery(falls_due_later.annotate(all=Sum("amount_cents")).values("all")), 0
            ),
        )
        .filter(outstanding_cents__gt=F("later_cents"))
        .order_by("debtor_id", "pk")
    )


def _chunks(debts: QuerySet[Debt]) -> Iterator[list[Debt]]:
    """Return the debts in lists of about a thousand, never parting the debts of one debtor."""
    chunk: list[Debt] = []
    for _debtor, of_debtor in groupby(debts.iterator(chunk_size=CHUNK), key=lambda debt: debt.debtor_id):
        chunk.extend(of_debtor)
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _oldest_of_each_debtor(debts: list[Debt], balances: dict[int, Balance]) -> list[tuple[Debt, date]]:
    """Return for each debtor the debt with the oldest open due date, and that date."""
    dues: dict[int, list[tuple[date, int, Debt]]] = defaultdict(list)
    for debt in debts:
        due_on = balances[debt.pk].oldest_open_due_on
        if due_on:
            dues[debt.debtor_id].append((due_on, debt.pk, debt))
    firsts = (min(each, key=lambda found: found[:2]) for each in dues.values())
    return [(debt, due_on) for due_on, _pk, debt in firsts]


def _case(debt: Debt, *, due_on: date, ladder: Ladder, now: datetime) -> Case:
    return Case(
        debtor_id=debt.debtor_id,
        creditor_id=debt.creditor_id,
        portfolio_id=debt.portfolio_id,
        strategy=ladder.strategy,
        anchor_on=due_on,
        next_plan_on=timezone.localdate(now),
        opened_at=now,
    )
