"""Managers' pages for holds, opt-outs and consents: added by their services, ended on the debtor's page."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from contacts.models import (
    Consent,
    Hold,
    OptOut,
)
from contacts.services import consent, holds
from contacts.vocabulary import Channel, HoldKind, OptOutScope
from debtors.admin.kept import KeptAdmin, ModelForm
from debtors.forms import DebtorField
from debtors.models import User


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


class WishAdmin(KeptAdmin):
    """Wishes and holds: added through their service, ended on the debtor's page, never edited."""

    list_select_related = ["debtor"]
    search_fields = ["debtor__name"]
    date_hierarchy = "active_from"

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        own = {} if obj is None else {"form": forms.ModelForm}
        return super().get_form(request, obj, change, **(kwargs | own))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return list(self.form.base_fields)
        return [field.name for field in obj._meta.fields if field.name != "id"]

    @admin.display(description=_("debtor's page"))
    def page(self, wish: Any) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("contacts:debtor", args=[wish.debtor_id]), _("open the page")
        )

    def take(self, obj: Any, request: HttpRequest) -> Any:
        """Write the row through its service."""
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.pk = self.take(obj, request).pk
        obj.refresh_from_db()


class OptOutAdminForm(ModelForm):
    """Any contact, or one channel; a single number is taken out on the debtor's page."""

    debtor = DebtorField()
    scope = forms.ChoiceField(
        label=_("reaches"),
        choices=[each for each in OptOutScope.choices if each[0] != OptOutScope.POINT],
        help_text=_("One number or address only: record it on the debtor's page."),
    )

    class Meta:
        model = OptOut
        fields = ["debtor", "scope", "channel", "source"]

    def clean(self) -> dict[str, Any]:
        """A wish about one channel names it; a wish about everything names none."""
        cleaned = super().clean() or {}
        is_channel = cleaned.get("scope") == OptOutScope.CHANNEL
        if is_channel and not cleaned.get("channel"):
            self.add_error("channel", _("Which channel does the debtor not want?"))
        if not is_channel:
            cleaned["channel"] = ""
        return cleaned


@admin.register(OptOut)
class OptOutAdmin(WishAdmin):
    """Who does not want to be contacted."""

    form = OptOutAdminForm
    list_display = ["debtor", "scope", "channel", "active_from", "active_until", "source", "page"]
    list_filter = ["scope", "channel"]

    def take(self, obj: OptOut, request: HttpRequest) -> OptOut:
        return consent.opt_out(
            debtor=obj.debtor,
            scope=OptOutScope(obj.scope),
            channel=obj.channel,
            source=obj.source,
            by=_user(request),
            now=timezone.now(),
        )


class HoldAdminForm(ModelForm):
    """Why contact rests."""

    debtor = DebtorField()
    reason = forms.CharField(label=_("reason"), max_length=300)  # the house's own jobs need not give one

    class Meta:
        model = Hold
        fields = ["debtor", "kind", "reason", "active_until"]

    def clean_active_until(self) -> datetime | None:
        """Refuse a hold that would have ended already."""
        until: datetime | None = self.cleaned_data["active_until"]
        if until is not None and until <= timezone.now():
            raise ValidationError(_("This moment has passed: the hold would protect nobody."))
        return until


@admin.register(Hold)
class HoldAdmin(WishAdmin):
    """Reasons to leave a debtor in peace."""

    form = HoldAdminForm
    list_display = ["debtor", "kind", "active_from", "active_until", "placed_by", "page"]
    list_filter = ["kind"]

    def take(self, obj: Hold, request: HttpRequest) -> Hold:
        return holds.place(
            debtor=obj.debtor,
            kind=HoldKind(obj.kind),
            reason=obj.reason,
            by=_user(request),
            now=timezone.now(),
            until=obj.active_until,
        )


class ConsentAdminForm(ModelForm):
    """What the debtor allowed, and the proof of it."""

    debtor = DebtorField()
    channel = forms.ChoiceField(label=_("channel"), choices=[*Channel.choices, ("*", _("every channel"))])

    class Meta:
        model = Consent
        fields = ["debtor", "channel", "source"]


@admin.register(Consent)
class ConsentAdmin(WishAdmin):
    """Permissions, with their proof."""

    form = ConsentAdminForm
    list_display = ["debtor", "channel", "active_from", "active_until", "source", "page"]
    list_filter = ["channel"]

    def take(self, obj: Consent, request: HttpRequest) -> Consent:
        return consent.grant(
            debtor=obj.debtor,
            channel=obj.channel,
            source=obj.source,
            by=_user(request),
            now=timezone.now(),
        )
