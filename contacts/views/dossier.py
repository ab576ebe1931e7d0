"""What the debtor page tells: who, how he may be reached now, what he owes and what happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from contacts import overlay_words, pressures, queries, timeline, verdicts
from contacts.models import Hold, OptOut
from contacts.queries import wishes
from contacts.queries.recordings import recordings_of
from contacts.services import recordings
from contacts.views import local_rules
from contacts.vocabulary import Channel
from debtors import queries as debtor_queries
from debtors.models import (
    Agreement,
    Creditor,
    Debt,
    Debtor,
    Installment,
    MoneyInTransit,
    Payment,
    PromiseToPay,
    User,
)
from debtors.queries import loyalty as loyalty_queries
from debtors.rules import loyalty
from debtors.rules.payoff import Balance

KINDS = ("all", "call", "message", "payment", "promise")


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
    transits: list[MoneyInTransit]
    loyalty: loyalty.Standing | None

    @property
    def beyond_cents(self) -> int:
        """What was paid and meets no debt: it waits for the next one, or is given back."""
        return sum(timeline.unmet_cents(payment) for payment, _fate in self.payments)


def dossier(debtor: Debtor, *, user: User, now: datetime, kind: str) -> dict[str, Any]:
    """Return everything the page shows, as of `now`; of debts, only those the user may see."""
    on = timezone.localdate(now)
    accounts = _accounts(debtor, user=user, on=on)
    creditors = [account.creditor.pk for account in accounts]
    happened = sorted(
        _events(debtor, accounts, creditors, user=user, now=now), key=lambda event: event.at, reverse=True
    )
    known = queries.gather_or_doubt([debtor], now=now)
    said = verdicts.verdicts(known, debtor_id=debtor.pk)
    return {
        "debtor": debtor,
        "today": on,
        "now": now,
        "zones": said.zones,
        "everywhere": said.everywhere,
        "points": said.points,
        "switched_off": said.switched_off,
        "pressure": pressures.of(known.contacts[debtor.pk], now=now),
        "accounts": accounts,
        "owed_cents": sum(account.balance.total_cents for account in accounts),
        "holds": _holds(debtor, blocking=said.holds_blocking, now=now),
        "opt_outs": _in_force(
            OptOut.objects.filter(debtor=debtor).select_related("point", "recorded_by"), now=now
        ),
        "refusals": wishes.refusals(debtor.pk, points=known.points[debtor.pk]),
        "consents": _consents(debtor, now=now),
        "preferences": _preferences(debtor, now=now),
        "local_rules": local_rules.binding(known, debtor_id=debtor.pk, creditor_ids=creditors),
        "events": [event for event in happened if kind in ("all", event.kind)][: timeline.MOST_EVENTS],
        "counts": {name: sum(name in ("all", event.kind) for event in happened) for name in KINDS},
        "kind": kind,
    }


def _holds(debtor: Debtor, *, blocking: frozenset[str], now: datetime) -> list[Any]:
    """Return the holds in force; each knows whether the policy lets it bind."""
    holds = _in_force(Hold.objects.filter(debtor=debtor).select_related("placed_by"), now=now)
    for hold in holds:
        hold.is_binding = hold.kind in blocking
    return holds


def _consents(debtor: Debtor, *, now: datetime) -> list[Any]:
    """Return the permissions in force, each with a word for what it allows."""
    consents = _in_force(debtor.consents.select_related("recorded_by"), now=now)
    for given in consents:
        is_one = given.channel in Channel.values
        given.channel_word = Channel(given.channel).label if is_one else gettext("every channel")
    return consents


def _preferences(debtor: Debtor, *, now: datetime) -> list[Any]:
    """Return what the debtor would rather have now, one or none, with words for it."""
    preferences = _in_force(debtor.preferences.select_related("recorded_by"), now=now)
    for each in preferences:
        each.words = overlay_words.wishes(windows=each.windows, unwanted=each.unwanted_channels)
    return preferences


def _in_force(rows: QuerySet[Any], *, now: datetime) -> list[Any]:
    return list(rows.filter(Q(active_until__isnull=True) | Q(active_until__gt=now), active_from__lte=now))


def _accounts(debtor: Debtor, *, user: User, on: date) -> list[Account]:
    debts = list(
        debtor_queries.debts_seen_by(user)
        .filter(debtor=debtor)
        .select_related("creditor", "portfolio")
        .prefetch_related("installments")
        .order_by("creditor__brand", "pk")
    )
    creditors = {debt.creditor_id: debt.creditor for debt in debts}
    histories = debtor_queries.histories(debts=[debt.pk for debt in debts])
    balances = {pk: history.owed(on=on) for pk, history in histories.items()}
    good_payers = loyalty_queries.rules_of(creditors)
    totals = debtor_queries.balances_of_pairs(pairs=[(debtor.pk, pk) for pk in creditors], on=on)
    payments = list(
        Payment.objects.filter(debtor=debtor, creditor__in=creditors)
        .select_related("recorded_by", "taken_back")
        .prefetch_related("entries")
    )
    promises = list(
        PromiseToPay.objects.filter(debtor=debtor, creditor__in=creditors)
        .select_related("made_to")
        .order_by("-made_at", "-pk")
    )
    transits = debtor_queries.on_their_way(debtor_id=debtor.pk, on=on)
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
            transits=[each for each in transits if each.creditor_id == pk],
            loyalty=loyalty_queries.standing_by(
                good_payers[pk], [histories[debt.pk] for debt in debts if debt.creditor_id == pk], on=on
            )
            if pk in good_payers
            else None,
        )
        for pk, creditor in creditors.items()
    ]


def _events(
    debtor: Debtor, accounts: list[Account], creditors: list[int], *, user: User, now: datetime
) -> Iterator[timeline.Event]:
    own = queries.history(debtor_id=debtor.pk).filter(Q(creditor__in=creditors) | Q(creditor=None))
    made = list(own[: timeline.MOST_EVENTS])
    calls = [contact.pk for contact in made if contact.channel == Channel.VOICE]
    recorded = recordings_of(calls, now=now) if calls and user.has_perm(recordings.MAY_LISTEN) else {}
    for contact in made:
        yield timeline.of_contact(contact, recorded=recorded.get(contact.pk))
    for account in accounts:
        for payment, _fate in account.payments:
            yield timeline.of_payment(payment)
        for promise in account.promises:
            yield timeline.of_promise(promise)
    for agreement in Agreement.objects.filter(debtor=debtor, creditor__in=creditors).select_related(
        "proposed_by"
    ):
        yield timeline.of_agreement(agreement)
