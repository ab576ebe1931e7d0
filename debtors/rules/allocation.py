"""Which debts a payment settles, and with how much of it."""

from collections.abc import Mapping
from datetime import date

from debtors.rules.payoff import Balance


def allocate(*, amount_cents: int, balances: Mapping[int, Balance]) -> dict[int, int]:
    """Return how many centavos of a payment go to each debt id; what is left over is in no debt.

    What is due already goes first, the oldest debt before the younger; then what is still to
    fall due, in the same order. Every share is above zero, and no debt gets more than it owes.
    """
    order = sorted(balances, key=lambda debt: (balances[debt].oldest_open_due_on or date.max, debt))
    shares = dict.fromkeys(order, 0)
    left = amount_cents
    for limit in ("due_cents", "total_cents"):
        for debt in order:
            share = min(left, getattr(balances[debt], limit) - shares[debt])
            shares[debt] += max(share, 0)
            left -= max(share, 0)
    return {debt: share for debt, share in shares.items() if share}
