"""Managers' pages for people, debts and money: what was written once can be read, never changed."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import money, names, phones, tax_ids
from debtors.forms import AmountField, DebtorField, TaxIdField
from debtors.models import (
    ContactPoint,
    Creditor,
    Debt,
    Debtor,
    ImportRun,
    Installment,
    LedgerEntry,
    Payment,
    Portfolio,
    PromiseToPay,
    User,
)
from debtors.services import ledger
from debtors.vocabulary import Medium, PartyKind, PaymentMethod, PaymentSource

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ColleagueBase = UserAdmin[User]
    ModelForm = forms.ModelForm[Any]
else:
    Admin, TabularInline, ModelForm = admin.ModelAdmin, admin.TabularInline, forms.ModelForm
    ColleagueBase = UserAdmin


#: Brazil's time zones, by the cities that name them (IANA time zone database, zone1970.tab).
ZONES = (
    "America/Noronha", "America/Belem", "America/Fortaleza", "America/Recife", "America/Araguaina",
    "America/Maceio", "America/Bahia", "America/Sao_Paulo", "America/Campo_Grande", "America/Cuiaba",
    "America/Santarem", "America/Porto_Velho", "America/Boa_Vista", "America/Manaus", "America/Eirunepe",
    "America/Rio_Branco",
)  # fmt: skip


class KeptAdmin(Admin):
    """Rows that others point at and that are evidence: never deleted here, not in bulk either."""

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class LogAdmin(KeptAdmin):
    """A log: whoever may see it reads it, nobody writes it here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def as_brl(cents: int) -> str:
    """Return an amount for a column of the admin."""
    return money.format_brl(cents)


class CreditorForm(ModelForm):
    """A creditor, its CNPJ checked."""

    tax_id = TaxIdField(label=_("CPF or CNPJ"))


@admin.register(Creditor)
class CreditorAdmin(KeptAdmin):
    """Who is owed."""

    form = CreditorForm
    list_display = ["brand", "name", "formatted_tax_id", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["brand", "name"]
    fieldsets = [
        (None, {"fields": ["name", "brand", "tax_id", "is_active"]}),
        (_("As named in documents"), {"fields": ["address", "phone", "email"]}),
        (_("What delay costs"), {"fields": ["late_fee_rate", "monthly_interest_rate"]}),
    ]

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
    """One phone, e-mail or address; what it is cannot change once contacts may point at it."""

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
            self.fields["medium"].disabled = self.fields["value"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Read a phone into E.164 and an e-mail into lower case."""
        cleaned = super().clean() or {}
        value = names.tidy(cleaned.get("value") or "")
        if not self.instance.pk and value:
            cleaned["value"] = self._read(value, medium=cleaned.get("medium"))
        return cleaned

    def save(self, commit: bool = True) -> ContactPoint:  # noqa: FBT001, FBT002
        if "status" in self.changed_data:
            self.instance.status_since = timezone.now()
        point: ContactPoint = super().save(commit=commit)
        return point

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
    """The ways to reach a debtor; one out of use gets a status, it is not deleted."""

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

    @admin.display(description=_("CPF or CNPJ"))
    def masked_tax_id(self, debtor: Debtor) -> str:
        return tax_ids.mask(debtor.tax_id)

    @admin.display(description=_("page"))
    def page(self, debtor: Debtor) -> str:
        return format_html('<a href="{}">{}</a>', reverse("contacts:debtor", args=[debtor.pk]), _("open"))


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
        return as_brl(installment.amount_cents)


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

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        """Keep the installments of a new debt and post their charges."""
        saved = formset.save()
        if not change:
            ledger.post_charges(saved)


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
        return as_brl(payment.amount_cents)

    @admin.display(description=_("if it was a mistake"))
    def take_back(self, payment: Payment) -> str:
        url = reverse("debtors:payment_reverse", args=[payment.pk])
        return format_html('<a href="{}">{}</a>', url, _("take back"))


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
        return as_brl(entry.amount_cents)


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
        return as_brl(promise.amount_cents)


@admin.register(ImportRun)
class ImportRunAdmin(LogAdmin):
    """Files of debts that were handed in."""

    list_display = ["created_at", "file_name", "creditor", "portfolio", "state", "created_by"]
    list_filter = ["state", "creditor"]
    list_select_related = ["creditor", "portfolio__creditor", "created_by"]
    fields = ["file_name", "creditor", "portfolio", "state", "counts", "errors", "created_by", "created_at",
              "finished_at", "sha256"]  # fmt: skip
    readonly_fields: ClassVar[Any] = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content", "errors")


@admin.register(User)
class ColleagueAdmin(ColleagueBase):
    """Colleagues: their role is their group; they are switched off, not deleted."""

    list_display = ["username", "first_name", "last_name", "roles", "is_active"]
    list_filter = ["groups", "is_active"]
    fieldsets = [
        (None, {"fields": ["username", "password", "first_name", "last_name", "email", "language"]}),
        (_("Role"), {"fields": ["groups", "is_active", "is_staff", "is_superuser"]}),
        (_("Beyond the role"), {"fields": ["user_permissions"], "classes": ["collapse"]}),
        (_("Last seen"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "username",
                    "first_name",
                    "last_name",
                    "usable_password",
                    "password1",
                    "password2",
                ],
                "classes": ["wide"],
            },
        )
    ]
    readonly_fields = ["last_login", "date_joined"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("role"))
    def roles(self, user: User) -> str:
        if user.is_superuser:
            return str(_("administrator"))
        return ", ".join(group.name for group in user.groups.all()) or "–"


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles and what each may do."""
