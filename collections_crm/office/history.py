"""Lives the office's last weeks day by day, through the services that everybody uses."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count

from django.utils import timezone

from contacts import queries as contact_queries
from contacts.models import Contact
from contacts.services import dispatch, outbox
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors import queries as debtor_queries
from debtors.models import Creditor, Debt, User
from debtors.services import ledger, promises
from debtors.vocabulary import PaymentMethod, PaymentSource
from dunning.models import Case
from dunning.rules import confirmation
from dunning.rules.outcomes import FOLLOWS
from dunning.services import calling, outcomes, round, talking, workqueue
from dunning.services.outcomes import PromiseTerms
from dunning.vocabulary import Disposition

PLANNED_AT, SENT_AT, CALLED_AT, PAID_AT = time(8, 50), time(11, 45), time(14, 20), time(16, 0)
#: What the agent's calls come to, one after the other.
CAME_TO = (
    Disposition.NO_ANSWER,
    Disposition.PROMISE,
    Disposition.SPOKE,
    Disposition.VOICEMAIL,
    Disposition.PROMISE,
    Disposition.NO_ANSWER,
    Disposition.BUSY,
    Disposition.DISPUTE,
)
NOTES = {
    Disposition.PROMISE: "Recebe o salário nesta semana e quer pagar uma parte.",
    Disposition.SPOKE: "Pediu a segunda via do boleto por e-mail.",
    Disposition.DISPUTE: "Diz que devolveu o produto na loja; vai mandar o comprovante.",
}
PAYS_EVERY = 2  # days between two payments


def live_through(*, creditor: Creditor, agent: User, days: int, now: datetime) -> None:
    """Let the days before `now` pass; the last moment lived is before `now`."""
    calls = iter(count())
    for day in _days(days, now=now):
        round.go(now=_at(day, PLANNED_AT))
        promises.settle_due(now=_at(day, PLANNED_AT))
        _send(now=_at(day, SENT_AT))
        if day.weekday() < 5:
            _call(agent, calls=calls, now=_at(day, CALLED_AT))
        if day.toordinal() % PAYS_EVERY == 0:
            _pay(creditor, on=day, now=_at(day, PAID_AT))


def _days(days: int, *, now: datetime) -> Iterator[date]:
    today = timezone.localdate(now)
    return (today - timedelta(days=ago) for ago in range(days, 0, -1))


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))


def _send(*, now: datetime) -> None:
    dispatch.pump(clock=lambda: now)
    for contact in Contact.objects.filter(state=ContactState.SENT, started_at__lte=now):
        outbox.conclude(contact, outcome=Outcome.DELIVERED, now=now + timedelta(minutes=1))


def _call(agent: User, *, calls: Iterator[int], now: datetime) -> None:
    case = workqueue.take_next(agent=agent, now=now)
    if case is None:
        return
    best = contact_queries.may_contact(debtor=case.debtor, channel=Channel.VOICE, now=now).best
    if best.point is None:
        return
    calling.dial(case, agent=agent, fence=case.fence, point=best.point, now=now)
    _record(case, agent=agent, disposition=CAME_TO[next(calls) % len(CAME_TO)], now=now)


def _record(case: Case, *, agent: User, disposition: Disposition, now: datetime) -> None:
    today = timezone.localdate(now)
    owed = debtor_queries.balance_with(debtor_id=case.debtor_id, creditor_id=case.creditor_id, on=today)
    if FOLLOWS[disposition].needs_confirmation:
        asked = confirmation.questions(talking.person(case.debtor))
        said = [question.item for question in asked[: confirmation.ENOUGH]]
        talking.confirm(case, agent=agent, fence=case.fence, matched=said, now=now)
    outcomes.record(
        case=case,
        agent=agent,
        fence=case.fence,
        disposition=disposition,
        note=NOTES.get(disposition, ""),
        promise=PromiseTerms(amount_cents=owed.due_cents // 2, promised_on=today + timedelta(days=4)),
        now=now + timedelta(minutes=4),
    )


def _pay(creditor: Creditor, *, on: date, now: datetime) -> None:
    """Let one debtor pay: another one each time, everything that is due or a part of it."""
    debts = list(Debt.objects.filter(creditor=creditor).order_by("pk"))
    debt = debts[on.toordinal() * 7 % len(debts)]
    due = debtor_queries.balance_with(debtor_id=debt.debtor_id, creditor_id=creditor.pk, on=on).due_cents
    if due <= 0:
        return
    ledger.record_payment(
        debtor=debt.debtor,
        creditor=creditor,
        amount_cents=due if on.toordinal() % (2 * PAYS_EVERY) else due // 3,
        paid_on=on,
        method=PaymentMethod.PIX,
        source=PaymentSource.BANK,
        external_id=f"E{on:%Y%m%d}{debt.pk:06d}",
        recorded_by=None,
        now=now,
    )
