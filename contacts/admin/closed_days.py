"""Managers' page for the closed days of the house: anniversaries of municipalities, local holidays."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import dates
from contacts.models import ClosedDay
from contacts.services import closed_days
from debtors.admin.kept import KeptAdmin, ModelForm


class ClosedDayForm(ModelForm):
    """A day and where it is closed."""

    class Meta:
        model = ClosedDay
        fields = ["name", "on", "is_yearly", "state", "city", "source", "is_active"]

    def clean(self) -> dict[str, Any]:
        """A municipality is one of a state."""
        cleaned = super().clean() or {}
        if cleaned.get("city") and not cleaned.get("state"):
            self.add_error("state", _("Which state is the municipality in?"))
        return cleaned


@admin.register(ClosedDay)
class ClosedDayAdmin(KeptAdmin):
    """Days on which nobody in a place is contacted, besides those that the calendar knows."""

    form = ClosedDayForm
    list_display = ["name", "when", "where", "source", "is_active"]
    list_filter = ["is_active", "is_yearly"]
    search_fields = ["name", "state", "city", "source"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = ["name", "on", "is_yearly", "state", "city", "source"]
        return fields if obj is None else [*fields, "is_active"]

    def save_model(self, request: HttpRequest, obj: ClosedDay, form: Any, change: bool) -> None:  # noqa: FBT001
        closed_days.keep(obj, now=timezone.now())

    @admin.display(description=_("date"), ordering="on")
    def when(self, day: ClosedDay) -> str:
        if day.is_yearly:
            return gettext("%(day)s, every year") % {"day": f"{day.on:%d/%m}"}
        return dates.format_br(day.on)

    @admin.display(description=_("where"), ordering="state")
    def where(self, day: ClosedDay) -> str:
        if day.city:
            return f"{day.city}, {day.state}"
        return day.state or gettext("the whole country")
