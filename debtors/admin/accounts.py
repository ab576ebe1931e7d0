"""Managers' pages for debts, payments and promises: the ledger writes them, here they are added and read."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import money
from debtors.admin.kept import KeptAdmin, LogAdmin, ModelForm, TabularInline
from debtors.forms import AmountField, DebtorField
from debtors.models import (
    Cost,
    Creditor,
    Debt,
    Installment,
    LedgerEntry,
    Payment,
    PromiseToPay,
    User,
)
from debtors.services import ledger, limitation
from debtors.vocabulary import PaymentMethod, PaymentSource


class InstallmentForm(ModelForm):
    """One installment, its amount typed as money."""

    amount = AmountField(label=_("Amount (R$)"))

    class Meta:
        model = Installment
        fields = ["number", "due_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("amount"):
            self.instance.amount_cents = cleaned["amount"]
        return cleaned


class InstallmentInline(TabularInline):
    """What a new debt falls due in; of an existing debt it is read-only, for the ledger has it."""

    model = Installment
    form = InstallmentForm
    can_delete = False
    min_num = 1
    validate_min = True

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        return 0 if obj else 2

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ["number", "due_on", "amount_shown" if obj else "amount"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["amount_shown"] if obj else []

    @admin.display(description=_("amount"))
    def amount_shown(self, installment: Installment) -> str:
        return money.format_brl(installment.amount_cents)


#: What a contract may agree on by itself; the rest is the creditor's.
OWN_TERMS = frozenset({"late_fee_rate", "monthly_interest_rate"})


class DebtForm(ModelForm):
    """A debt, its debtor named by CPF or CNPJ."""

    debtor = DebtorField()


@admin.register(Debt)
class DebtAdmin(KeptAdmin):
    """What is owed under which contract."""

    inlines = [InstallmentInline]
    list_display = ["contract", "debtor", "creditor", "portfolio", "product"]
    list_filter = ["creditor", "portfolio", "instrument"]
    list_select_related = ["debtor", "creditor", "portfolio__creditor"]
    search_fields = ["contract", "debtor__name"]
    form = DebtForm

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["debtor", "creditor", "contract"] if obj else []

    def save_model(self, request: HttpRequest, obj: Debt, form: Any, change: bool) -> None:  # noqa: FBT001
        """Keep the debt; another day of prescription, and other terms, are told to what follows from them."""
        if change and "limitation_on" in form.changed_data:
            limitation.set_day(obj, on=obj.limitation_on, now=timezone.now())
        super().save_model(request, obj, form, change)
        if change and OWN_TERMS.intersection(form.changed_data):
            between = {"debtor_id": obj.debtor_id, "creditor_id": obj.creditor_id}
            ledger.make_room(**between, now=timezone.now(), terms_changed=True)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        """Keep the installments of a new debt and post their charges."""
        saved = formset.save()
        if not change:
            ledger.post_charges(saved)
            debt = form.instance
            ledger.make_room(debtor_id=debt.debtor_id, creditor_id=debt.creditor_id, now=timezone.now())


class PaymentAdminForm(ModelForm):
    """A payment seen to arrive; the ledger records it."""

    number = forms.UUIDField(widget=forms.HiddenInput)
    debtor = DebtorField()
    amount = AmountField(label=_("Amount (R$)"))

    class Meta:
        model = Payment
        fields = ["debtor", "creditor", "paid_on", "method"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("number", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        """Refuse a day to come, and a creditor to whom the debtor owes nothing."""
        cleaned = super().clean() or {}
        if cleaned.get("paid_on") and cleaned["paid_on"] > timezone.localdate():
            self.add_error("paid_on", _("This day is still to come: record the payment when it has arrived."))
        debtor, creditor = cleaned.get("debtor"), cleaned.get("creditor")
        if debtor and creditor and not Debt.objects.filter(debtor=debtor, creditor=creditor).exists():
            self.add_error("creditor", _("This debtor has no debt with this creditor."))
        return cleaned


@admin.register(Payment)
class PaymentAdmin(KeptAdmin):
    """Money that came in: added through the ledger, then read-only; a mistake is taken back on its page."""

    list_display = ["paid_on", "debtor", "creditor", "amount_shown", "method", "source", "take_back"]
    list_filter = ["creditor", "method", "source"]
    list_select_related = ["debtor", "creditor"]
    date_hierarchy = "paid_on"
    search_fields = ["debtor__name", "external_id"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        return super().get_form(
            request, obj, change, **(kwargs if obj else kwargs | {"form": PaymentAdminForm})
        )

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return ["number", "debtor", "creditor", "amount", "paid_on", "method"]
        return ["debtor", "creditor", "amount_shown", "paid_on", "method", "source", "external_id",
                "recorded_by", "recorded_at", "take_back"]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [] if obj is None else self.get_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Payment, form: Any, change: bool) -> None:  # noqa: FBT001
        """Hand the payment to the ledger; sent twice, it is one payment."""
        user = request.user if isinstance(request.user, User) else None
        recorded = ledger.record_payment(
            debtor=obj.debtor,
            creditor=obj.creditor,
            amount_cents=form.cleaned_data["amount"],
            paid_on=obj.paid_on,
            method=PaymentMethod(obj.method),
            source=PaymentSource.HAND,
            external_id=str(form.cleaned_data["number"]),
            recorded_by=user,
            now=timezone.now(),
        )
        obj.pk = recorded.pk
        obj.refresh_from_db()

    @admin.display(description=_("amount"), ordering="amount_cents")
    def amount_shown(self, payment: Payment) -> str:
        return money.format_brl(payment.amount_cents)

    @admin.display(description=_("if it was a mistake"))
    def take_back(self, payment: Payment) -> str:
        url = reverse("debtors:payment_reverse", args=[payment.pk])
        return format_html('<a href="{}">{}</a>', url, _("take back"))


class CostAdminForm(ModelForm):
    """A cost of one contract; the ledger adds it."""

    creditor = forms.ModelChoiceField(label=_("Creditor"), queryset=Creditor.objects.all())
    contract = forms.CharField(label=_("Contract"), max_length=60)
    amount = AmountField(label=_("Amount (R$)"))

    class Meta:
        model = Cost
        fields = ["incurred_on", "reason"]

    def clean(self) -> dict[str, Any]:
        """Refuse a contract that nobody knows and a day to come."""
        cleaned = super().clean() or {}
        creditor, contract = cleaned.get("creditor"), cleaned.get("contract")
        self.debt = Debt.objects.filter(creditor=creditor, contract=contract).first() if creditor else None
        if creditor and contract and self.debt is None:
            self.add_error("contract", _("This creditor has no such contract here."))
        if cleaned.get("incurred_on") and cleaned["incurred_on"] > timezone.localdate():
            self.add_error("incurred_on", _("This day is still to come: add the cost when it has arisen."))
        return cleaned


@admin.register(Cost)
class CostAdmin(KeptAdmin):
    """What the delay of a debt has cost: added through the ledger, then read-only."""

    list_display = ["incurred_on", "debt", "amount_shown", "reason"]
    list_select_related = ["debt"]
    search_fields = ["debt__contract"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        return super().get_form(request, obj, change, **(kwargs if obj else kwargs | {"form": CostAdminForm}))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return ["creditor", "contract", "amount", "incurred_on", "reason"]
        return ["debt", "amount_shown", "incurred_on", "reason", "recorded_by", "recorded_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [] if obj is None else self.get_fields(request, obj)

    def save_model(self, request: HttpRequest, obj: Cost, form: Any, change: bool) -> None:  # noqa: FBT001
        """Hand the cost to the ledger."""
        added = ledger.add_cost(
            form.debt,
            amount_cents=form.cleaned_data["amount"],
            incurred_on=obj.incurred_on,
            reason=obj.reason,
            by=request.user if isinstance(request.user, User) else None,
            now=timezone.now(),
        )
        obj.pk = added.pk
        obj.refresh_from_db()

    @admin.display(description=_("amount"), ordering="amount_cents")
    def amount_shown(self, cost: Cost) -> str:
        return money.format_brl(cost.amount_cents)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(LogAdmin):
    """Every movement of every debt."""

    list_display = ["effective_on", "debt", "kind", "amount_shown", "note"]
    list_filter = ["kind", "debt__creditor"]
    list_select_related = ["debt"]
    date_hierarchy = "effective_on"
    search_fields = ["debt__contract"]
    fields = ["debt", "kind", "amount_shown", "effective_on", "payment", "reverses", "note", "created_at"]
    readonly_fields: ClassVar[Any] = fields

    @admin.display(description=_("amount"), ordering="amount_cents")
    def amount_shown(self, entry: LedgerEntry) -> str:
        return money.format_brl(entry.amount_cents)


@admin.register(PromiseToPay)
class PromiseAdmin(LogAdmin):
    """What debtors promised, and what became of it."""

    list_display = ["promised_on", "debtor", "creditor", "amount_shown", "status", "made_at", "made_to"]
    list_filter = ["status", "creditor"]
    list_select_related = ["debtor", "creditor", "made_to"]
    date_hierarchy = "promised_on"
    search_fields = ["debtor__name"]
    fields = [
        "debtor",
        "creditor",
        "amount_shown",
        "promised_on",
        "status",
        "made_at",
        "made_to",
        "settled_at",
    ]
    readonly_fields: ClassVar[Any] = fields

    @admin.display(description=_("amount"), ordering="amount_cents")
    def amount_shown(self, promise: PromiseToPay) -> str:
        return money.format_brl(promise.amount_cents)
