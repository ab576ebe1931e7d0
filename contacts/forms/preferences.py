"""What a debtor would rather have: best times and channels not wanted, as an agent or manager types it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts import reasons
from contacts.models import Preference
from contacts.queries.terms import is_wish_readable
from contacts.rules import policy_json, week_text
from contacts.rules.reading import MalformedError
from contacts.vocabulary import Channel
from debtors.forms import DebtorField

if TYPE_CHECKING:
    PreferenceModelForm = forms.ModelForm[Preference]
else:
    PreferenceModelForm = forms.ModelForm

#: Field of the form -> the weekdays it is about.
DAYS: Mapping[str, tuple[str, ...]] = {
    "working_days": policy_json.WEEKDAYS[:5],
    "saturday": ("sat",),
    "sunday": ("sun",),
}


class PreferenceForm(PreferenceModelForm):
    """Best times and channels not wanted; of what is left empty the debtor has no wish."""

    working_days = forms.CharField(
        label=_("Best time from Monday to Friday"),
        required=False,
        max_length=100,
        help_text=_("As 18:00-20:00. Empty: any time. A dash (-): not on these days."),
        widget=forms.TextInput(attrs={"placeholder": _("any time"), "autocomplete": "off"}),
    )
    saturday = forms.CharField(
        label=_("On Saturdays"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("any time"), "autocomplete": "off"}),
    )
    sunday = forms.CharField(
        label=_("On Sundays"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("any time"), "autocomplete": "off"}),
    )
    unwanted_channels = forms.MultipleChoiceField(
        label=_("Channels that the debtor does not want"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Preference
        fields = ["source"]
        help_texts = {"source": _("Said on the phone, wrote to us by e-mail …")}

    def __init__(self, *args: Any, current: Preference | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = (initial_from(current) if current else {}) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.order_fields([*DAYS, "unwanted_channels", "source"])
        self.windows: dict[str, list[list[str]]] = {}

    def clean(self) -> dict[str, Any]:
        """Read the hours; a form without any wish is none."""
        cleaned = super().clean() or {}
        for name, days in DAYS.items():
            hours = self._hours(name)
            if hours is not None:
                self.windows |= dict.fromkeys(days, hours)
        if not self.errors and not self.windows and not cleaned.get("unwanted_channels"):
            self.add_error(None, _("What would the debtor rather have? Name a time or a channel."))
        return cleaned

    def wishes(self) -> dict[str, Any]:
        """Return windows, channels and source as `preferences.keep` takes them."""
        return {
            "windows": self.windows,
            "unwanted_channels": self.cleaned_data["unwanted_channels"],
            "source": self.cleaned_data["source"],
        }

    def _hours(self, name: str) -> list[list[str]] | None:
        """Return the hours typed for some days, none for never; None where nothing was typed."""
        text = self.cleaned_data.get(name) or ""
        if not text.strip():
            return None
        try:
            hours = week_text.read_day(text)
            policy_json.policy_from_json({"channels": [], "windows": {"mon": hours}})
        except MalformedError as error:
            self.add_error(name, ValidationError(reasons.malformed(error)))
            return None
        return hours


class PreferenceAdminForm(PreferenceForm):
    """The same, for a debtor named by CPF or CNPJ."""

    debtor = DebtorField()

    class Meta(PreferenceForm.Meta):
        fields = ["debtor", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["debtor"])


def initial_from(preference: Preference) -> dict[str, Any]:
    """Return what the fields of the form hold for a preference; for one that cannot be read, nothing."""
    kept = {"windows": preference.windows, "unwanted": preference.unwanted_channels}
    if not is_wish_readable(**kept, year=preference.active_from.year):
        return {}
    initial: dict[str, Any] = {
        name: week_text.write_day(preference.windows[days[0]]) or "-"
        for name, days in DAYS.items()
        if days[0] in preference.windows
    }
    return initial | {"unwanted_channels": preference.unwanted_channels}
