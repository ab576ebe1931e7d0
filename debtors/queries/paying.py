"""What a debtor may be given to pay with a creditor on a day, and what was given already."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from debtors.models import AgreedPayment, Installment, PaymentRequest, User
from debtors.queries import accounts, debts_seen_by, offers
from debtors.rules import payoff
from debtors.rules.payoff import Balance
from debtors.vocabulary import RequestState, TransitState

AGREED, AGREED_REST, DUE, ALL, PART = "agreed", "agreed_rest", "due", "all", "part"
LIVE = [TransitState.WAITING, TransitState.ARRIVED]


@dataclass(frozen=True, slots=True)
class Choice:
    """One amount that may be paid: `items` are what it is made of, `covers` the contracts it is for."""

    name: str
    amount_cents: int
    items: dict[str, int] = field(default_factory=dict)
    covers: list[dict[str, Any]] = field(default_factory=list)
    agreed_payment: AgreedPayment | None = None


@dataclass(frozen=True, slots=True)
class Payable:
    """The amounts that may be paid, most usual first, and the most that may be paid at all.

    `obstacle` says why nothing may be issued: `inexact` (a rate of some month is not known), `in_doubt`
    (the ledger differs from what it must be) or `nothing_owed`; or is empty.
    """

    choices: tuple[Choice, ...] = ()
    obstacle: str = ""

    @property
    def most_cents(self) -> int:
        """Nothing beyond this is taken: it would only have to be given back."""
        return max((choice.amount_cents for choice in self.choices), default=0)

    def chosen(self, name: str, *, part_cents: int | None) -> Choice | None:
        """Return the choice of this name; `part` is `part_cents` of the largest. None when there is none."""
        if name != PART:
            return next((each for each in self.choices if each.name == name), None)
        whole = max(self.choices, key=lambda each: each.amount_cents, default=None)
        if whole is None or part_cents is None or not 0 < part_cents <= whole.amount_cents:
            return None
        return Choice(PART, part_cents, covers=whole.covers)


def payable(*, debtor_id: int, creditor_id: int, on: date) -> Payable:
    """Return what may be paid to the creditor until `on`: of the agreement in force, else of the debts.

    What is prescribed is no part of it.
    """
    parties = accounts.parties_between(debtor_id, creditor_id)
    histories = {
        pk: history
        for pk, history in sorted(accounts.histories(parties).items())
        if not history.is_barred(on=on)
    }
    balances = {pk: history.owed(on=on) for pk, history in histories.items()}
    together = payoff.combined(balances.values(), on=on)
    if any(history.is_in_doubt for history in histories.values()):
        return Payable(obstacle="in_doubt")
    if not together.is_exact:
        return Payable(obstacle="inexact")
    found = _agreed(debtor_id, creditor_id, on=on) or _owed(balances, together, on=on)
    return Payable(found) if found else Payable(obstacle="nothing_owed")


def requests_seen_by(user: User) -> QuerySet[PaymentRequest]:
    """Return what was issued between debtors and creditors whose debts the user may see."""
    owed = debts_seen_by(user).filter(debtor=OuterRef("debtor"), creditor=OuterRef("creditor"))
    return PaymentRequest.objects.filter(Exists(owed)).select_related("debtor", "creditor", "transit")


def issued(*, debtor_id: int, creditor_id: int, on: date) -> list[PaymentRequest]:
    """Return what was issued and may still be paid on `on`, or is not answered by the bank; latest first."""
    between = PaymentRequest.objects.filter(debtor=debtor_id, creditor=creditor_id)
    payable = between.filter(
        state=RequestState.READY, transit__state=TransitState.WAITING, transit__expires_on__gte=on
    )
    asked = between.filter(state__in=[RequestState.ASKED, RequestState.UNCLEAR])
    return list((payable | asked).select_related("transit", "creditor", "debtor").order_by("-pk"))


def latest(*, debtor_id: int, creditor_id: int, on: date) -> PaymentRequest | None:
    """Return the latest that may still be paid on `on`; None when there is none."""
    ready = (
        each
        for each in issued(debtor_id=debtor_id, creditor_id=creditor_id, on=on)
        if each.state == RequestState.READY
    )
    return next(ready, None)


def _agreed(debtor_id: int, creditor_id: int, *, on: date) -> tuple[Choice, ...]:
    agreement = offers.in_force(debtor_id=debtor_id, creditor_id=creditor_id)
    if agreement is None:
        return ()
    progress, payments = offers.progress_of(agreement, on=on), list(agreement.payments.all())
    if progress.next_payment is None or not progress.left_cents:
        return ()
    following = next(each for each in payments if each.number == progress.next_payment.number)
    until = sum(each.amount_cents for each in payments if each.number <= following.number)
    missing = until - (agreement.total_cents - progress.left_cents)
    told = {"agreement": agreement.pk, "of": len(payments)}
    found = [Choice(AGREED, missing, covers=[told | {"number": following.number}], agreed_payment=following)]
    if progress.left_cents > missing:
        found.append(Choice(AGREED_REST, progress.left_cents, covers=[told]))
    return tuple(found)


def _owed(balances: dict[int, Balance], together: Balance, *, on: date) -> tuple[Choice, ...]:
    found = []
    if together.late_principal_cents and together.due_cents < together.total_cents:
        late = [pk for pk, balance in balances.items() if balance.due_cents]
        covers = _covers(late, balances, until=on)
        found.append(Choice(DUE, together.due_cents, _items(together, together.late_principal_cents), covers))
    if together.total_cents:
        open_debts = [pk for pk, balance in balances.items() if balance.total_cents]
        items = _items(together, together.principal_cents)
        found.append(Choice(ALL, together.total_cents, items, _covers(open_debts, balances, until=None)))
    return tuple(found)


def _items(balance: Balance, principal_cents: int) -> dict[str, int]:
    return {
        "principal": principal_cents,
        "correction": balance.correction_cents,
        "interest": balance.interest_cents,
        "late_fee": balance.late_fee_cents,
        "costs": balance.costs_cents,
    }


def _covers(
    debts: Iterable[int], balances: dict[int, Balance], *, until: date | None
) -> list[dict[str, Any]]:
    """Return the contracts with the installments that are still open: from the oldest open one on."""
    rows = Installment.objects.filter(debt__in=list(debts)).select_related("debt").order_by("debt", "number")
    found: dict[int, dict[str, Any]] = {}
    for each in rows:
        since = balances[each.debt_id].oldest_open_due_on
        if (since and each.due_on < since) or (until and each.due_on >= until):
            continue
        told = found.setdefault(
            each.debt_id,
            {"contract": each.debt.contract, "product": each.debt.product, "installments": []},
        )
        told["installments"].append(each.number)
    return list(found.values())
