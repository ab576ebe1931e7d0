"""What an agent types while he talks: the answers to the script, a new number, an offer."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import phones
from debtors.forms import DayField
from debtors.models.offer_rules import MOST_PAYMENTS
from debtors.services import people
from debtors.vocabulary import Medium, PaymentMethod
from dunning.models import DelayReason, Talk


class NewPointForm(forms.Form):
    """A number or e-mail that the person gave on the telephone."""

    value = forms.CharField(
        label=_("Number or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "(11) 98765-4321"}),
    )
    source = forms.CharField(
        label=_("How we know"), max_length=60, help_text=_("Said on the phone, wrote to us by e-mail …")
    )

    def clean_value(self) -> people.NewPoint:
        """Return the number in E.164 or the e-mail; refuse what is neither, and what is nobody's own."""
        text = self.cleaned_data["value"].strip()
        if "@" in text:
            validate_email(text)
            return people.NewPoint(Medium.EMAIL, text.lower())
        try:
            phone = phones.parse(text)
        except phones.PhoneError as error:
            raise ValidationError(_("This is no telephone number: check area code and digits.")) from error
        if phone.kind == phones.PhoneKind.SERVICE:
            raise ValidationError(_("This is a service number, nobody's own."))
        return people.NewPoint(Medium.PHONE, phone.e164, is_mobile=phone.kind == phones.PhoneKind.MOBILE)


class TalkForm(forms.Form):
    """What the confirmed person answered to the script; each may stay open."""

    YES_NO = (("yes", _("Yes")), ("no", _("No")))

    bill_arrived = forms.ChoiceField(
        label=_("Did the bill arrive?"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    goods_arrived = forms.ChoiceField(
        label=_("Goods or service as agreed?"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    reason = forms.ModelChoiceField(
        label=_("Reason of the delay"),
        queryset=DelayReason.objects.filter(is_active=True),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )

    @staticmethod
    def said(talk: Talk) -> dict[str, Any]:
        """Return what the form begins with: the answers kept so far."""
        words = {True: "yes", False: "no", None: ""}
        return {
            "bill_arrived": words[talk.bill_arrived],
            "goods_arrived": words[talk.goods_arrived],
            "reason": talk.reason_id,
        }

    @property
    def answers(self) -> dict[str, Any]:
        """The answers as the service takes them; None for what is still open."""
        values = {"yes": True, "no": False}
        return {
            "bill_arrived": values.get(self.cleaned_data.get("bill_arrived", "")),
            "goods_arrived": values.get(self.cleaned_data.get("goods_arrived", "")),
            "reason": self.cleaned_data.get("reason"),
        }


class OfferForm(forms.Form):
    """Where the slider stands: the total in centavos, the number of payments, the first day."""

    total_cents = forms.IntegerField(required=False, min_value=1)
    payments = forms.IntegerField(required=False, min_value=1, max_value=MOST_PAYMENTS)
    first_on = DayField(required=False, label=_("First payment on"))
    method = forms.ChoiceField(
        label=_("Paid by"),
        choices=[(each.value, each.label) for each in (PaymentMethod.PIX, PaymentMethod.BOLETO)],
        initial=PaymentMethod.PIX,
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first_on"].initial = on + timedelta(days=3)

    @property
    def payments_chosen(self) -> int:
        """The number of payments; one until something readable was chosen."""
        if not self.is_bound:
            return 1
        self.is_valid()
        return self.cleaned_data.get("payments") or 1
