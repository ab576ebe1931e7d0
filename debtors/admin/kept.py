"""The base of the admin's pages: evidence is never deleted, logs are only read."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Model
from django.http import HttpRequest

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
else:
    Admin, TabularInline, ModelForm = admin.ModelAdmin, admin.TabularInline, forms.ModelForm


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


class HistoryInline(TabularInline):
    """What was done to a row, by whom and why: read below it by whoever may see it, never written here.

    What is only being added has none.
    """

    fields: ClassVar[Any] = ["at", "what", "by", "reason"]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the lines; the inline's own would be none: it asks whether one may see those of no row."""
        return super(InlineModelAdmin, self).get_queryset(request).select_related("by")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        of = self.parent_model._meta
        return obj is not None and request.user.has_perm(f"{of.app_label}.view_{of.model_name}")
