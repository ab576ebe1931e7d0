"""Which debtors the page of contact pressure lists: filters that live in the page's address."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts import pressures
from debtors.models import Portfolio

SHARES = ((50, _("half or more")), (pressures.HIGH, _("two thirds or more")), (100, _("all of it")))
USUAL = pressures.HIGH


class PressureFilter(forms.Form):
    """From which share on, and in which portfolio; what cannot be read is as if it were not asked."""

    share = forms.TypedChoiceField(label=_("Used"), choices=SHARES, coerce=int, required=False)
    portfolio = forms.ModelChoiceField(
        label=_("Portfolio"), queryset=Portfolio.objects.none(), required=False, empty_label=_("all")
    )

    def __init__(self, *args: Any, portfolios: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Portfolio]", self.fields["portfolio"])
        field.queryset = Portfolio.objects.filter(pk__in=portfolios).select_related("creditor")

    @property
    def share_asked(self) -> int:
        """The share from which on debtors are listed."""
        return int(self.cleaned_data.get("share") or USUAL)
