"""What the debtor page tells: who, how he may be reached now, what he owes and what happened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from collections_crm.lib import dates, money
from contacts import queries, reasons
from contacts.models import Contact, Hold, OptOut
from contacts.queries import Asked
from contacts.reasons import Answer
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors import queries as debtor_queries
from debtors.models import ContactPoint, Creditor, Debt, Debtor, Installment, Payment, PromiseToPay, User
from debtors.rules.payoff import Balance
from debtors.vocabulary import EntryKind, Medium, PromiseStatus

MOST_EVENTS = 60
ICONS = {
    Channel.SMS: "message",
    Channel.WHATSAPP: "brand-whatsapp",
    Channel.EMAIL: "mail",
    Channel.VOICE: "phone",
    Channel.LETTER: "mailbox",
    Medium.PHONE: "phone",
    Medium.ADDRESS: "map-pin",
}
TONES = {
    ContactState.BLOCKED: "wait",
    ContactState.EXPIRED: "quiet",
    ContactState.FAILED: "bad",
    ContactState.UNKNOWN: "wait",
    ContactState.PARKED: "wait",
    PromiseStatus.OPEN: "wait",
    PromiseStatus.KEPT: "ok",
    PromiseStatus.PARTLY_KEPT: "wait",
    PromiseStatus.BROKEN: "bad",
    PromiseStatus.CANCELLED: "quiet",
}
KINDS = ("all", "call", "message", "payment", "promise")


@dataclass(frozen=True)
class Event:
    """One thing that happened, as a line of the timeline."""

    kind: str
    at: datetime
    icon: str
    title: str
    tone: str = ""
    text: str = ""
    by: str = ""
    is_message: bool = False
    is_inbound: bool = False
    has_time: bool = True


@dataclass(frozen=True)
class PointLine:
    """One contact point with the gate's answers: channels of the same answer stand together."""

    point: ContactPoint
    icon: str
    answers: list[tuple[str, Answer]]


@dataclass(frozen=True)
class DebtLine:
    """One debt with its installments and what is owed on it today."""

    debt: Debt
    installments: list[Installment]
    balance: Balance


@dataclass(frozen=True)
class Account:
    """All debts with one creditor, and the money and promises between the two."""

    creditor: Creditor
    balance: Balance
    debts: list[DebtLine]
    payments: list[tuple[Payment, str]]
    promises: list[PromiseToPay]


def dossier(debtor: Debtor, *, user: User, now: datetime, kind: str) -> dict[str, Any]:
    """Return everything the page shows, as of `now`; of debts, only those the user may see."""
    on = timezone.localdate(now)
    accounts = _accounts(debtor, user=user, on=on)
    creditors = [account.creditor.pk for account in accounts]
    happened = sorted(_events(debtor, accounts, creditors), key=lambda event: event.at, reverse=True)
    asked = queries.may_contact(debtor=debtor, channel=Channel.VOICE, now=now)
    everywhere, points = _lines(debtor, asked=asked)
    return {
        "debtor": debtor,
        "today": on,
        "now": now,
        "zones": asked.person.time_zones,
        "everywhere": everywhere,
        "points": points,
        "accounts": accounts,
        "owed_cents": sum(account.balance.total_cents for account in accounts),
        "holds": _in_force(Hold.objects.filter(debtor=debtor).select_related("placed_by"), now=now),
        "opt_outs": _in_force(OptOut.objects.filter(debtor=debtor).select_related("point"), now=now),
        "consents": _in_force(debtor.consents.all(), now=now),
        "events": [event for event in happened if kind in ("all", event.kind)][:MOST_EVENTS],
        "counts": {name: sum(name in ("all", event.kind) for event in happened) for name in KINDS},
        "kind": kind,
    }


def _in_force(rows: QuerySet[Any], *, now: datetime) -> list[Any]:
    return list(rows.filter(Q(active_until__isnull=True) | Q(active_until__gt=now), active_from__lte=now))


def _lines(debtor: Debtor, *, asked: Asked) -> tuple[Answer | None, list[PointLine]]:
    """Return the gate's answer for each point; one that holds everywhere is said once, not at each."""
    lines = [_line(point, asked=asked) for point in debtor.points.all()]
    every = [answer for line in lines for _names, answer in line.answers]
    if len(every) > 1 and len({(answer.tone, answer.text) for answer in every}) == 1:
        return _united(every), [replace(line, answers=[]) for line in lines]
    return None, lines


def _line(point: ContactPoint, *, asked: Asked) -> PointLine:
    """Return the gate's answer for each channel that is switched on; the same answer is given once."""
    if point.is_retired:  # its status says so already
        return PointLine(point, ICONS.get(Medium(point.medium), "mail"), [])
    switched_on = asked.terms.channels if asked.terms else frozenset[str]()
    usable = [channel for channel in Channel if channel in queries.channels_of(point) & switched_on]
    answers: dict[tuple[str, str], list[tuple[str, Answer]]] = {}
    for channel in usable:
        of_channel = replace(asked, person=replace(asked.person, channel=channel.value))
        answer = reasons.answer(of_channel.verdict(point), asked=of_channel)
        answers.setdefault((answer.tone, answer.text), []).append((str(channel.label), answer))
    grouped = [
        (", ".join(name for name, _answer in same), _united(answer for _name, answer in same))
        for same in answers.values()
    ]
    return PointLine(point, ICONS.get(Medium(point.medium), "mail"), grouped)


