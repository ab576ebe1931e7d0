"""When somebody is reminded of the next payment of an agreement, and under which name."""

from datetime import date, timedelta

PREFIX = "agreed:"


def remind_on(*, due_on: date, days_before: int, agreed_on: date) -> date | None:
    """Return from which day on somebody is reminded of a payment; None where he is not.

    `days_before` 0 reminds of none. Whoever agreed so shortly before the payment needs no reminder of it.
    """
    day = due_on - timedelta(days=days_before)
    return day if days_before and day > agreed_on else None


def wanted_by(*, agreement_id: int, number: int) -> str:
    """Return the name of the reminder of a payment: one for its life."""
    return f"{PREFIX}{agreement_id}:{number}"
