"""Managers' pages for agreements: the rules are set here; agreements themselves are only read."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import money
from debtors.admin.kept import KeptAdmin, LogAdmin, ModelForm, TabularInline
from debtors.forms import AmountField
from debtors.models import Agreement, DiscountBand, OfferRules
from debtors.queries import offers
from debtors.rules import settlement_rules

if TYPE_CHECKING:
    InlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    InlineFormSet = forms.BaseInlineFormSet

FAULTS = {
    "rate_outside_0_to_1": _("A percentage is below 0 or above 100."),
    "limits_not_widening": _("A supervisor must be allowed at least what an agent is, a manager most."),
    "band_below_the_floor": _("A discount by age goes below the floor."),
    "bands_not_rising": _("Two discounts are for the same age."),
    "offered_beyond_the_agents_limit": _("More payments are offered than an agent may agree to."),
    "payment_not_above_zero": _("A payment must be above zero."),
    "days_beyond_the_agents_limit": _("The first payment of an offer is later than an agent may agree to."),
}


class OfferRulesForm(ModelForm):
    """A creditor's rules, amounts typed as money."""

    min_payment = AmountField(label=_("Least payment (R$)"))
    exit_amount = AmountField(
        label=_("Exit point (R$)"),
        required=False,
        help_text=_("Of less than this an agreement costs more than it brings: none is offered."),
    )

    class Meta:
        model = OfferRules
        exclude = ["min_payment_cents", "exit_cents"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("min_payment", self.instance.min_payment_cents)
        self.initial.setdefault("exit_amount", self.instance.exit_cents or None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("min_payment"):
            self.instance.min_payment_cents = cleaned["min_payment"]
        self.instance.exit_cents = cleaned.get("exit_amount") or 0
        return cleaned


class BandFormSet(InlineFormSet):
    """The discounts by age; with them the rules are whole, and are checked together."""

    def clean(self) -> None:
        """Refuse rules with a fault: nothing could be agreed on by them."""
        super().clean()
        if self.instance.creditor_id is None or any(form.errors for form in self.forms):
            return
        bands = [
            form.instance
            for form in self.forms
            if form.has_changed() or form.instance.pk
            if not form.cleaned_data.get("DELETE")
        ]
        bands.sort(key=lambda band: band.from_days_late)
        try:
            faults = settlement_rules.faults(offers.as_rules(self.instance, bands=bands))
        except (ValueError, TypeError):
            return  # the form beside says which field is unreadable
        if faults:
            raise forms.ValidationError([FAULTS[code] for code in faults])


class BandInline(TabularInline):
    """What is forgiven by the age of the debt."""

    model = DiscountBand
    formset = BandFormSet
    extra = 3


@admin.register(OfferRules)
class OfferRulesAdmin(KeptAdmin):
    """What may be agreed on, set beforehand."""

    form = OfferRulesForm
    inlines = [BandInline]
    list_display = ["creditor", "is_active", "floor_percent", "grace_days", "when_broken"]
    list_select_related = ["creditor"]
    fieldsets = [
        (None, {"fields": ["creditor", "is_active"]}),
        (
            _("What nobody may cross"),
            {
                "fields": ["floor_percent", "exit_amount", "exit_days_late"],
                "description": _("Below these nothing is agreed on, whoever asks."),
            },
        ),
        (
            _("What is offered"),
            {
                "fields": ["offered_payments", "days_to_first", "min_down_payment_percent", "min_payment"],
                "description": _("The discounts by age are below."),
            },
        ),
        (
            _("How far each level may go"),
            {
                "fields": [
                    ("agent_extra_percent", "agent_most_payments", "agent_most_days"),
                    ("supervisor_extra_percent", "supervisor_most_payments", "supervisor_most_days"),
                    ("manager_extra_percent", "manager_most_payments", "manager_most_days"),
                ],
                "description": _("Beyond his own limits each asks a higher level, with a reason."),
            },
        ),
        (_("Before and after a payment's day"), {"fields": ["reminder_days", "grace_days", "when_broken"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["creditor"] if obj else []


@admin.register(Agreement)
class AgreementAdmin(LogAdmin):
    """What was agreed on, and what became of it."""

    list_display = [
        "proposed_at",
        "debtor",
        "creditor",
        "total_shown",
        "discount_shown",
        "state",
        "proposed_by",
    ]
    list_filter = ["state", "creditor"]
    list_select_related = ["debtor", "creditor", "proposed_by"]
    date_hierarchy = "proposed_on"
    search_fields = ["debtor__name"]
    fields = [
        "debtor", "creditor", "state", "owed_shown", "discount_shown", "total_shown", "proposed_at",
        "proposed_by", "needed", "evidence", "evidence_reference", "accepted_by", "activated_at",
        "grace_days", "when_broken", "ended_at", "end_reason",
    ]  # fmt: skip
    readonly_fields: ClassVar[Any] = fields

    @admin.display(description=_("owed"), ordering="owed_cents")
    def owed_shown(self, agreement: Agreement) -> str:
        return money.format_brl(agreement.owed_cents)

    @admin.display(description=_("discount"))
    def discount_shown(self, agreement: Agreement) -> str:
        return money.format_brl(agreement.discount_cents)

    @admin.display(description=_("agreed total"), ordering="total_cents")
    def total_shown(self, agreement: Agreement) -> str:
        return money.format_brl(agreement.total_cents)
