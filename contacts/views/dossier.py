"""What the debtor page tells: who, how he may be reached now, what he owes and what happened."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from contacts import queries, reasons, timeline
from contacts.models import Hold, OptOut
from contacts.queries import Asked, gathering
from contacts.reasons import Answer
from contacts.vocabulary import Channel
from debtors import queries as debtor_queries
from debtors.models import ContactPoint, Creditor, Debt, Debtor, Installment, Payment, PromiseToPay, User
from debtors.rules.payoff import Balance
from debtors.vocabulary import Medium

KINDS = ("all", "call", "message", "payment", "promise")


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
        "events": [event for event in happened if kind in ("all", event.kind)][: timeline.MOST_EVENTS],
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
        return PointLine(point, timeline.ICONS.get(Medium(point.medium), "mail"), [])
    switched_on = asked.terms.channels if asked.terms else frozenset[str]()
    usable = [channel for channel in Channel if channel in gathering.channels_of(point) & switched_on]
    answers: dict[tuple[str, str], list[tuple[str, Answer]]] = {}
    for channel in usable:
        of_channel = replace(asked, person=replace(asked.person, channel=channel.value))
        answer = reasons.answer(of_channel.verdict(point), asked=of_channel)
        answers.setdefault((answer.tone, answer.text), []).append((str(channel.label), answer))
    grouped = [
        (", ".join(name for name, _answer in same), _united(answer for _name, answer in same))
        for same in answers.values()
    ]
    return PointLine(point, timeline.ICONS.get(Medium(point.medium), "mail"), grouped)


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
            payments=[(each, timeline.fate(each)) for each in payments if each.creditor_id == pk],
            promises=[each for each in promises if each.creditor_id == pk],
        )
        for pk, creditor in creditors.items()
    ]


def _events(debtor: Debtor, accounts: list[Account], creditors: list[int]) -> Iterator[timeline.Event]:
    own = queries.history(debtor_id=debtor.pk).filter(Q(creditor__in=creditors) | Q(creditor=None))
    for contact in own[: timeline.MOST_EVENTS]:
        yield timeline.of_contact(contact)
    for account in accounts:
        for payment, _fate in account.payments:
            yield timeline.of_payment(payment)
        for promise in account.promises:
            yield timeline.of_promise(promise)
