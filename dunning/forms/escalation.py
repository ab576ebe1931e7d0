"""What is typed about steps beyond asking: why, and where a proof is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from debtors.forms import DayField
from debtors.vocabulary import EscalationKind, EscalationStep

PROOFS = [
    (kind.value, kind.label)
    for kind in (
        EscalationKind.PROVEN,
        EscalationKind.ANNOUNCED,
        EscalationKind.DELIVERED,
        EscalationKind.UPHELD,
    )
]


class ReasonForm(forms.Form):
    """A step, and why."""

    step = forms.ChoiceField(choices=EscalationStep.choices, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ProofForm(forms.Form):
    """A proof, and where it is."""

    step = forms.ChoiceField(label=_("Step"), choices=EscalationStep.choices)
    kind = forms.ChoiceField(label=_("What is proven"), choices=PROOFS)
    on = DayField(label=_("Day"))
    reference = forms.CharField(
        label=_("Where the proof is"),
        max_length=200,
        help_text=_("The number of the contract, of the postal receipt, of the protocol or of the decision."),
    )
