"""What an agent types about a call: what was answered, what it came to, the promise or callback with it."""

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from debtors.forms import AmountField, DayField
from debtors.models import User
from debtors.vocabulary import FactKind, FactValue
from dunning.models import OutcomeWord, QueueWeights
from dunning.rules.outcomes import FOLLOWS
from dunning.rules.priority import Weights
from dunning.vocabulary import Department, Disposition

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm

#: In the order in which an agent looks for them: what ends a call well, what ends it early, what stops us.
IN_ORDER = (
    Disposition.PROMISE,
    Disposition.SPOKE,
    Disposition.CALLBACK,
    Disposition.ALREADY_PAID,
    Disposition.NO_ANSWER,
    Disposition.BUSY,
    Disposition.VOICEMAIL,
    Disposition.THIRD_PARTY,
    Disposition.WRONG_PERSON,
    Disposition.DISPUTE,
    Disposition.OPT_OUT,
    Disposition.DECEASED,
)
KEYS: Mapping[str, str] = dict(
    zip(
        (each.value for each in IN_ORDER),
        ["p", "s", "c", "g", "n", "b", "v", "t", "w", "d", "o", "x"],
        strict=True,
    )
)

#: For what the house added itself, in its order; the digits before them tick what confirms a person.
OWN_KEYS = "67890"


class KeyedRadios(forms.RadioSelect):
    """Radio buttons that each have a key, for agents with two hundred calls a day."""

    keys: Mapping[str, str] = KEYS

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Tell the template the key of a choice."""
        return {**super().create_option(name, value, *args, **kwargs), "key": self.keys.get(value)}


def dispositions() -> list[tuple[str, Disposition, str, OutcomeWord | None]]:
    """Return what a call may come to: value, meaning, name and row, as the manager ordered and named them.

    Where nobody keeps a list yet, the fixed meanings stand for themselves.
    """
    rows = list(OutcomeWord.objects.filter(is_active=True))
    if not rows:
        return [(each.value, each, str(capfirst(each.label)), None) for each in IN_ORDER]
    return [
        (f"{row.meaning}:{row.pk}" if row.is_own else row.meaning, Disposition(row.meaning), str(row), row)
        for row in rows
    ]


class OutcomeForm(forms.Form):
    """One outcome. Promise and callback are asked for only where the disposition needs them."""

    fence = forms.IntegerField(widget=forms.HiddenInput)
    disposition = forms.ChoiceField(
        label=_("What did it come to?"),
        widget=KeyedRadios,
        error_messages={
            "required": _("Say what it came to."),
            "invalid_choice": _("Confirm the person first, by two data items."),
        },
    )
    promise_amount = AmountField(label=_("Amount promised"), required=False)
    promise_day = DayField(label=_("For which day"), required=False)
    callback_day = DayField(label=_("Day"), required=False)
    callback_time = forms.TimeField(
        label=_("Time"),
        required=False,
        input_formats=["%H:%M", "%Hh%M", "%Hh"],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "14:30", "autocomplete": "off"}),
        help_text=_("By the office's clock."),
        error_messages={"invalid": _("This is not a time: write 14:30.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "data-key": "y",
                "hx-trigger": "input changed delay:800ms",
                "hx-target": "#note-saved",
                "hx-swap": "outerHTML",
                "hx-sync": "this:replace",
                "hx-include": "closest form",
            }
        ),
        help_text=_("What the next colleague should know. Facts, in courteous words."),
    )

    def __init__(self, *args: Any, is_confirmed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [each for each in dispositions() if is_confirmed or not FOLLOWS[each[1]].needs_confirmation]
        field = cast(forms.ChoiceField, self.fields["disposition"])
        field.choices = [(value, name) for value, _meaning, name, _row in offered]
        own = [value for value, *_rest in offered if value not in KEYS]
        cast(KeyedRadios, field.widget).keys = {**KEYS, **dict(zip(own, OWN_KEYS, strict=False))}
        self.offered = {value: (meaning, row) for value, meaning, _name, row in offered}

    def clean(self) -> dict[str, Any]:
        """Ask for the promise or the callback where the disposition needs one."""
        data = super().clean() or {}
        follows = FOLLOWS[self.meaning] if data.get("disposition") else None
        if follows and follows.needs_promise:
            self._need("promise_amount", _("How much was promised?"))
            self._need("promise_day", _("For which day was it promised?"))
        if follows and follows.needs_callback:
            self._need("callback_day", _("On which day shall we call?"))
            self._need("callback_time", _("At what time shall we call?"))
        return data

    @property
    def meaning(self) -> Disposition:
        """What the chosen disposition means."""
        return self.offered[self.cleaned_data["disposition"]][0]

    @property
    def word(self) -> OutcomeWord | None:
        """What the house calls the chosen disposition; None where nobody keeps a list."""
        return self.offered[self.cleaned_data["disposition"]][1]

    @property
    def callback_at(self) -> datetime | None:
        """The moment agreed for the next call, by the office's clock."""
        day, clock = self.cleaned_data.get("callback_day"), self.cleaned_data.get("callback_time")
        if not (day and isinstance(clock, time)):
            return None
        return timezone.make_aware(datetime.combine(day, clock))

    def _need(self, name: str, question: Any) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, ValidationError(question, code="required"))


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A colleague, by the name that others call him."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the name of the colleague."""
        return str(obj.name)


