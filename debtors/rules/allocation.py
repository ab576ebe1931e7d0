"""Which debts a payment settles, and with how much of it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from debtors.rules.payoff import Balance, Credit, History
from debtors.vocabulary import EntryKind

#: Additions to a debt that are posted once payments have settled them, and where a balance says how much.
REALISED = {
    EntryKind.INTEREST: "realised_interest_cents",
    EntryKind.LATE_FEE: "realised_late_fee_cents",
    EntryKind.CORRECTION: "realised_correction_cents",
    EntryKind.COSTS: "realised_costs_cents",
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
        debt: share_without_excess(amount_cents, history=history, on=on)
        for debt, history in histories.items()
        if any(credit.on > on for credit in history.credits)
    }


def forgiven_cents(balance: Balance, *, tolerance_cents: int) -> int:
    """Return what is forgiven because so little is missing: all that is open, or all that is due; or 0."""
    for left in (balance.total_cents, balance.due_cents):
        if 0 < left <= tolerance_cents:
            return left
    return 0


def settle_in_order(
    payments: Iterable[ToldPayment], *, histories: Mapping[int, History]
) -> list[list[Posting]]:
    """Return the entries of each payment on debts that nobody has paid anything on before.

    `histories` holds every debt between the two. Payments must come in order of their days: then
    what a payment settles never depends on a later one.
    """
    known = {debt: replace(history, credits=[]) for debt, history in histories.items()}
    posted: dict[tuple[int, EntryKind], int] = defaultdict(int)
    settled = []
    for payment in payments:
        owed = {debt: history.owed(on=payment.paid_on) for debt, history in known.items()}
        shares = allocate(amount_cents=payment.amount_cents, balances=owed, first=payment.debt)
        postings = [Posting(debt, EntryKind.PAYMENT, -share) for debt, share in shares.items()]
        for debt, share in shares.items():
            known[debt] = _credited(known[debt], Credit(payment.paid_on, share))
            left = known[debt].owed(on=payment.paid_on)
            if forgiven := forgiven_cents(left, tolerance_cents=known[debt].terms.tolerance_cents):
                known[debt] = _credited(known[debt], Credit(payment.paid_on, forgiven, is_discount=True))
                postings.append(Posting(debt, EntryKind.DISCOUNT, -forgiven))
            balance = known[debt].settled()
            for kind, name in REALISED.items():
                if missing := getattr(balance, name) - posted[debt, kind]:
                    posted[debt, kind] += missing
                    postings.append(Posting(debt, kind, missing))
        settled.append(postings)
    return settled


def share_without_excess(amount_cents: int, *, history: History, on: date) -> int:
    """Return the largest credit, up to the amount, after which nothing more than before is in excess."""

    def excess_with(credit_cents: int) -> int:
        return _credited(history, Credit(on, credit_cents)).settled().excess_cents

    return bisect_right(range(amount_cents + 1), excess_with(0), key=excess_with) - 1


def _credited(history: History, credit: Credit) -> History:
    return replace(history, credits=[*history.credits, credit])
