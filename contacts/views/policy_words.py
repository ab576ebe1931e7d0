"""The contact policy in plain words: what a version says, and in what two of them differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from collections_crm.lib import dates
from contacts.forms.policy import FEAST_WORDS, PolicyForm, cap_field
from contacts.rules import exhaustion, hold_kinds, loosening, policy_json, week_text
from contacts.rules.facts import Cap, PolicyTerms, Window
from contacts.rules.loosening import Change
from contacts.vocabulary import Channel, HoldKind, Outcome, Purpose

Bars = list[tuple[int, int]]  # (first minute, minutes)

#: A longer list is told by what is new in it and what is gone.
LONGEST_LIST = 6
TITLES: Mapping[str, Promise] = {
    "paused": gettext_lazy("The version itself pauses everything"),
    "window_end_inclusive": gettext_lazy("The last minute of a window counts"),
    "hours_exempt_channels": gettext_lazy("Channels without fixed hours"),
    "dates_exempt_channels": gettext_lazy("Channels without closed days"),
    "fallback_time_zones": gettext_lazy("Time zones where nothing is known of the debtor"),
    "close_feasts": gettext_lazy("Closed on optional and commemorative days"),
    "yearly_holidays": gettext_lazy("Own closed dates, every year"),
    "holidays": gettext_lazy("Own closed dates, once"),
    "feb29": gettext_lazy("Birthday of 29 February in other years"),
    "week_mode": gettext_lazy("How seven days are counted"),
    "counted_outcomes": gettext_lazy("What counts as a contact"),
    "unknown_answer_is_machine": gettext_lazy("Who answers is taken for a machine until a person is heard"),
    "message_first": gettext_lazy("A call only after a message was tried"),
    "promise_exempt_purposes": gettext_lazy("Not held back by a promise"),
}
CHOICES: Mapping[str, Promise] = {
    "both": gettext_lazy("both"),
    "feb28": gettext_lazy("28 February"),
    "mar1": gettext_lazy("1 March"),
    "rolling": gettext_lazy("the last 168 hours"),
    "local_dates": gettext_lazy("the last seven dates"),
}
OUTCOME_WORDS: Mapping[str, Promise] = {
    "reserved": gettext_lazy("about to leave"),
    "unknown": gettext_lazy("unclear whether it left"),
    "sent": gettext_lazy("sent"),
}
EFFECTS: Mapping[tuple[bool, bool], tuple[str, str, Promise]] = {  # (loosens, tightens) -> tone, icon, word
    (True, False): ("wait", "lock-open", gettext_lazy("allows more")),
    (False, True): ("ok", "lock", gettext_lazy("allows less")),
    (True, True): ("wait", "lock-open", gettext_lazy("allows something else")),
    (False, False): ("quiet", "minus", gettext_lazy("no effect")),
}


@dataclass(frozen=True)
class Day:
    """One weekday of the policy; `before` are the bars of the version it is compared with."""

    name: str
    hours: list[str]
    bars: Bars
    before: Bars = field(default_factory=list)
    is_changed: bool = False


@dataclass(frozen=True)
class Line:
    """One difference between two versions, in words."""

    title: str
    before: str
    after: str
    loosens: bool
    tone: str
    mark: str
    effect: str


def in_words(raw: Mapping[str, Any], *, base: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return what a page says of a version: its terms, and their lists as words.

    With `base` its week is drawn over the week of that version.
    """
    terms = policy_json.policy_from_json(raw)
    blocking = terms.holds_blocking | hold_kinds.unheard_of(raw)
    return {
        "terms": terms,
        "week": week(terms, base=policy_json.policy_from_json(base) if base else None),
        "caps": _caps(terms),
        "channels_on": [channel.label for channel in Channel if channel in terms.channels],
        "channels_off": [channel.label for channel in Channel if channel not in terms.channels],
        "consent": [channel.label for channel in Channel if channel in terms.consent_required],
        "holds": [kind.label for kind in HoldKind if kind in blocking],
        "not_held_back": [word.label for word in Purpose if word in terms.promise_exempt_purposes],
        "exhausted_after": exhaustion.tries_allowed(raw),
        "closes_public_holidays": bool(raw.get("close_public_holidays")),
        "feasts": [FEAST_WORDS.get(name, name) for name in raw.get("close_feasts", [])],
        "yearly": [_month_day(day) for day in sorted(terms.yearly_holidays)],
        "closed_dates": sorted(terms.holidays),
    }


