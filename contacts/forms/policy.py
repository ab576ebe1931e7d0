"""The contact policy as a manager edits it: plain fields, read into the terms that the gate understands."""

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import dates
from contacts import reasons
from contacts.forms.closed_days import COMMEMORATIVE_DAY_WORDS, FEAST_WORDS, OPTIONAL_DAY_WORDS
from contacts.forms.figures import FigureField
from contacts.forms.hours import typed_windows
from contacts.forms.policy_sections import SECTIONS
from contacts.rules import exhaustion, hold_kinds, policy_json, week_text
from contacts.rules.reading import MalformedError, read_month_day
from contacts.vocabulary import Channel, HoldKind, Purpose

__all__ = ["FEAST_WORDS", "PolicyForm", "cap_field", "initial_from"]

DAYS = policy_json.WEEKDAYS
CAPS = ("total", *Channel.values, "point")
CAP_PARTS = ("per_day", "per_7_days", "gap_minutes")
FLAGS = (
    "block_birthday", "block_workplace", "block_third_party", "block_unverified", "never_leave_voicemail",
    "message_first", "require_birth_date", "promise_grace",
)  # fmt: skip
_CAP_WORDS: Mapping[str, Promise] = {
    "total": _("All channels"),
    "point": _("One number or address, for all who share it"),
}
_YEARLY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})")


