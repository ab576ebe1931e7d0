"""Where house, debt, debtor, point and call stand: switches, holds, promises, kinds of number, voicemail."""

from datetime import datetime

from contacts.rules import codes
from contacts.rules.calendar import local_clocks
from contacts.rules.consent import is_active
from contacts.rules.facts import Facts, Objection, PolicyTerms

#: Purposes that ask for money; thanks, answers and services do not.
ASKING = frozenset({"collection", "reminder", "agreed"})

PAUSED = (Objection(codes.PAUSED),)
CHANNEL_DISABLED = (Objection(codes.CHANNEL_DISABLED),)
LEDGER_IN_DOUBT = (Objection(codes.LEDGER_IN_DOUBT),)
NOTHING_OWED = (Objection(codes.NOTHING_OWED),)
STATUTE_BARRED = (Objection(codes.STATUTE_BARRED),)
TERMS_UNREADABLE = (Objection(codes.TERMS_UNREADABLE),)
MESSAGE_FIRST = (Objection(codes.MESSAGE_FIRST),)
PROMISE_GRACE = (Objection(codes.PROMISE_GRACE),)
MONEY_IN_TRANSIT = (Objection(codes.MONEY_IN_TRANSIT),)
VOICEMAIL = (Objection(codes.VOICEMAIL),)

BLOCK_LIST = Objection(codes.BLOCK_LIST)
POINT_INVALID = Objection(codes.POINT_INVALID)
POINT_UNVERIFIED = Objection(codes.POINT_UNVERIFIED)
POINT_WORKPLACE = Objection(codes.POINT_WORKPLACE)
POINT_THIRD_PARTY = Objection(codes.POINT_THIRD_PARTY)
POINT_WRONG_CHANNEL = Objection(codes.POINT_WRONG_CHANNEL)


def paused(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to everything while the kill switch is on (R0)."""
    return PAUSED if terms.paused else ()


def unreadable(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to everything where something that binds here could not be read: it may be what forbids."""
    return TERMS_UNREADABLE if terms.is_unreadable else ()


def channel_off(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to a channel that the policy does not switch on (R1)."""
    return () if facts.channel in terms.channels else CHANNEL_DISABLED


def ledger_in_doubt(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object while the debtor's ledger is in doubt: an amount we cannot vouch for is not asked for."""
    return LEDGER_IN_DOUBT if facts.is_ledger_in_doubt else ()


def nothing_owed(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to collecting, or reminding, where nothing is owed. Thanks and answers may still go."""
    if facts.something_is_owed or facts.purpose not in ASKING:
        return ()
    return NOTHING_OWED


def statute_barred(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to asking for debts all of which are prescribed; a debt whose day is not known is not.

    Source: Superior Court of Justice, REsp 2.088.100/SP (2023) and 2.104.168 (2024): a prescribed debt
    is collected neither in nor out of court. A binding ruling (Tema 1.264) is still to come.
    """
    return STATUTE_BARRED if facts.is_statute_barred and facts.purpose in ASKING else ()


def message_first(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to calling somebody to whom no message was sent yet, where the policy asks for one first.

    Source: collection practice guides, indirect means first.
    """
    is_a_first_call = facts.channel == "voice" and not facts.was_messaged
    return MESSAGE_FIRST if terms.message_first and is_a_first_call else ()


def point_unfit(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to a number or address that is wrong, not his own, not for this channel, or block-listed (R8).

    Source: Consumer Code (Law 8.078/1990) art. 42, no exposure to ridicule, and art. 71, no
    interference with work: employers and third parties must not learn of the debt. Block lists:
    São Paulo Law 17.832/2023 arts. 127 to 129, Pará Law 9.263/2021.
    """
    point = facts.point
    found = []
    if point.status == "invalid":
        found.append(POINT_INVALID)
    if terms.block_unverified and point.status == "unverified":
        found.append(POINT_UNVERIFIED)
    if terms.block_workplace and point.kind == "workplace":
        found.append(POINT_WORKPLACE)
    if terms.block_third_party and point.kind == "third_party":
        found.append(POINT_THIRD_PARTY)
    if facts.channel not in point.channels:
        found.append(POINT_WRONG_CHANNEL)
    if point.is_block_listed:
        found.append(BLOCK_LIST)
    return tuple(found)


def held(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object while a hold of a blocking kind is active; the code names the kind (R11)."""
    if not facts.holds:
        return ()
    kinds = {
        hold.kind for hold in facts.holds if hold.kind in terms.holds_blocking and is_active(hold, now=now)
    }
    return tuple([Objection(codes.HOLD_PREFIX + kind.upper()) for kind in kinds])


def promise_pending(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object until the promised day and its days of grace have passed in every possible zone (R12).

    The earliest open promise alone counts: once it is overdue the grace is over, whatever was
    promised for later.
    """
    if not terms.promise_grace or facts.purpose in terms.promise_exempt_purposes:
        return ()
    open_ones = [promise for promise in facts.promises if promise.status == "open"]
    days = [promise.due_on for promise in open_ones if promise.made_at <= now]
    if not days:
        return ()
    due_on = min(days)
    for clock in local_clocks(facts, terms, now) or ():
        if (clock.date() - due_on).days <= terms.promise_grace_days:
            return PROMISE_GRACE
    return ()


def money_in_transit(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to asking while money may be on its way: until the last day in every possible zone."""
    until = facts.money_in_transit_until
    if until is None or facts.purpose not in ASKING:
        return ()
    clocks = local_clocks(facts, terms, now) or (now,)
    return MONEY_IN_TRANSIT if any(clock.date() <= until for clock in clocks) else ()


def voicemail(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object to speaking into a machine, or into what may be one: others may listen to it (R15)."""
    if facts.action != "speak" or facts.channel != "voice" or not terms.never_leave_voicemail:
        return ()
    if facts.answered_by == "human":
        return ()
    return VOICEMAIL if facts.answered_by == "machine" or terms.unknown_answer_is_machine else ()
