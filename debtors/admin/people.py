"""Managers' pages for creditors, portfolios, debtors and the ways to reach them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import names, phones, tax_ids
from debtors.admin.escalation import EscalationTermsInline
from debtors.admin.kept import KeptAdmin, LogAdmin, ModelForm, TabularInline
from debtors.forms import TaxIdField
from debtors.models import (
    ContactPoint,
    Creditor,
    CustomerFact,
    Debtor,
    Portfolio,
    User,
)
from debtors.services import people, terms
from debtors.vocabulary import Medium, PartyKind

#: What the balance of every debt of a creditor follows from.
TERMS = frozenset(
    {
        "late_fee_rate", "fee_base", "interest_kind", "monthly_interest_rate", "month_days", "grace_days",
        "rounding", "correction_index", "index_lag_months", "settling_order",
    }
)  # fmt: skip

#: Brazil's time zones, by the cities that name them (IANA time zone database, zone1970.tab).
ZONES = (
    "America/Noronha", "America/Belem", "America/Fortaleza", "America/Recife", "America/Araguaina",
    "America/Maceio", "America/Bahia", "America/Sao_Paulo", "America/Campo_Grande", "America/Cuiaba",
    "America/Santarem", "America/Porto_Velho", "America/Boa_Vista", "America/Manaus", "America/Eirunepe",
    "America/Rio_Branco",
)  # fmt: skip


class CreditorForm(ModelForm):
    """A creditor, its CNPJ checked."""

    tax_id = TaxIdField(label=_("CPF or CNPJ"))


@admin.register(Creditor)
class CreditorAdmin(KeptAdmin):
    """Who is owed."""

    form = CreditorForm
    inlines = [EscalationTermsInline]
    list_display = ["brand", "name", "formatted_tax_id", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["brand", "name"]
    fieldsets = [
        (None, {"fields": ["name", "brand", "tax_id", "is_active"]}),
        (_("As named in documents"), {"fields": ["address", "phone", "email"]}),
        (
            _("What delay costs"),
            {
                "fields": [
                    "late_fee_rate", "fee_base", "interest_kind", "monthly_interest_rate", "month_days",
                    "grace_days", "rounding", "correction_index", "index_lag_months",
                ],
                "description": _(
                    "Contracts may have a late fee and interest of their own. When something changes here, "
                    "payments made before are settled anew by it."
                ),
            },
        ),
        (_("How payments settle"), {"fields": ["settling_order", "tolerance_cents"]}),
        (
            _("Money on its way"),
            {
                "fields": ["boleto_float_days", "pix_float_days", "installment_float_days"],
                "description": _("So long after it expires nobody is asked for what he may have paid."),
            },
        ),
    ]  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Creditor, form: Any, change: bool) -> None:  # noqa: FBT001
        """Keep the creditor, an old one's changes only; other terms are told to what was paid."""
        obj.save(update_fields=form.changed_data) if change else obj.save()
        if change and TERMS.intersection(form.changed_data):
            terms.have_changed([obj])

    @admin.display(description=_("CPF or CNPJ"), ordering="tax_id")
    def formatted_tax_id(self, creditor: Creditor) -> str:
        return tax_ids.format_number(creditor.tax_id)


