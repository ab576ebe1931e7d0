"""Holds, opt-outs and consents as an agent or manager types them, and how they end."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import phones
from contacts.models import Consent, Hold, OptOut, Preference, Refusal
from contacts.vocabulary import Channel, HoldKind, OptOutScope
from debtors.forms import DayField
from debtors.models import ContactPoint, Debtor
from debtors.vocabulary import Medium


class HoldForm(forms.Form):
    """Why contact should rest, and until when."""

    kind = forms.ChoiceField(label=_("Why contact should rest"), choices=HoldKind.choices)
    reason = forms.CharField(
        label=_("What the debtor said"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    until = DayField(
        label=_("Contact may go on from"),
        required=False,
        help_text=_("Leave it empty where somebody must decide first."),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_until(self) -> datetime | None:
        """Return the moment at which the day begins in the office."""
        day: date | None = self.cleaned_data["until"]
        if day is None:
            return None
        if day <= self.on:
            raise ValidationError(_("This day must be after today."))
        return timezone.make_aware(datetime.combine(day, time()))


class OptOutForm(forms.Form):
    """What the debtor does not want any more, and how we know."""

    reach = forms.ChoiceField(label=_("The debtor does not want"))
    source = forms.CharField(
        label=_("How we know"), max_length=200, help_text=_("Said on the phone, wrote to us by e-mail …")
    )

    def __init__(self, *args: Any, debtor: Debtor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = {str(point.pk): point for point in debtor.points.all()}
        choices: list[tuple[str, Any]] = [(OptOutScope.GLOBAL.value, _("any contact"))]
        choices += [(f"channel:{channel.value}", channel.label) for channel in Channel]
        choices += [(f"point:{pk}", _name(point)) for pk, point in self.points.items()]
        reach = self.fields["reach"]
        if isinstance(reach, forms.ChoiceField):
            reach.choices = choices

    def wish(self) -> dict[str, Any]:
        """Return scope, channel and point as `consent.opt_out` takes them."""
        scope, _colon, what = self.cleaned_data["reach"].partition(":")
        return {
            "scope": OptOutScope(scope),
            "channel": what if scope == OptOutScope.CHANNEL else "",
            "point": self.points[what] if scope == OptOutScope.POINT else None,
        }


class ConsentForm(forms.Form):
    """What the debtor allows, and the proof of it."""

    channel = forms.ChoiceField(
        label=_("The debtor allows"), choices=[*Channel.choices, ("*", _("every channel"))]
    )
    source = forms.CharField(
        label=_("How we know"), max_length=200, help_text=_("Said on the phone, wrote to us by e-mail …")
    )


class EndForm(forms.Form):
    """Why something ends that bound us until now; `row` is the hold, wish, consent or preference."""

    source = forms.CharField(
        label=_("How we know"), max_length=200, help_text=_("Said on the phone, wrote to us by e-mail …")
    )

    def __init__(
        self, *args: Any, row: Hold | OptOut | Refusal | Consent | Preference, **kwargs: Any
    ) -> None:
        kwargs["auto_id"] = f"end_{row._meta.model_name}{row.pk}_%s"
        super().__init__(*args, **kwargs)
        self.row = row


def _name(point: ContactPoint) -> str:
    value = phones.format_national(point.value) if point.medium == Medium.PHONE else point.value
    return f"{point.get_medium_display()} {value}"
