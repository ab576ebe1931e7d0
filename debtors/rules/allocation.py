"""Which debts a payment settles, and with how much of it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from debtors.rules import payoff
from debtors.rules.payoff import Balance, ChargeTerms, Credit, DueAmount, History
from debtors.vocabulary import EntryKind

#: Additions to a debt that are posted once payments have settled them, and where a balance says how much.
REALISED = {
    EntryKind.INTEREST: "realised_interest_cents",
    EntryKind.LATE_FEE: "realised_late_fee_cents",
}


@dataclass(frozen=True, slots=True)
class ToldPayment:
    """A payment that somebody says was made on one debt."""

    debt: int
    amount_cents: int
    paid_on: date


@dataclass(frozen=True, slots=True)
class Posting:
    """One ledger entry to be written, signed as the ledger keeps it."""

    debt: int
    kind: EntryKind
    amount_cents: int


def allocate(
    *,
    amount_cents: int,
    balances: Mapping[int, Balance],
    first: int | None = None,
    rooms: Mapping[int, int] | None = None,
) -> dict[int, int]:
    """Return how many centavos of a payment go to each debt id; what is left over is in no debt.

    The debt `first` takes all it owes before any other. Then what is due already goes first, the
    oldest debt before the younger; then what is still to fall due, in the same order. Every share
    is above zero, and no debt gets more than it owes, nor more than its room (see `rooms`).
    """
    room = rooms or {}
    if first is not None:
        wanted = min(amount_cents, balances[first].total_cents, room.get(first, amount_cents))
        others = {debt: balance for debt, balance in balances.items() if debt != first}
        rest = allocate(amount_cents=amount_cents - wanted, balances=others, rooms=rooms)
        return ({first: wanted} if wanted else {}) | rest
    order = sorted(balances, key=lambda debt: (balances[debt].oldest_open_due_on or date.max, debt))
    shares = dict.fromkeys(order, 0)
    left = amount_cents
    for limit in ("due_cents", "total_cents"):
        for debt in order:
            most = min(getattr(balances[debt], limit), room.get(debt, amount_cents))
            share = min(left, most - shares[debt])
            shares[debt] += max(share, 0)
            left -= max(share, 0)
    return {debt: share for debt, share in shares.items() if share}


def rooms(*, amount_cents: int, histories: Mapping[int, History], on: date) -> dict[int, int]:
    """Return how much of a payment made on `on` each debt can take that was paid on later days as well.

    Payments are not told in the order of their days. What later money has settled is not settled a
    second time by money that is told late: it would be kept on this debt while another one is open.
    """
    return {
        debt: _room_cents(amount_cents, history=history, on=on)
        for debt, history in histories.items()
        if any(credit.on > on for credit in history.credits)
    }


def settle_in_order(
    payments: Iterable[ToldPayment], *, dues: Mapping[int, Sequence[DueAmount]], terms: ChargeTerms
) -> list[list[Posting]]:
    """Return the entries of each payment on debts that nobody has paid anything on before.

    `dues` holds the installments of every debt between the two. Payments must come in order of
    their days: then what a payment settles never depends on a later one.
    """
    credits: dict[int, list[Credit]] = {debt: [] for debt in dues}
    posted: dict[tuple[int, EntryKind], int] = defaultdict(int)
    settled = []
    for payment in payments:
        owed = {
            debt: payoff.owed(installments=dues[debt], credits=credits[debt], terms=terms, on=payment.paid_on)
            for debt in dues
        }
        shares = allocate(amount_cents=payment.amount_cents, balances=owed, first=payment.debt)
        postings = [Posting(debt, EntryKind.PAYMENT, -share) for debt, share in shares.items()]
        for debt, share in shares.items():
            credits[debt].append(Credit(on=payment.paid_on, amount_cents=share))
            balance = payoff.owed(installments=dues[debt], credits=credits[debt], terms=terms, on=date.max)
            for kind, name in REALISED.items():
                if missing := getattr(balance, name) - posted[debt, kind]:
                    posted[debt, kind] += missing
                    postings.append(Posting(debt, kind, missing))
        settled.append(postings)
    return settled


def _room_cents(amount_cents: int, *, history: History, on: date) -> int:
    """Return the largest credit, up to the amount, after which nothing more than before is in excess."""

    def excess_with(credit_cents: int) -> int:
        credits = [*history.credits, Credit(on=on, amount_cents=credit_cents)]
        return replace(history, credits=credits).owed(on=date.max).excess_cents

    return bisect_right(range(amount_cents + 1), excess_with(0), key=excess_with) - 1