@admin.register(Portfolio)
class PortfolioAdmin(KeptAdmin):
    """Sets of debts, and the agents they were given to."""

    list_display = ["name", "creditor", "given_to"]
    list_filter = ["creditor"]
    search_fields = ["name"]
    filter_horizontal = ["agents"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("creditor").prefetch_related("agents")

    @admin.display(description=_("given to"))
    def given_to(self, portfolio: Portfolio) -> str:
        return ", ".join(agent.name for agent in portfolio.agents.all()) or "–"


class PointForm(ModelForm):
    """One phone, e-mail or address; a known one changes on the debtor's page, with its source."""

    class Meta:
        model = ContactPoint
        fields = ["medium", "kind", "status", "value", "city", "state", "postal_code"]
        widgets = {
            "value": forms.TextInput(attrs={"size": 28}),
            "city": forms.TextInput(attrs={"size": 16}),
            "state": forms.TextInput(attrs={"size": 2}),
            "postal_code": forms.TextInput(attrs={"size": 8}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("medium", "value", "kind", "status"):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Read a phone into E.164 and an e-mail into lower case."""
        cleaned = super().clean() or {}
        value = names.tidy(cleaned.get("value") or "")
        if not self.instance.pk and value:
            cleaned["value"] = self._read(value, medium=cleaned.get("medium"))
        return cleaned

    def _read(self, value: str, *, medium: str | None) -> str:
        if medium == Medium.EMAIL:
            return value.lower()
        if medium != Medium.PHONE:
            return value
        try:
            phone = phones.parse(value)
        except phones.PhoneError:
            self.add_error("value", _("This is not a phone number: area code and number, please."))
            return value
        if phone.kind is phones.PhoneKind.SERVICE:
            self.add_error("value", _("This is a service number (0800, 4004 …), which belongs to no person."))
        self.instance.is_mobile = phone.kind is phones.PhoneKind.MOBILE
        return phone.e164


class PointInline(TabularInline):
    """The ways to reach a debtor; one out of use gets a status on the debtor's page, it is not deleted."""

    model = ContactPoint
    form = PointForm
    extra = 0
    can_delete = False


class DebtorForm(ModelForm):
    """A debtor, the CPF or CNPJ checked."""

    tax_id = TaxIdField(label=_("CPF or CNPJ"))
    confirmed_time_zone = forms.ChoiceField(
        label=_("Time zone, as told by the debtor"),
        required=False,
        choices=[("", _("not told")), *((zone, zone.partition("/")[2].replace("_", " ")) for zone in ZONES)],
        help_text=_("Replaces every guess from area codes and addresses."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a company with a CPF and a person with a CNPJ."""
        cleaned = super().clean() or {}
        wanted = 11 if cleaned.get("kind") == PartyKind.PERSON else 14
        if cleaned.get("tax_id") and len(cleaned["tax_id"]) != wanted:
            self.add_error("tax_id", _("A CPF belongs to a person and a CNPJ to a company."))
        return cleaned


@admin.register(Debtor)
class DebtorAdmin(KeptAdmin):
    """Who owes, and how to reach them."""

    form = DebtorForm
    inlines = [PointInline]
    list_display = ["name", "kind", "masked_tax_id", "customer_since", "page"]
    list_filter = ["kind"]
    search_fields = ["name", "preferred_name", "debts__contract"]
    fieldsets = [
        (None, {"fields": ["kind", "name", "preferred_name", "tax_id"]}),
        (_("What is known"), {"fields": ["birth_date", "customer_since", "confirmed_time_zone"]}),
    ]

    def save_model(self, request: HttpRequest, obj: Debtor, form: Any, change: bool) -> None:  # noqa: FBT001
        """Write what was typed and nothing else: the revision may have moved on meanwhile."""
        if change:
            obj.save(update_fields=[*form.changed_data, "folded_name"])
        else:
            super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        """Begin each new point as every other door does: what somebody silenced stays silent."""
        by = request.user if isinstance(request.user, User) else None
        formset.save(commit=False)
        for point, changed in formset.changed_objects:
            point.save(update_fields=changed)  # how it stands may have changed meanwhile
        for point in formset.new_objects:
            wanted = point.status
            people.begin(point, source=gettext("typed in the admin"), by=by, now=timezone.now())
            if point.status != wanted:
                said = gettext("%(value)s stays out of use: somebody asked not to be contacted there.")
                messages.warning(request, said % {"value": point.value})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Write the contact points too; what is about to leave is judged anew by what was corrected."""
        super().save_related(request, form, formsets, change)
        if change and (form.has_changed() or any(formset.has_changed() for formset in formsets)):
            people.corrected([form.instance.pk])

    @admin.display(description=_("CPF or CNPJ"))
    def masked_tax_id(self, debtor: Debtor) -> str:
        return tax_ids.mask(debtor.tax_id)

    @admin.display(description=_("page"))
    def page(self, debtor: Debtor) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("contacts:debtor", args=[debtor.pk]), _("open the page")
        )


@admin.register(CustomerFact)
class CustomerFactAdmin(LogAdmin):
    """What creditors said of their customers, with day and source; more is written on the case card."""

    list_display = ["known_on", "debtor", "creditor", "kind", "value", "source", "recorded_by"]
    list_filter = ["kind", "creditor"]
    list_select_related = ["debtor", "creditor", "recorded_by"]
    date_hierarchy = "known_on"