def _united(answers: Iterable[Answer]) -> Answer:
    """Return one answer for several with the same line, with all their reasons, each once."""
    every = list(answers)
    return replace(every[0], reasons=tuple(dict.fromkeys(each for one in every for each in one.reasons)))


def _accounts(debtor: Debtor, *, user: User, on: date) -> list[Account]:
    debts = list(
        debtor_queries.debts_seen_by(user)
        .filter(debtor=debtor)
        .select_related("creditor", "portfolio")
        .prefetch_related("installments")
        .order_by("creditor__brand", "pk")
    )
    creditors = {debt.creditor_id: debt.creditor for debt in debts}
    balances = debtor_queries.balances(debts=[debt.pk for debt in debts], on=on)
    totals = debtor_queries.balances_of_pairs(pairs=[(debtor.pk, pk) for pk in creditors], on=on)
    payments = list(
        Payment.objects.filter(debtor=debtor, creditor__in=creditors)
        .select_related("recorded_by")
        .prefetch_related("entries")
    )
    promises = list(
        PromiseToPay.objects.filter(debtor=debtor, creditor__in=creditors)
        .select_related("made_to")
        .order_by("-made_at", "-pk")
    )
    return [
        Account(
            creditor=creditor,
            balance=totals[debtor.pk, pk],
            debts=[
                DebtLine(debt, list(debt.installments.all()), balances[debt.pk])
                for debt in debts
                if debt.creditor_id == pk
            ],
            payments=[(each, _fate(each)) for each in payments if each.creditor_id == pk],
            promises=[each for each in promises if each.creditor_id == pk],
        )
        for pk, creditor in creditors.items()
    ]


def _fate(payment: Payment) -> str:
    """Return what became of a payment: counted, reversed, or unmet (no debt was left to meet)."""
    kinds = {entry.kind for entry in payment.entries.all()}
    taken_back = {entry.reverses_id for entry in payment.entries.all() if entry.kind == EntryKind.REVERSAL}
    met = {entry.pk for entry in payment.entries.all() if entry.kind == EntryKind.PAYMENT}
    if met and met <= taken_back:
        return "reversed"
    return "counted" if EntryKind.PAYMENT in kinds else "unmet"


def _events(debtor: Debtor, accounts: list[Account], creditors: list[int]) -> Iterator[Event]:
    own = queries.history(debtor_id=debtor.pk).filter(Q(creditor__in=creditors) | Q(creditor=None))
    for contact in own[:MOST_EVENTS]:
        yield _contact_event(contact)
    for account in accounts:
        for payment, fate in account.payments:
            yield _payment_event(payment, fate=fate)
        for promise in account.promises:
            yield _promise_event(promise)


def _contact_event(contact: Contact) -> Event:
    why = "; ".join(reason.text for reason in reasons.explain_all(contact.objections))
    return Event(
        kind="call" if contact.channel == Channel.VOICE else "message",
        at=contact.started_at or contact.decided_at or contact.created_at,
        icon=ICONS[Channel(contact.channel)],
        title=_contact_title(contact),
        tone=TONES.get(ContactState(contact.state), "info" if contact.body else ""),
        text=contact.body or why,
        by=contact.agent.name if contact.agent else "",
        is_message=bool(contact.body),
        is_inbound=contact.is_inbound,
    )


def _contact_title(contact: Contact) -> str:
    channel = str(contact.get_channel_display())
    if contact.is_inbound and contact.outcome == Outcome.INBOUND:
        return _("Wrote to us by %(channel)s") % {"channel": channel}
    ended = contact.get_outcome_display() if contact.outcome else contact.get_state_display()
    what = contact.template.title if contact.template else channel[:1].upper() + channel[1:]
    return f"{what} · {ended}"


def _payment_event(payment: Payment, *, fate: str) -> Event:
    is_reversed = fate == "reversed"
    amount = {"amount": money.format_brl(payment.amount_cents)}
    return Event(
        kind="payment",
        at=datetime.combine(payment.paid_on, time(12), tzinfo=UTC),
        icon="coin",
        title=(_("Payment of %(amount)s taken back") if is_reversed else _("Payment of %(amount)s")) % amount,
        tone="quiet" if is_reversed else "ok",
        text=str(payment.get_method_display()),
        by=payment.recorded_by.name if payment.recorded_by else "",
        has_time=False,
    )


def _promise_event(promise: PromiseToPay) -> Event:
    words = {
        "amount": money.format_brl(promise.amount_cents),
        "day": dates.format_br(promise.promised_on),
        "status": promise.get_status_display(),
    }
    return Event(
        kind="promise",
        at=promise.made_at,
        icon="heart-handshake",
        title=_("Promised %(amount)s for %(day)s · %(status)s") % words,
        tone=TONES[PromiseStatus(promise.status)],
        by=promise.made_to.name if promise.made_to else "",
    )
