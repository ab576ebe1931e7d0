"""How often is enough: caps a day and a week, gaps between contacts, rest after a conversation."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from contacts.rules import codes
from contacts.rules.calendar import local_clocks
from contacts.rules.facts import Cap, ContactFacts, Facts, Objection, PolicyTerms

WEEK = timedelta(hours=168)
# Same local date means less than a day apart by the wall, and offsets differ by less than two
# days: what is older than this cannot be today's, or this week's, in any zone.
OLDEST_OF_TODAY = timedelta(days=3)
OLDEST_OF_SEVEN_DATES = timedelta(days=9)

Moments = Sequence[datetime]

CONVERSATION_COOLDOWN = (Objection(codes.CONVERSATION_COOLDOWN),)
CAP_DAY = {
    "TOTAL": Objection(codes.CAP_DAY_TOTAL),
    "CHANNEL": Objection(codes.CAP_DAY_CHANNEL),
    "POINT": Objection(codes.CAP_DAY_POINT),
}
CAP_7D = {
    "TOTAL": Objection(codes.CAP_7D_TOTAL),
    "CHANNEL": Objection(codes.CAP_7D_CHANNEL),
    "POINT": Objection(codes.CAP_7D_POINT),
}
GAP = {
    "TOTAL": Objection(codes.GAP_TOTAL),
    "CHANNEL": Objection(codes.GAP_CHANNEL),
    "POINT": Objection(codes.GAP_POINT),
}


def resting_after_conversation(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object for some hours after a conversation, by whatever channel it was (R13)."""
    if terms.conversation_cooldown_hours is None:
        return ()
    talks = [contact.at for contact in facts.contacts if contact.outcome == "conversation"]
    if not talks:
        return ()
    rest = timedelta(hours=terms.conversation_cooldown_hours)
    return CONVERSATION_COOLDOWN if any(at <= now and now - at < rest for at in talks) else ()


def too_often(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object when a cap is reached or a gap still runs, for all channels and for this one (R14).

    Contacts are counted for the person, whichever debt or creditor they were for; those dated after
    `now` are not. A contact exactly as long ago as the gap, or 168 hours, no longer counts.
    """
    total_cap, own_cap = terms.total_cap, terms.channel_caps.get(facts.channel)
    if total_cap is None and own_cap is None:
        return ()
    counted = _counted(facts.contacts, terms, now)
    clocks = local_clocks(facts, terms, now) or ()
    objections: tuple[Objection, ...] = ()
    if total_cap is not None:
        moments = [contact.at for contact in counted]
        objections = _objections("TOTAL", total_cap, moments, clocks=clocks, terms=terms, now=now)
    if own_cap is not None:
        moments = [contact.at for contact in counted if contact.channel == facts.channel]
        objections += _objections("CHANNEL", own_cap, moments, clocks=clocks, terms=terms, now=now)
    return objections


def too_often_at_the_point(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object when the number itself has been used enough, over every debtor who shares it and all channels.

    A family's telephone rings for all of them: two debtors behind one number share its caps. Another
    number of the same person may still be tried.
    """
    if terms.point_cap is None:
        return ()
    moments = [contact.at for contact in _counted(facts.point.contacts, terms, now)]
    clocks = local_clocks(facts, terms, now) or ()
    return _objections("POINT", terms.point_cap, moments, clocks=clocks, terms=terms, now=now)


def _counted(contacts: Sequence[ContactFacts], terms: PolicyTerms, now: datetime) -> list[ContactFacts]:
    """Return the contacts that the caps count: by how they ended, and not later than `now`."""
    outcomes = terms.counted_outcomes
    return [one for one in contacts if one.outcome in outcomes and one.at <= now]


def _objections(
    scope: str, cap: Cap, moments: Moments, *, clocks: Moments, terms: PolicyTerms, now: datetime
) -> tuple[Objection, ...]:
    """Return what one cap objects, given the moments of the contacts it looks at."""
    found: tuple[Objection, ...] = ()
    of_a_day, of_a_week, at_all = cap.per_day, cap.per_7_days, len(moments)
    if of_a_day is not None and at_all >= of_a_day and _has_day_with(of_a_day, moments, clocks, now):
        found = (CAP_DAY[scope],)
    if (
        of_a_week is not None
        and at_all >= of_a_week
        and _has_week_with(of_a_week, moments, clocks, terms, now)
    ):
        found += (CAP_7D[scope],)
    if cap.gap_minutes is not None and at_all and now - max(moments) < _minutes(cap.gap_minutes):
        found += (GAP[scope],)
    return found


def _has_day_with(limit: int, moments: Moments, clocks: Moments, now: datetime) -> bool:
    """Return whether today holds `limit` contacts or more on some clock."""
    oldest = now - OLDEST_OF_TODAY
    near = [at for at in moments if at > oldest]
    return len(near) >= limit and any(_count(near, clock, days=1) >= limit for clock in clocks)


def _has_week_with(limit: int, moments: Moments, clocks: Moments, terms: PolicyTerms, now: datetime) -> bool:
    """Return whether the last 168 hours, or seven dates on some clock, hold `limit` contacts or more."""
    if terms.week_mode != "local_dates":
        a_week_ago = now - WEEK
        if len([at for at in moments if at > a_week_ago]) >= limit:
            return True
    if terms.week_mode == "rolling":
        return False
    oldest = now - OLDEST_OF_SEVEN_DATES
    near = [at for at in moments if at > oldest]
    return any(_count(near, clock, days=7) >= limit for clock in clocks)


@lru_cache(maxsize=256)
def _minutes(gap_minutes: float) -> timedelta:
    return timedelta(minutes=gap_minutes)


def _count(moments: Moments, clock: datetime, *, days: int) -> int:
    """Return how many moments fall, in the zone of `clock`, on its date or the dates just before."""
    today = clock.toordinal()
    ordinals = [moment.astimezone(clock.tzinfo).toordinal() for moment in moments]
    return len([ordinal for ordinal in ordinals if today - days < ordinal <= today])
