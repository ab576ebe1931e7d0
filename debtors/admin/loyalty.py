"""Managers' pages for good payers: what paying in time is worth."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from debtors.admin.kept import KeptAdmin, TabularInline
from debtors.models import LoyaltyLevel, LoyaltyRules


class LevelInline(TabularInline):
    """The levels."""

    model = LoyaltyLevel
    extra = 3


@admin.register(LoyaltyRules)
class LoyaltyRulesAdmin(KeptAdmin):
    """Points and levels of a creditor's good payers."""

    inlines = [LevelInline]
    list_display = ["creditor", "is_active", "points_in_time", "points_late"]
    list_select_related = ["creditor"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["creditor"] if obj else []