class HandOverForm(forms.Form):
    """To whom a case goes, and what he must know."""

    to = ColleagueField(
        label=_("To whom?"),
        queryset=User.objects.none(),
        empty_label=_("choose a colleague"),
        error_messages={
            "required": _("Choose who takes it."),
            "invalid_choice": _("This colleague does not see this case."),
        },
    )
    handed_note = forms.CharField(
        label=_("What must he know?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why it goes to him, and what was said. Facts, in courteous words."),
        error_messages={"required": _("Write a line: nobody takes over blindly.")},
    )
    fence = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        if isinstance(to, ColleagueField):
            to.queryset = colleagues


class WeightsForm(ModelForm):
    """How many points each reason is worth."""

    class Meta:
        model = QueueWeights
        fields = [*(each.name for each in dataclass_fields(Weights)), "why"]
        widgets = {"why": forms.TextInput}


class DepartmentNoteForm(forms.Form):
    """What a department told, and whether we were at fault."""

    department = forms.ChoiceField(label=_("Which department?"), choices=Department, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What did it tell?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Facts: what was delivered, what was complained of, what was agreed."),
    )
    source = forms.CharField(label=_("Who told it?"), max_length=100, required=False)
    is_our_fault = forms.BooleanField(
        label=_("We were at fault"),
        required=False,
        help_text=_("All contact with the customer rests until a manager lifts it, and Sales is told."),
    )


class CustomerFactForm(forms.Form):
    """Whether somebody is a key customer, or how great the risk is, since when and by whose word."""

    fact = forms.ChoiceField(
        label=_("What is known?"),
        choices=[
            (f"{FactKind.KEY_CUSTOMER}-{FactValue.YES}", _("key customer")),
            (f"{FactKind.KEY_CUSTOMER}-{FactValue.NO}", _("no key customer")),
            (f"{FactKind.CREDIT_RISK}-{FactValue.LOW}", _("credit risk: low")),
            (f"{FactKind.CREDIT_RISK}-{FactValue.MEDIUM}", _("credit risk: medium")),
            (f"{FactKind.CREDIT_RISK}-{FactValue.HIGH}", _("credit risk: high")),
        ],
    )
    known_on = DayField(label=_("Since when?"))
    source = forms.CharField(label=_("By whose word?"), max_length=100)

    def clean_known_on(self) -> date:
        """Refuse a day that is still to come."""
        day: date = self.cleaned_data["known_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day is still to come."))
        return day
