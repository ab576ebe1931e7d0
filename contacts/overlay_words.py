"""What narrows the contact policy for somebody, in words: a local rule, and what a debtor prefers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.queries.terms import is_wish_readable
from contacts.rules import narrowing, reach, week_text
from contacts.rules.policy_json import WEEKDAYS
from contacts.rules.reading import MalformedError
from contacts.vocabulary import Channel

Windows = Mapping[str, Sequence[Sequence[str]]]  # weekday -> its windows, as they are kept

ANY_YEAR = 2000  # where it is asked only whether something can be read
#: What a rule says with yes, and with a number.
_FLAGS: Mapping[str, Promise] = {
    "close_public_holidays": gettext_lazy("Closed on public holidays"),
    "block_third_party": gettext_lazy("Never at somebody else's number"),
    "block_workplace": gettext_lazy("Never at a workplace"),
    "block_unverified": gettext_lazy("Only at confirmed numbers and addresses"),
    "message_first": gettext_lazy("A message before the first call"),
}
_FIGURES: Mapping[str, Promise] = {
    "per_day": gettext_lazy("At most, a day"),
    "per_7_days": gettext_lazy("At most, in 7 days"),
    "gap_minutes": gettext_lazy("Minutes apart, at least"),
    "conversation_cooldown_hours": gettext_lazy("Hours of rest after a conversation"),
}
#: Told by the two above, or in lines of their own.
_TOLD = frozenset({"windows", "channels", "caps", *_FLAGS, *_FIGURES})
#: Goes without saying beside what is told: hours and closed days of a rule are those of all it binds.
_BESIDE = {"windows": "hours_exempt_channels", "close_public_holidays": "dates_exempt_channels"}


def wishes(*, windows: Windows, unwanted: Sequence[str]) -> list[str]:
    """Return what a debtor would rather have, day by day and channel by channel, in words."""
    if not is_wish_readable(windows=windows, unwanted=unwanted, year=ANY_YEAR):
        return [_("It cannot be read, so nobody contacts the debtor: ask anew.")]
    return [*_hours(windows, closed=_("not at all")), *_not_by(unwanted)]


def local_rule(terms: Mapping[str, Any], *, channels: object) -> list[str]:
    """Return what the terms of a local rule narrow, a line each; what has no words here is owned up to.

    `channels` are those that it binds, as they are kept.
    """
    try:
        reach.channels_bound(channels, channels=Channel.values)
        narrowing.overlay_from_json(terms, year=ANY_YEAR)
    except MalformedError:
        return [_("It cannot be read: nobody whom it binds is contacted.")]
    said = {key: value for key, value in terms.items() if value is not None}
    lines = []
    if "windows" in said:
        week = {day: said["windows"].get(day) or [] for day in WEEKDAYS}
        lines += _hours(week, closed=_("no contact"))
    lines += [str(words) for flag, words in _FLAGS.items() if said.get(flag)]
    if "channels" in said:
        lines += _not_by([each for each in Channel.values if each not in said["channels"]])
    caps = said.get("caps") or {}
    figures = said | (caps.get("total") or {})
    lines += [f"{words}: {figures[key]}" for key, words in _FIGURES.items() if figures.get(key) is not None]
    beside = {_BESIDE[key] for key in _BESIDE if said.get(key)}
    if said.keys() - _TOLD - beside or caps.keys() - {"total"}:
        lines.append(_("and more, which only its JSON says"))
    return lines


def _hours(windows: Windows, *, closed: str) -> list[str]:
    """Return a line for the days that have the same hours; of those not named nothing is said."""
    days: dict[str, list[int]] = {}
    for number, day in enumerate(WEEKDAYS):
        if day in windows:
            days.setdefault(week_text.write_day(windows[day]) or closed, []).append(number)
    return [f"{_days(numbers)}: {hours}" for hours, numbers in days.items()]


def _days(numbers: Sequence[int]) -> str:
    names = [str(WEEKDAYS_ABBR[number]) for number in numbers]
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return ", ".join(names)


def _not_by(channels: Sequence[str]) -> list[str]:
    words = [str(Channel(each).label) for each in channels if each in Channel.values]
    return [_("not by: %(channels)s") % {"channels": ", ".join(words)}] if words else []
