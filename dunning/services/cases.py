"""The only mover of a case's state: it follows the ledger, the promises and the holds."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone

from contacts.models import Contact
from contacts.services import findings, outbox
from contacts.vocabulary import FindingKind
from debtors import queries as debtor_queries
from debtors.models import MoneyInTransit, PromiseToPay
from debtors.rules.payoff import Balance
from debtors.vocabulary import PromiseStatus
from dunning import queries
from dunning.models import Case
from dunning.services import thanks
from dunning.vocabulary import CaseState, CloseReason

LET_DOWN = (PromiseStatus.BROKEN, PromiseStatus.PARTLY_KEPT)


def follow_balance(*, debtor_id: int, creditor_id: int, now: datetime) -> None:
    """Let the pair's live case, and thanks that still wait, follow what is owed and promised.

    Nothing owed closes the case and calls its waiting messages back. A new oldest due date begins
    the ladder anew for that date. An open promise lets the case rest; its end wakes it.
    """
    with transaction.atomic():
        live = Case.objects.select_for_update().exclude(state=CaseState.CLOSED)
        case = live.filter(debtor=debtor_id, creditor=creditor_id).first()
        # What is about to leave names an amount that is no longer true; and a promise to one creditor lets
        # the person rest from all of them.
        outbox.withdraw(Contact.objects.filter(debtor=debtor_id), now=now)
        thanked = thanks.waiting(debtor_id=debtor_id, creditor_id=creditor_id)
        if case is None and not thanked.exists():
            return
        on = timezone.localdate(now)
        balance = debtor_queries.balance_with(debtor_id=debtor_id, creditor_id=creditor_id, on=on)
        if balance.total_cents > 0:
            outbox.cancel(thanked)  # they say that all is settled
        if case is None:
            return
        if balance.total_cents <= 0:
            close(case, reason=CloseReason.PAID, now=now)
            thanks.want_for(case, now=now)
            return
        outbox.plan_again(debtor_ids=[debtor_id], now=now)  # what was in doubt, or settled, may not be so now
        _follow_due_date(case, balance=balance, now=now)
        _follow_promise(case, now=now)
        _follow_transit(case, now=now)
        case.urgency = queries.urgencies(cases=[case], now=now)[case.pk].points
        case.save()


def close(case: Case, *, reason: CloseReason, now: datetime) -> None:
    """End a case for good and call its waiting messages back.

    A lease is left as it is: the agent may be on the telephone, and what he hears must find a place.
    """
    case.state, case.close_reason, case.closed_at = CaseState.CLOSED, reason, now
    case.next_plan_on = None
    _nothing_for_agents(case)
    case.save()
    outbox.cancel(queries.waiting_contacts(case))


def follow_facts(*, now: datetime, debtor_id: int | None = None) -> int:
    """Let every live case stand as the facts are: held, promised or open; return how many moved.

    A hold in force on the debtor comes first, then an open promise to the creditor. Holds begin and
    end by date, so this is a sweep; with `debtor_id` it looks at one debtor only.
    """
    cases = Case.objects.all() if debtor_id is None else Case.objects.filter(debtor=debtor_id)
    held, promised = Exists(queries.hold_of_case(now)), Exists(queries.open_promise_of_case())
    at_rest: dict[str, object] = {"callable_from": None, "callback_at": None, "put_off_because": []}
    opened = {"next_plan_on": timezone.localdate(now)}
    with transaction.atomic():
        return (
            _move(cases.filter(held), to=CaseState.HELD, **at_rest)
            + _move(cases.filter(~held, promised), to=CaseState.PROMISED, **at_rest)
            + _move(cases.filter(~held, ~promised), to=CaseState.OPEN, **opened)
        )


def bring_back(case: Case, *, now: datetime) -> bool:
    """Let the ladder look today at a case that was without a next action; return whether it was."""
    lost = queries.cases_without_next_action(now=now).filter(pk=case.pk)
    with transaction.atomic():
        found = Case.objects.select_for_update(of=("self",)).filter(pk__in=lost.values("pk"))
        if not found.update(state=CaseState.OPEN, next_plan_on=timezone.localdate(now)):
            return False
        follow_facts(now=now, debtor_id=case.debtor_id)
    return True


def watch_next_actions(*, now: datetime) -> int:
    """Look for cases that nobody would come back to, and tell managers of them; return how many there are.

    Holds, promises and the ladder are followed first: what is merely behind is no finding.
    """
    follow_facts(now=now)
    number = queries.cases_without_next_action(now=now).count()
    if number:
        findings.note(FindingKind.CASES, now=now)
    return number


def _move(cases: QuerySet[Case], *, to: CaseState, **values: object) -> int:
    """Move the live cases that are not there yet; one that is locked waits for the next sweep."""
    rows = cases.exclude(state__in=[to, CaseState.CLOSED]).select_for_update(skip_locked=True)
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    return Case.objects.filter(pk__in=pks).update(state=to, **values) if pks else 0


def _follow_due_date(case: Case, *, balance: Balance, now: datetime) -> None:
    """Begin the ladder anew for another oldest due date; nobody is called for what is not late."""
    if balance.oldest_open_due_on and balance.oldest_open_due_on != case.anchor_on:
        case.anchor_on = balance.oldest_open_due_on
        case.next_plan_on = timezone.localdate(now)
        outbox.cancel(queries.waiting_contacts(case))
    if balance.days_late <= 0:
        _nothing_for_agents(case)


def _follow_promise(case: Case, *, now: datetime) -> None:
    """Rest while a promise is open; afterwards wake, and let an agent ask kindly when it was not kept."""
    promises = PromiseToPay.objects.filter(debtor=case.debtor_id, creditor=case.creditor_id)
    has_open = promises.filter(status=PromiseStatus.OPEN).exists()
    if has_open and case.state == CaseState.OPEN:
        case.state = CaseState.PROMISED
        _nothing_for_agents(case)
    elif case.state == CaseState.PROMISED and not has_open:
        case.state = CaseState.OPEN
        case.next_plan_on = timezone.localdate(now)
        outbox.plan_again(debtor_ids=[case.debtor_id], now=now)
        last = promises.filter(~Q(settled_at=None)).order_by("-settled_at", "-pk").first()
        if last and last.status in LET_DOWN:
            case.callable_from = now


def _follow_transit(case: Case, *, now: datetime) -> None:
    """Take no step while money may be on its way; look at once when it arrived or was withdrawn just now."""
    between = {"debtor_id": case.debtor_id, "creditor_id": case.creditor_id}
    until, today = debtor_queries.rests_until(**between), timezone.localdate(now)
    if until and until >= today:
        case.next_plan_on = until + timedelta(days=1)
        _nothing_for_agents(case)
    elif case.next_plan_on and MoneyInTransit.objects.filter(**between, ended_at=now).exists():
        case.next_plan_on = min(case.next_plan_on, today)


def _nothing_for_agents(case: Case) -> None:
    case.callable_from = case.callback_at = None
    case.put_off_because = []
