"""The admin site: a manager's tool in the house's own words."""

from typing import Any

from django.contrib.admin import AdminSite
from django.db.models.base import ModelBase
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

#: What a manager looks for first comes first; apps that are not ours are left out.
ORDER = {
    "contacts": (
        *("ContactPolicy", "Overlay", "BlockList", "ClosedDay"),
        *("ProviderText", "Hold", "OptOut", "Consent", "Preference"),
    ),
    "dunning": ("Strategy", "Case"),
    "debtors": ("Creditor", "Portfolio", "Debtor", "Debt", "Payment", "PromiseToPay", "Segment"),
    "auth": ("User", "Group"),
}


#: Django's own sentences make every name of ours masculine in Portuguese; our catalogue has better ones.
SAID_BETTER = (
    gettext_noop("The {name} “{obj}” was added successfully."),
    gettext_noop("The {name} “{obj}” was added successfully. You may add another {name} below."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may add another {name} below."),
    gettext_noop("The {name} “{obj}” was changed successfully. You may edit it again below."),
    gettext_noop("You may edit it again below."),
    gettext_noop("The {name} “{obj}” was changed successfully."),
)


class CollectionsAdminSite(AdminSite):
    """Django's admin with our titles and order."""

    site_header = _("Courteous Collections")
    site_title = _("Courteous Collections")
    index_title = _("Settings of the house")
    enable_nav_sidebar = False  # one navigation is enough; tables need the width

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take in the models of our apps only.

        A task engine brings pages of its own, by which an administrator could have any function
        of any module called.
        """
        one_or_more: Any = model_or_iterable
        models = [one_or_more] if isinstance(model_or_iterable, ModelBase) else one_or_more
        ours = [model for model in models if model._meta.app_label in ORDER]
        super().register(ours, admin_class, **options)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return our apps in our order, settings before logs; colleagues and roles stand together."""
        apps = {app["app_label"]: app for app in super().get_app_list(request, app_label)}
        _move_colleagues(apps)
        for label, app in apps.items():
            first = ORDER.get(label, ())
            app["models"].sort(key=lambda model: _place(model["object_name"], first))
        return [apps[label] for label in ORDER if label in apps]


def _place(name: str, first: tuple[str, ...]) -> tuple[int, str]:
    return (first.index(name), "") if name in first else (len(first), name)


def _move_colleagues(apps: dict[str, Any]) -> None:
    """Show users beside their roles, where everybody looks for them."""
    if "auth" not in apps or "debtors" not in apps:
        return
    users = [model for model in apps["debtors"]["models"] if model["object_name"] == "User"]
    apps["debtors"]["models"] = [model for model in apps["debtors"]["models"] if model not in users]
    apps["auth"]["models"] = [*users, *apps["auth"]["models"]]
    apps["auth"]["name"] = _("Colleagues and roles")
