"""What a creditor asks for before steps beyond asking, on the creditor's page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from debtors.admin.kept import ModelForm, TabularInline
from debtors.forms import AmountField
from debtors.models import EscalationTerms


class EscalationTermsForm(ModelForm):
    """The terms of one step, the amount typed as money."""

    least = AmountField(label=_("Owed, at least (R$)"))

    class Meta:
        model = EscalationTerms
        fields = ["step", "min_days_late", "least", "notice_days", "approval"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("least", self.instance.min_cents)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("least"):
            self.instance.min_cents = cleaned["least"]
        return cleaned


class EscalationTermsInline(TabularInline):
    """The steps for which a creditor asks for something else than the house."""

    model = EscalationTerms
    form = EscalationTermsForm
    extra = 1
    max_num = 5
