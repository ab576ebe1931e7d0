"""Managers' page for debtors' preferences: added through their service, ended on the debtor's page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts import overlay_words
from contacts.admin.wishes import WishAdmin
from contacts.forms.preferences import PreferenceAdminForm
from contacts.models import Preference
from contacts.services import preferences
from debtors.models import User


@admin.register(Preference)
class PreferenceAdmin(WishAdmin):
    """When, and by which channels, debtors would rather be contacted."""

    form = PreferenceAdminForm
    list_display = ["debtor", "in_words", "active_from", "active_until", "source", "page"]
    list_select_related = ["debtor"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return list(self.form.base_fields)
        return ["debtor", "in_words", "source", "active_from", "active_until", "recorded_by"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        own = {} if obj is None else {"form": forms.ModelForm, "fields": ["source"]}
        return super().get_form(request, obj, change, **(kwargs | own))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["in_words"] if obj else []

    @admin.display(description=_("what he would rather have"))
    def in_words(self, preference: Preference) -> str:
        said = overlay_words.wishes(windows=preference.windows, unwanted=preference.unwanted_channels)
        return "; ".join(said) or gettext("nothing")

    def save_model(self, request: HttpRequest, obj: Preference, form: Any, change: bool) -> None:  # noqa: FBT001
        """Keep the wish: it takes the place of an earlier one, and binds at once."""
        by = request.user if isinstance(request.user, User) else None
        kept = preferences.keep(
            debtor=form.cleaned_data["debtor"], by=by, now=timezone.now(), **form.wishes()
        )
        obj.pk = kept.pk
        obj.refresh_from_db()
