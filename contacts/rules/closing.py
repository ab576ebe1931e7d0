"""Until when a contact that is allowed now stays within its window: what a provider may not outlive."""

from datetime import UTC, datetime, time, timedelta

from contacts.rules.calendar import local_clocks
from contacts.rules.facts import Facts, PolicyTerms
from contacts.rules.loosening import merged

#: Nothing is started so shortly before a window closes: the provider needs time to hand it over. How
#: long WhatsApp keeps a message to which a validity was given is not known for sure.
MARGIN = timedelta(seconds=30)
MARGINS = {"whatsapp": timedelta(minutes=10)}


def margin(channel: str) -> timedelta:
    """Return how long before a window closes the last message of a channel may be started."""
    return MARGINS.get(channel, MARGIN)


def closes_at(*, facts: Facts, terms: PolicyTerms, now: datetime) -> datetime:
    """Return the first moment after `now` at which a window closes in any zone where the debtor may be.

    For a channel exempt from hours that is the end of the local day. Outside every window, at the
    last moment of one, and of an unknown zone nothing can be promised: `now`, to the minute.
    """
    clocks = local_clocks(facts, terms, now) or ()
    return min((_end_of_window(clock, facts, terms) for clock in clocks), default=now)


def _end_of_window(clock: datetime, facts: Facts, terms: PolicyTerms) -> datetime:
    minute = clock.hour * 60 + clock.minute
    ends = [
        window.end_minute
        for window in merged(terms.windows[clock.weekday()])
        if window.start_minute <= minute < window.end_minute
    ]
    if facts.channel in terms.hours_exempt_channels:
        ends = [24 * 60]
    midnight = datetime.combine(clock.date(), time(), tzinfo=clock.tzinfo)
    end = midnight + timedelta(minutes=max(ends, default=minute))
    return end.replace(fold=clock.fold).astimezone(UTC)  # an hour that comes twice ends twice
