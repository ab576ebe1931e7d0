"""Managers' pages for colleagues and roles, and the log of imported files."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from debtors.admin.kept import LogAdmin
from debtors.models import (
    ImportRun,
    User,
)

if TYPE_CHECKING:
    ColleagueBase = UserAdmin[User]
else:
    ColleagueBase = UserAdmin


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
