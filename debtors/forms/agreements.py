"""What people type when they negotiate: a proposal, what was decided about it, how it was accepted."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from debtors.forms import AmountField, DayField
from debtors.models.offer_rules import MOST_PAYMENTS
from debtors.rules.renegotiation import Proposal
from debtors.vocabulary import Evidence, PaymentMethod

METHODS = [(each.value, each.label) for each in (PaymentMethod.PIX, PaymentMethod.BOLETO)]


class ProposalForm(forms.Form):
    """What the debtor can pay, in his own words: how much in all, in how many payments, from when on."""

    total = AmountField(label=_("He can pay, in all (R$)"), help_text=_("As you say it: 1.234,56"))
    payments = forms.IntegerField(
        label=_("In how many payments"), min_value=1, max_value=MOST_PAYMENTS, initial=1
    )
    first_on = DayField(label=_("First payment on"))
    first = AmountField(
        label=_("First payment (R$)"), required=False, help_text=_("Empty: as much as the others.")
    )
    first_method = forms.ChoiceField(label=_("First payment by"), choices=METHODS)
    method = forms.ChoiceField(label=_("The others by"), choices=METHODS)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_first_on(self) -> date:
        """Refuse a day that is past."""
        day: date = self.cleaned_data["first_on"]
        if day < self.on:
            raise ValidationError(_("The day is past."))
        return day

    @property
    def proposal(self) -> Proposal:
        """What was typed; of a valid form only."""
        data = self.cleaned_data
        return Proposal(data["total"], data["payments"], data["first_on"], first_cents=data.get("first") or 0)


class DecisionForm(forms.Form):
    """Yes or no to a proposal, with the reason."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Whoever looks at this agreement later will read it.")
    )


class AcceptanceForm(forms.Form):
    """How the debtor accepted, and where the proof is."""

    evidence = forms.ChoiceField(
        label=_("The debtor accepted"),
        choices=Evidence.choices,
        initial=Evidence.VERBAL,
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        label=_("Where the proof is"),
        max_length=200,
        help_text=_("The number of the recording or of the contract, or the protocol of the site."),
    )
