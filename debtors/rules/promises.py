"""What became of a promise to pay, from the day, the grace and the money that came."""

from datetime import date, timedelta

GRACE_DAYS = 1
LONGEST_DAYS_AHEAD = 60

KEPT, PARTLY_KEPT, BROKEN, OPEN = "kept", "partly_kept", "broken", "open"


def verdict(*, amount_cents: int, paid_cents: int, promised_on: date, today: date) -> str:
    """Return what a promise has come to by `today`: open, kept, partly_kept or broken.

    Enough money keeps it at once. Until the promised day and one day of grace are over it
    stays open; afterwards it is partly kept when something came, broken when nothing did.
    """
    if paid_cents >= amount_cents:
        return KEPT
    if today <= promised_on + timedelta(days=GRACE_DAYS):
        return OPEN
    return PARTLY_KEPT if paid_cents > 0 else BROKEN


def refusal(*, amount_cents: int, promised_on: date, owed_cents: int, today: date) -> str:
    """Return why a promise cannot be taken ("past", "too_far", "nothing", "too_much"), or "".

    A promise reaches at most sixty days ahead, and never promises more than is owed.
    """
    if promised_on < today:
        return "past"
    if promised_on > today + timedelta(days=LONGEST_DAYS_AHEAD):
        return "too_far"
    if amount_cents <= 0:
        return "nothing"
    return "too_much" if amount_cents > owed_cents else ""
