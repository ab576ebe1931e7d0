"""What is asked of the database about debtors: by their ids first, then by what that told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from contacts.queries import gathering, reads, whereabouts, wishes
from contacts.queries.terms import Rulebook, wishes_asked_for
from contacts.rules.memory import LOOK_BACK
from debtors.models import ContactPoint
from debtors.queries import accounts
from debtors.queries.compiled import Asking


def of_people(wanted: list[int], *, with_them: bool, now: datetime, without: int) -> dict[str, Asking]:
    """Return what is asked by the debtors' ids."""
    of_them: dict[str, Any] = {"debtors": wanted}
    asked: dict[str, Asking] = {
        "head": (reads.head, {}),
        "overlays": (reads.overlays, {}),
        "wishes": wishes_asked_for(wanted, now=now),
        "points": (reads.points, of_them),
        "holds": (reads.holds, of_them),
        "consents": (reads.consents, of_them),
        "promises": (reads.promises, of_them),
        "contacts": (reads.past_contacts, of_them | _lately(now, without)),
        "debts": (accounts.of_debtors, of_them),
    }
    return asked | ({"debtors": (reads.debtors, of_them)} if with_them else {})


def of_their_points(
    wanted: list[int], points: Mapping[int, Sequence[ContactPoint]], *, now: datetime, without: int
) -> dict[str, Asking]:
    """Return what is asked by the debtors' numbers and addresses."""
    all_of_them = [point for own in points.values() for point in own]
    places = {place for own in points.values() for place in whereabouts.places_of(own)}
    values: dict[str, Any] = {"values": gathering.shared_values(all_of_them)}
    return {
        "opt_outs": wishes.asked_for(wanted, points=points),
        "contacts_at": (reads.contacts_at, values | _lately(now, without)),
        "closed_days": (reads.own_closed_days, whereabouts.places_in_words(places)),
        "blocked": (reads.blocked_numbers, {"numbers": gathering.numbers(all_of_them)}),
    }


def of_rules(rules: Rulebook, wanted: list[int]) -> dict[str, Asking]:
    """Return what is asked because a rule wants to know it."""
    asked: dict[str, Asking] = {}
    if among := rules.segments_with_rules:
        asked["segments"] = (reads.segments, {"debtors": wanted, "among": among})
    if rules.asks_for_a_message_first:
        asked["messaged"] = (reads.messaged, {"debtors": wanted})
    return asked


def _lately(now: datetime, without: int) -> dict[str, Any]:
    return {"since": now - LOOK_BACK, "without": without}
