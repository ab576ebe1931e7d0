"""The hours of the day in which a contact may start, by the debtor's own clock."""

from datetime import datetime

from contacts.rules import codes
from contacts.rules.calendar import local_clocks
from contacts.rules.facts import Facts, Objection, PolicyTerms

OUTSIDE_HOURS = (Objection(codes.OUTSIDE_HOURS),)


def outside_hours(facts: Facts, terms: PolicyTerms, now: datetime) -> tuple[Objection, ...]:
    """Object when some possible local clock shows a time outside that day's windows (R3).

    A window is open from its first moment on and closed at its last, unless the policy counts the
    last moment in. In a repeated hour both passes count alike: the wall clock decides.

    Source: outer envelope 08:30 to 21:00 of the collection practice guides; state laws narrow it
    (São Paulo Law 17.832/2023 art. 51, Rio de Janeiro Law 6.854/2014 art. 3).
    """
    if facts.channel in terms.hours_exempt_channels:
        return ()
    for clock in local_clocks(facts, terms, now) or ():
        if not is_open(clock, terms=terms):
            return OUTSIDE_HOURS
    return ()


def is_open(clock: datetime, *, terms: PolicyTerms) -> bool:
    """Return whether the wall time of `clock` lies in a window of its weekday."""
    minute = clock.hour * 60 + clock.minute
    for window in terms.windows[clock.weekday()]:
        if window.start_minute <= minute < window.end_minute:
            return True
        if terms.window_end_inclusive and minute == window.end_minute and _is_whole_minute(clock):
            return True
    return False


def _is_whole_minute(clock: datetime) -> bool:
    return clock.second == 0 and clock.microsecond == 0
