"""The gate's rules of which the JSON interface knows nothing: literally, under what the house says of them.

They are judged where the house's own rows are told: in a line that a stored contact was written as.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from .literal_rules import RULES, Rule
from .reading import Case, load_zone, local_clocks, read_date, read_instant

ASKING = ["collection", "reminder", "agreed"]


def is_asking(case: Case) -> bool:
    """thanks, answers, services and tests ask for nothing"""
    return (case.get("purpose") or "collection") in ASKING


def nothing_owed(case: Case, t: datetime) -> Iterator[str]:
    """nothing open is owed; judged for what asks only"""
    if is_asking(case) and not case.get("something_is_owed", True):
        yield "NOTHING_OWED"


def statute_barred(case: Case, t: datetime) -> Iterator[str]:
    """every open debt is prescribed; judged for what asks only"""
    if is_asking(case) and case.get("is_statute_barred", False):
        yield "STATUTE_BARRED"


def ledger_in_doubt(case: Case, t: datetime) -> Iterator[str]:
    """a ledger in doubt blocks, whatever the purpose"""
    if case.get("is_ledger_in_doubt", False):
        yield "LEDGER_IN_DOUBT"


def money_in_transit(case: Case, t: datetime) -> Iterator[str]:
    """a boleto or Pix that was issued may still arrive today, in some zone; judged for what asks only"""
    until = case.get("money_in_transit_until")
    if until is None or not is_asking(case):
        return
    for local in local_clocks(case, t) or [t.astimezone(load_zone("UTC"))]:
        if local.date() <= read_date(until):
            yield "MONEY_IN_TRANSIT"


def block_list(case: Case, t: datetime) -> Iterator[str]:
    """the number is on an imported do-not-call list"""
    if case["point"].get("is_block_listed", False):
        yield "BLOCK_LIST"


def message_first(case: Case, t: datetime) -> Iterator[str]:
    """a call before any indirect message was tried, where the policy asks for one"""
    is_asked_for = case["policy"].get("message_first", False)
    if is_asked_for and case["channel"] == "voice" and not case.get("was_messaged", True):
        yield "MESSAGE_FIRST"


def whatsapp_window(case: Case, t: datetime) -> Iterator[str]:
    """free text on WhatsApp, unless the debtor wrote less than 24 hours ago"""
    if case["channel"] != "whatsapp" or not case.get("is_free_text", False):
        return
    wrote_at = case.get("wrote_at")
    if wrote_at is None or not timedelta(0) <= t - read_instant(wrote_at) < timedelta(hours=24):
        yield "WHATSAPP_WINDOW"


WITH_THE_HOUSE: dict[str, Rule] = RULES | {
    rule.__name__: rule
    for rule in (
        nothing_owed,
        statute_barred,
        ledger_in_doubt,
        money_in_transit,
        block_list,
        message_first,
        whatsapp_window,
    )
}