class PolicyForm(forms.Form):
    """A draft of the policy, filled with its terms; `terms` are what it says, once it is clean."""

    note = forms.CharField(
        label=_("What changes, and why"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the history, and whoever approves reads it."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    channels = forms.MultipleChoiceField(
        label=_("Channels switched on"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    consent_required = forms.MultipleChoiceField(
        label=_("Only with the debtor's consent"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    close_public_holidays = forms.BooleanField(
        label=_("Closed on public holidays"),
        required=False,
        help_text=_("Those of the country, and of the state and city where the debtor lives."),
    )
    close_optional_days = forms.MultipleChoiceField(
        label=_("Closed on these optional days"),
        choices=list(OPTIONAL_DAY_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    close_feasts = forms.MultipleChoiceField(
        label=_("Closed on these commemorative days"),
        choices=list(COMMEMORATIVE_DAY_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    closed_dates = forms.CharField(
        label=_("Own closed dates"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: 25/01 for every year, 24/11/2026 for one day only."),
    )
    block_birthday = forms.BooleanField(label=_("Nobody is contacted on his birthday"), required=False)
    block_workplace = forms.BooleanField(label=_("Never at a workplace"), required=False)
    block_third_party = forms.BooleanField(label=_("Never at somebody else's number"), required=False)
    block_unverified = forms.BooleanField(label=_("Only at confirmed numbers and addresses"), required=False)
    never_leave_voicemail = forms.BooleanField(label=_("Never leave a message on a machine"), required=False)
    message_first = forms.BooleanField(label=_("A call only after a message was tried"), required=False)
    require_birth_date = forms.BooleanField(label=_("Nobody whose birth date is not known"), required=False)
    minor_age = FigureField(label=_("Nobody younger than (years)"), required=False, min_value=0)
    exhausted_after_tries = FigureField(
        label=_("Unanswered calls in a row after which a number is left in peace"),
        required=False,
        min_value=exhaustion.FEWEST,
        max_value=100,
        help_text=_("Empty: no number is given up by itself."),
    )
    holds_blocking = forms.MultipleChoiceField(
        label=_("Holds that stop contact"),
        choices=HoldKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    promise_grace = forms.BooleanField(label=_("Wait while a payment is promised"), required=False)
    promise_grace_days = FigureField(
        label=_("and this many days after the promised day"), required=False, min_value=0, max_value=60
    )
    promise_exempt_purposes = forms.MultipleChoiceField(
        label=_("What a promise does not hold back"),
        choices=Purpose.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    conversation_cooldown_hours = FigureField(
        label=_("Hours of rest after a conversation"), required=False, min_value=0, max_value=720
    )

    def __init__(self, *args: Any, base: dict[str, Any], **kwargs: Any) -> None:
        kwargs["initial"] = initial_from(base) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.base = base
        self.terms: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        """Read the fields into terms, and let the gate's own reader judge them."""
        cleaned = super().clean() or {}
        windows = {day: self._windows(day) for day in DAYS}
        self.terms = deepcopy(self.base) | {
            "channels": cleaned.get("channels", []),
            "windows": windows,
            "consent_required": cleaned.get("consent_required", []),
            "close_public_holidays": cleaned.get("close_public_holidays", False),
            "close_feasts": cleaned.get("close_optional_days", []) + cleaned.get("close_feasts", []),
            "minor_age": cleaned.get("minor_age"),
            "holds_blocking": cleaned.get("holds_blocking", []),
            "holds_known": HoldKind.values,  # of all of these it was asked
            "exhausted_after_tries": cleaned.get("exhausted_after_tries"),
            "promise_grace_days": cleaned.get("promise_grace_days") or 0,
            "promise_exempt_purposes": cleaned.get("promise_exempt_purposes", []),
            "conversation_cooldown_hours": cleaned.get("conversation_cooldown_hours"),
            "caps": _caps(cleaned),
        }
        self.terms |= {flag: cleaned.get(flag, False) for flag in FLAGS}
        self.terms |= self._closed_dates()
        if not self.errors:
            self._let_the_reader_judge()
        return cleaned

    def _windows(self, day: str) -> list[list[str]]:
        try:
            return typed_windows(self.cleaned_data.get(f"windows_{day}") or "")
        except MalformedError as error:
            self.add_error(f"windows_{day}", reasons.malformed(error))
            return []

    def _closed_dates(self) -> dict[str, list[str]]:
        single: list[str] = []
        yearly: list[str] = []
        for line in (self.cleaned_data.get("closed_dates") or "").splitlines():
            try:
                for text in line.replace(",", " ").split():
                    if match := _YEARLY.fullmatch(text):
                        month, day = read_month_day(f"{int(match[2]):02}-{int(match[1]):02}")
                        yearly.append(f"{month:02}-{day:02}")
                    else:
                        single.append(dates.parse(text).isoformat())
            except (dates.DateError, MalformedError):
                self.add_error(
                    "closed_dates", _("“%(line)s” is not a date: write 25/01 or 24/11/2026.") % {"line": line}
                )
        return {"holidays": single, "yearly_holidays": yearly}

    def sections(self) -> list[tuple[Promise, list[forms.BoundField]]]:
        """Return the headings with their fields, but for the week and the caps, which are tables."""
        return [(section.title, [self[name] for name in section.fields]) for section in SECTIONS]

    def days(self) -> list[forms.BoundField]:
        """Return the line of each weekday."""
        return [self[f"windows_{day}"] for day in DAYS]

    def caps(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the rows of caps: whose, and its figures."""
        return [(_whose(name), [self[cap_field(name, part)] for part in CAP_PARTS]) for name in CAPS]

    def _let_the_reader_judge(self) -> None:
        try:
            policy_json.policy_from_json(self.terms)
        except MalformedError as error:
            field = _field_of(error.path)
            self.add_error(field if field in self.fields else None, ValidationError(reasons.malformed(error)))


def _add_fields() -> None:
    """Give the form a line for each weekday and a row for each cap."""
    for number, day in enumerate(DAYS):
        PolicyForm.base_fields[f"windows_{day}"] = forms.CharField(
            label=WEEKDAYS[number],
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={"placeholder": _("no contact"), "autocomplete": "off"}),
        )
    labels = {"per_day": _("a day"), "per_7_days": _("in 7 days"), "gap_minutes": _("minutes apart")}
    for name in CAPS:
        for part in CAP_PARTS:
            PolicyForm.base_fields[cap_field(name, part)] = FigureField(
                label=format_lazy("{}: {}", _whose(name), labels[part]),
                required=False,
                min_value=0,
                max_value=10_000,
            )


def _whose(name: str) -> Any:
    return _CAP_WORDS.get(name) or Channel(name).label


def cap_field(name: str, part: str) -> str:
    """Return the form's name for one figure of one cap: `cap_sms_per_day`."""
    return f"cap_{name}_{part}"


def initial_from(terms: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the fields of the form hold for a version of the policy."""
    read = policy_json.policy_to_json(policy_json.policy_from_json(terms))
    initial = {key: read[key] for key in (*FLAGS, "minor_age", "promise_grace_days")}
    initial |= {"conversation_cooldown_hours": read["conversation_cooldown_hours"]}
    initial |= {key: read[key] for key in ("channels", "consent_required", "promise_exempt_purposes")}
    initial |= {"holds_blocking": sorted({*read["holds_blocking"], *hold_kinds.unheard_of(terms)})}
    initial |= {"exhausted_after_tries": exhaustion.tries_allowed(terms)}
    initial |= {f"windows_{day}": week_text.write_day(read["windows"][day]) for day in DAYS}
    initial |= {
        "close_public_holidays": bool(terms.get("close_public_holidays")),
        "close_optional_days": [name for name in terms.get("close_feasts", []) if name in OPTIONAL_DAY_WORDS],
        "close_feasts": [name for name in terms.get("close_feasts", []) if name in COMMEMORATIVE_DAY_WORDS],
        "closed_dates": "\n".join(
            [*map(_month_day, read["yearly_holidays"]), *map(_whole_date, read["holidays"])]
        ),
    }
    caps = read["caps"]
    for name in CAPS:
        cap = (caps.get(name) if name in _CAP_WORDS else caps["channels"].get(name)) or {}
        initial |= {cap_field(name, part): cap.get(part) for part in CAP_PARTS}
    return initial


def _caps(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    caps = {name: {part: cleaned.get(cap_field(name, part)) for part in CAP_PARTS} for name in CAPS}
    return {"total": caps.pop("total"), "point": caps.pop("point"), "channels": caps}


def _field_of(path: str) -> str:
    """Return the form field that a complaint of the reader is about: `windows.mon[0]` is `windows_mon`."""
    parts = re.split(r"[.\[]", path)
    if parts[0] == "windows" and len(parts) > 1:
        return f"windows_{parts[1]}"
    return "closed_dates" if parts[0] in ("holidays", "yearly_holidays") else parts[0]


def _month_day(text: str) -> str:
    month, _dash, day = text.partition("-")
    return f"{day}/{month}"


def _whole_date(text: str) -> str:
    return dates.format_br(date.fromisoformat(text))


_add_fields()