def week(terms: PolicyTerms, *, base: PolicyTerms | None = None) -> list[Day]:
    """Return the days of a version, Monday first, drawn over those of another."""
    earlier = base.windows if base else terms.windows
    return [
        _day(number, windows, earlier=before)
        for number, (windows, before) in enumerate(zip(terms.windows, earlier, strict=True))
    ]


def lines(changes: Iterable[Change]) -> list[Line]:
    """Return differences in words: what it was, what it becomes, and whether that allows more or less."""
    return [_line(change) for change in changes]


def outside_envelope(raw: Mapping[str, Any]) -> list[str]:
    """Return the days, in words, on which some window reaches outside 08:30 to 21:00."""
    windows = policy_json.policy_to_json(policy_json.policy_from_json(raw))["windows"]
    return [
        str(WEEKDAYS[number])
        for number, day in enumerate(policy_json.WEEKDAYS)
        if week_text.is_outside_envelope(windows[day])
    ]


def _line(change: Change) -> Line:
    tone, mark, effect = EFFECTS[change.loosens, change.tightens]
    before, after = _before_and_after(change)
    return Line(_title(change.field), before, after, change.loosens, tone, mark, str(effect))


def _title(path: str) -> str:
    first, _dot, rest = path.partition(".")
    if first == "windows":
        return _capitalized(str(WEEKDAYS[policy_json.WEEKDAYS.index(rest)]))
    name = path
    if first == "caps":
        whose, _dot, part = rest.removeprefix("channels.").rpartition(".")
        name = cap_field(whose, part)
    own = PolicyForm.base_fields.get(name)
    return str(TITLES.get(name) or (own.label if own else path))


def _before_and_after(change: Change) -> tuple[str, str]:
    before, after = change.before, change.after
    if isinstance(before, frozenset) and max(len(before), len(after)) > LONGEST_LIST:
        return _count(before), _difference(change.field, before, after)
    return _value(change.field, before), _value(change.field, after)


def _count(values: frozenset[Any]) -> str:
    return ngettext("%(n)d in all", "%(n)d in all", len(values)) % {"n": len(values)}


def _difference(path: str, before: frozenset[Any], after: frozenset[Any]) -> str:
    said = []
    if gone := before - after:
        said.append(_("without: %(list)s") % {"list": _value(path, gone)})
    if new := after - before:
        said.append(_("also: %(list)s") % {"list": _value(path, new)})
    return "; ".join(said)


def _value(path: str, value: Any) -> str:
    """Return one value of a field in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return _("no limit") if path.startswith("caps.") else _("none")
    if isinstance(value, tuple):
        return ", ".join(_hours(value)) or _("no contact")
    if isinstance(value, frozenset):
        return ", ".join(_each(path, one) for one in sorted(value)) or _("none")
    if isinstance(value, str):
        return str(CHOICES.get(value, value))
    return f"{value:g}"


def _each(path: str, one: Any) -> str:
    if isinstance(one, date):
        return dates.format_br(one)
    return _month_day(one) if isinstance(one, tuple) else str(_words_of(path).get(one, one))


def _words_of(path: str) -> Mapping[str, Any]:
    """Return the words for the members of a field that is a list."""
    words: dict[str, Mapping[str, Any]] = {
        "holds_blocking": dict(HoldKind.choices),
        "close_feasts": FEAST_WORDS,
        "promise_exempt_purposes": dict(Purpose.choices),
        "counted_outcomes": dict(Outcome.choices) | dict(OUTCOME_WORDS),
    }
    return words.get(path, dict(Channel.choices))


def _day(number: int, windows: tuple[Window, ...], *, earlier: tuple[Window, ...]) -> Day:
    drawn, before = loosening.merged(windows), loosening.merged(earlier)
    return Day(
        name=_capitalized(str(WEEKDAYS[number])),
        hours=_hours(drawn),
        bars=_bars(drawn),
        before=_bars(before),
        is_changed=drawn != before,
    )


def _capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]


def _hours(windows: Iterable[Window]) -> list[str]:
    return [f"{_clock(window.start_minute)}–{_clock(window.end_minute)}" for window in windows]


def _bars(windows: Iterable[Window]) -> Bars:
    return [(window.start_minute, window.end_minute - window.start_minute) for window in windows]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _month_day(day: tuple[int, int]) -> str:
    return f"{day[1]:02}/{day[0]:02}"


def _caps(terms: PolicyTerms) -> list[tuple[str, Cap]]:
    rows = [(_("All channels together"), terms.total_cap)]
    rows += [(str(channel.label), terms.channel_caps.get(channel)) for channel in Channel]
    rows += [(_("One number or address, for all who share it"), terms.point_cap)]
    return [(name, cap or Cap()) for name, cap in rows]
