"""Local rules, preferences and do-not-call lists, through the services that write them."""

import itertools
from datetime import date, datetime
from typing import Any

from contacts.models import BlockList, Overlay
from contacts.services import block_lists, overlays
from contacts.vocabulary import Certainty, Channel, OverlayLevel
from debtors.models import Creditor, Segment

_numbers = itertools.count(1)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LAW = {
    "law": "Lei 1/2026",
    "source": "DOE",
    "certainty": Certainty.READ,
    "reviewed_on": date(2026, 11, 21),
    "review_by": date(2027, 5, 21),
}


def daily(start: str, end: str) -> dict[str, list[list[str]]]:
    """Return the same window for each day of the week."""
    return {day: [[start, end]] for day in WEEK}


def make_overlay(
    *,
    now: datetime,
    state: str = "",
    city: str = "",
    creditor: Creditor | None = None,
    segment: Segment | None = None,
    channels: tuple[Channel, ...] = (),
    is_law: bool = False,
    is_on: bool = True,
    **terms: Any,
) -> Overlay:
    """Return a local rule of the place, creditor or segment given; `terms` are what it says."""
    level = (
        (creditor and OverlayLevel.CREDITOR)
        or (segment and OverlayLevel.SEGMENT)
        or (city and OverlayLevel.CITY)
        or OverlayLevel.STATE
    )
    rule = Overlay(
        name=f"Regra {next(_numbers)}",
        level=level,
        creditor=creditor,
        state=state,
        city=city,
        segment=segment,
        channels=[channel.value for channel in channels],
        terms=terms,
        is_on=is_on,
        **(LAW if is_law else {}),
    )
    return overlays.keep(rule, by=None, now=now)


def make_block_list(*numbers: str, now: datetime, channels: tuple[Channel, ...] = ()) -> BlockList:
    """Return a do-not-call list that holds the numbers."""
    register = BlockList(
        name=f"Não Me Ligue {next(_numbers)}", channels=[channel.value for channel in channels]
    )
    content = "\n".join(numbers).encode()
    block_lists.take_in(register, content=content, file_name="lista.txt", by=None, now=now)
    return register
