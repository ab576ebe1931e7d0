"""What a colleague may do, by himself and by his groups: asked at every page, so in one query."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Model, QuerySet

from debtors.models import User
from debtors.queries.compiled import Read

IN_WORDS = ("content_type__app_label", "codename")


@Read
def rights(user: int) -> QuerySet[Permission, Any]:
    """The rights of a user, his groups' among them, as (app, code name)."""
    own = Permission.objects.order_by().filter(user=user).values_list(*IN_WORDS)
    by_groups = Permission.objects.order_by().filter(group__user=user).values_list(*IN_WORDS)
    return own.union(by_groups).order_by()


class OneQueryBackend(ModelBackend):
    """Django's own way to log in and to know rights, which it asks for in one query instead of two."""

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Return the rights of a user as "app.code_name"; none of anybody inactive, or of one row."""
        is_usual = isinstance(user_obj, User) and user_obj.is_active and not user_obj.is_superuser
        if not is_usual or obj is not None:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = {f"{app}.{name}" for app, name in rights(user=user_obj.pk)}
        found: set[str] = user_obj._perm_cache
        return found
