"""Every part of the pages in all its states, with invented values: for whoever builds or judges a page."""

from datetime import UTC, date, datetime

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    """One field of each kind."""

    amount = forms.CharField(
        label=_("Amount promised"),
        help_text=_("In reais, as you say it: 1.234,56"),
        widget=forms.TextInput(attrs={"data-mask": "money", "inputmode": "decimal", "class": "money"}),
    )
    due_on = forms.CharField(
        label=_("Day of payment"),
        widget=forms.TextInput(
            attrs={"data-mask": "date", "inputmode": "numeric", "placeholder": "dd/mm/aaaa"}
        ),
    )
    tax_id = forms.CharField(
        label=_("CPF or CNPJ"), widget=forms.TextInput(attrs={"data-mask": "tax_id", "autocomplete": "off"})
    )
    portfolio = forms.ChoiceField(
        label=_("Portfolio"), choices=[("1", "Cartões Sudeste"), ("2", "Boletos Norte")]
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("promise", _("Promise to pay")), ("no_answer", _("No answer")), ("dispute", _("Dispute"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    confirmed = forms.BooleanField(label=_("The person confirmed who they are"), required=False)

    def clean_tax_id(self) -> str:
        """Refuse everything, so that the page shows an error."""
        raise forms.ValidationError(_("CPF with a wrong check digit: look at the last two numbers again"))


SAMPLE_ROWS = (
    ("Ana Beatriz Moraes", "39053344705", 184_250, 5, "wait", _("waiting for the first call")),
    ("Comercial Três Irmãos Ltda", "12ABC34501DE35", 12_904_012, 17, "ok", _("promised")),
    ("João da Conceição Vasconcelos Filho", "52998224725", 9_990, 42, "bad", _("promise broken")),
    ("Maria das Dores", "11144477735", 73_321, 3, "quiet", _("closed")),
)


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the parts to staff, and to anybody on a developer's machine."""
    if not (settings.DEBUG or getattr(request.user, "is_staff", False)):
        raise Http404
    broken = SampleForm({"amount": "1.234,56", "due_on": "", "tax_id": "390.533.447-06", "portfolio": "1"})
    context = {
        "form": SampleForm(initial={"amount": "350,00", "outcome": "promise"}),
        "broken": broken,
        "rows": SAMPLE_ROWS,
        "page": Paginator(range(243), 25).get_page(request.GET.get("page", 4)),
        "today": date(2026, 11, 21),
        "now": datetime(2026, 11, 21, 17, 5, tzinfo=UTC),
        "later": date(2026, 11, 24),
        "reasons": [
            {
                "text": _("Today is a personal date of theirs: no contact, by the house's policy."),
                "basis": _("Contact policy, version 3"),
            },
            {
                "text": _("Calls in São Paulo only from 08:00 to 20:00."),
                "basis": "Lei estadual (SP) 15.426/2014, art. 2",
            },
        ],
    }
    return render(request, "styleguide.html", context)
