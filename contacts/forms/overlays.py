"""A local rule as a manager edits it: whom it binds, what it narrows, which law it stands on."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from contacts import reasons
from contacts.forms.figures import FigureField
from contacts.forms.hours import typed_windows
from contacts.models import Overlay
from contacts.rules import narrowing, policy_json, week_text
from contacts.rules.reading import MalformedError
from contacts.services import overlays
from contacts.vocabulary import Channel, OverlayLevel

if TYPE_CHECKING:
    OverlayModelForm = forms.ModelForm[Overlay]
else:
    OverlayModelForm = forms.ModelForm

DAYS = policy_json.WEEKDAYS
FLAGS = ("block_third_party", "block_workplace", "block_unverified", "message_first")
CAP_PARTS = ("per_day", "per_7_days", "gap_minutes")
#: Level -> the fields that say what it is about; those of other levels are emptied.
ABOUT: Mapping[str, tuple[str, ...]] = {
    OverlayLevel.CREDITOR: ("creditor",),
    OverlayLevel.STATE: ("state",),
    OverlayLevel.CITY: ("state", "city"),
    OverlayLevel.SEGMENT: ("segment",),
}
OF_A_LAW = ("source", "certainty", "reviewed_on", "review_by")


class OverlayForm(OverlayModelForm):
    """One local rule. What it does not say stays as the policy has it."""

    channels = forms.MultipleChoiceField(
        label=_("Binds these channels"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked: every channel."),
    )
    has_hours = forms.BooleanField(
        label=_("It sets hours"),
        required=False,
        help_text=_("As 08:00-20:00; an empty day is closed. They can only narrow the policy's own."),
    )
    close_public_holidays = forms.BooleanField(label=_("Closed on public holidays"), required=False)
    forbidden_channels = forms.MultipleChoiceField(
        label=_("Forbids these channels"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    per_day = FigureField(label=_("At most, a day"), required=False, min_value=0)
    per_7_days = FigureField(label=_("At most, in 7 days"), required=False, min_value=0)
    gap_minutes = FigureField(
        label=_("Minutes apart, at least"), required=False, min_value=0, max_value=10_000
    )
    conversation_cooldown_hours = FigureField(
        label=_("Hours of rest after a conversation"), required=False, min_value=0, max_value=720
    )
    block_third_party = forms.BooleanField(label=_("Never at somebody else's number"), required=False)
    block_workplace = forms.BooleanField(label=_("Never at a workplace"), required=False)
    block_unverified = forms.BooleanField(label=_("Only at confirmed numbers and addresses"), required=False)
    message_first = forms.BooleanField(label=_("A message before the first call"), required=False)
    reason = forms.CharField(
        label=_("Why it is changed or switched off"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where a law would bind less than before. Kept for good, with your name."),
    )

    class Meta:
        model = Overlay
        fields = ["name", "level", "creditor", "state", "city", "segment", "law", "summary", "source",
                  "certainty", "reviewed_on", "review_by", "is_on"]  # fmt: skip
        widgets = {
            "name": forms.TextInput(attrs={"size": 60}),
            "law": forms.TextInput(attrs={"size": 90}),
            "source": forms.TextInput(attrs={"size": 90}),
            "summary": forms.Textarea(attrs={"rows": 4, "cols": 90}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        kwargs["initial"] = initial_from(instance) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Keep only what the level is about, and ask of a law where it was read and when."""
        cleaned = super().clean() or {}
        wanted = ABOUT.get(cleaned.get("level", ""), ())
        for name in ("creditor", "state", "city", "segment"):
            if name not in wanted:
                if cleaned.get(name) and name in self.changed_data:
                    self.add_error(
                        name, _("The rule is not about this: leave it empty, or choose another kind.")
                    )
                cleaned[name] = None if name in ("creditor", "segment") else ""
            elif not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Which one is it about?"))
        if not cleaned.get("has_hours") and any(
            f"windows_{day}" in self.changed_data and cleaned.get(f"windows_{day}") for day in DAYS
        ):
            self.add_error("has_hours", _("Hours were written below: tick this, or empty them."))
        if cleaned.get("law"):
            for name in OF_A_LAW:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A law is named with its source and its review."))
        return cleaned

    def _post_clean(self) -> None:
        """Give the row its channels and terms, let the gate's reader judge them, and ask for a reason."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        self.instance.channels = self.cleaned_data["channels"]
        self.instance.terms = self._terms()
        if self.errors:
            return
        try:
            narrowing.overlay_from_json(
                self.instance.terms, year=timezone.localdate().year, state=self.instance.state
            )
        except MalformedError as error:
            field = _field_of(error.path)
            self.add_error(field if field in self.fields else None, ValidationError(reasons.malformed(error)))
        if overlays.needs_reason(self.instance) and not self.cleaned_data["reason"].strip():
            self.add_error("reason", _("Write why: by this change a law binds less than before."))

    def _terms(self) -> dict[str, Any]:
        """Return what is said, keys that have no field of their own as they were."""
        cleaned = self.cleaned_data
        terms = {key: value for key, value in self.instance.terms.items() if key not in _OURS}
        if cleaned["has_hours"]:
            terms["windows"] = {day: self._windows(day) for day in DAYS}
            terms["hours_exempt_channels"] = []
        if cleaned["close_public_holidays"]:
            terms |= {"close_public_holidays": True, "dates_exempt_channels": []}
        if cleaned["forbidden_channels"]:
            terms["channels"] = sorted(set(Channel.values) - set(cleaned["forbidden_channels"]))
        caps = {part: cleaned[part] for part in CAP_PARTS if cleaned[part] is not None}
        others = {
            key: value for key, value in (self.instance.terms.get("caps") or {}).items() if key != "total"
        }
        if caps or others:
            terms["caps"] = others | ({"total": caps} if caps else {})
        if cleaned["conversation_cooldown_hours"] is not None:
            terms["conversation_cooldown_hours"] = cleaned["conversation_cooldown_hours"]
        return terms | {flag: True for flag in FLAGS if cleaned[flag]}

    def _windows(self, day: str) -> list[list[str]]:
        try:
            return typed_windows(self.cleaned_data.get(f"windows_{day}") or "")
        except MalformedError as error:
            self.add_error(f"windows_{day}", reasons.malformed(error))
            return []


#: Keys of the terms that the form has fields for.
_OURS = frozenset(
    {"windows", "hours_exempt_channels", "close_public_holidays", "dates_exempt_channels", "channels", "caps",
     "conversation_cooldown_hours", *FLAGS}
)  # fmt: skip


def initial_from(rule: Overlay | None) -> dict[str, Any]:
    """Return what the fields of the form hold for a rule, or for one that is still to be written."""
    if rule is None:
        return {}
    terms = rule.terms
    initial = {
        key: terms.get(key) for key in ("conversation_cooldown_hours", "close_public_holidays", *FLAGS)
    }
    initial |= {part: ((terms.get("caps") or {}).get("total") or {}).get(part) for part in CAP_PARTS}
    windows = terms.get("windows") or {}
    initial |= {f"windows_{day}": week_text.write_day(windows.get(day) or []) for day in DAYS}
    allowed = terms.get("channels")
    forbidden = [] if allowed is None else [each for each in Channel.values if each not in allowed]
    return initial | {
        "channels": rule.channels if isinstance(rule.channels, list) else [],
        "has_hours": bool(terms.get("windows")),
        "forbidden_channels": forbidden,
    }


def _field_of(path: str) -> str:
    """Return the field that a complaint of the reader is about: `windows.mon[0]` is `windows_mon`."""
    parts = re.split(r"[.\[]", path)
    if parts[0] in ("windows", "caps") and len(parts) > 1:
        return f"windows_{parts[1]}" if parts[0] == "windows" else parts[-1]
    return parts[0]


def _add_days() -> None:
    """Give the form a line for each weekday."""
    for number, day in enumerate(DAYS):
        field = forms.CharField(
            label=WEEKDAYS[number],
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={"class": "vTextField"}),
        )
        for fields in (OverlayForm.declared_fields, OverlayForm.base_fields):  # the admin makes subclasses
            fields[f"windows_{day}"] = field


_add_days()
