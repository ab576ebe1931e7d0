"""Managers' pages for the contact policy: written anew from the version in force, published at once."""

from copy import deepcopy
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.forms.policy import CAP_PARTS, CAPS, DAYS, PolicyForm, cap_field
from contacts.models import (
    ContactPolicy,
    PolicyHead,
)
from contacts.rules.default_policy import DEFAULT_POLICY
from contacts.services import policy
from debtors.admin.kept import KeptAdmin, LogAdmin
from debtors.models import User


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@admin.register(ContactPolicy)
class ContactPolicyAdmin(KeptAdmin):
    """Versions of the policy: written anew from the one in force, published at once, then read-only."""

    list_display = ["version", "published_at", "created_by", "note", "in_words"]
    list_select_related = ["created_by"]
    search_fields = ["note"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Return the form of a new version, prefilled from the one in force."""
        if obj is not None:
            return super().get_form(request, obj, change, **kwargs)
        head = PolicyHead.objects.select_related("policy").filter(scope=policy.HOUSE).first()
        return partial(PolicyForm, base=deepcopy(head.policy.terms if head else DEFAULT_POLICY))

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is not None:
            return [(None, {"fields": ["version", "published_at", "created_by", "note", "in_words"]})]
        return _FIELDSETS

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["in_words"] if obj else []

    def save_model(self, request: HttpRequest, obj: ContactPolicy, form: Any, change: bool) -> None:  # noqa: FBT001
        """Publish the version: it binds at the next admission."""
        published = policy.publish(
            terms=form.terms, note=form.cleaned_data["note"], by=_user(request), now=timezone.now()
        )
        obj.pk = published.pk
        obj.refresh_from_db()

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        add: bool = False,  # noqa: FBT001, FBT002
    ) -> list[dict[str, dict[str, list[str]]]]:
        return [{"added": {}}]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        hidden = {"show_save_and_continue": False, "show_save_and_add_another": False}
        return super().render_change_form(request, context | hidden, *args, **kwargs)

    def response_add(
        self, request: HttpRequest, obj: ContactPolicy, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show what was published, in plain words; Django's own sentence is about a row."""
        said = gettext(
            "Version %(version)s is in force from now on; what was refused before is judged again."
        )
        messages.success(request, said % {"version": obj.version})
        return redirect("contacts:policy")

    @admin.display(description=_("in plain words"))
    def in_words(self, version: ContactPolicy) -> str:
        url = reverse("contacts:policy_version", args=[version.version])
        return format_html('<a href="{}">{}</a>', url, _("read it"))


_FIELDSETS = [
    (None, {"fields": ["note"]}),
    (
        _("When contact may begin, by the debtor's clock"),
        {
            "fields": [*(f"windows_{day}" for day in DAYS), "knows_it_is_looser"],
            "description": _("As 08:30-21:00, or 08:30-12:00, 13:30-18:00; empty is closed."),
        },
    ),
    (_("Channels"), {"fields": ["channels", "consent_required"]}),
    (
        _("Closed days"),
        {
            "fields": [
                "close_public_holidays",
                "close_optional_days",
                "close_feasts",
                "closed_dates",
                "block_birthday",
            ]
        },
    ),
    (
        _("How often is enough"),
        {
            "fields": [tuple(cap_field(name, part) for part in CAP_PARTS) for name in CAPS],
            "description": _("Counted over all debts, creditors and agents of a debtor; empty is no limit."),
        },
    ),
    (
        _("Whom, and where not"),
        {
            "fields": [
                "block_workplace",
                "block_third_party",
                "block_unverified",
                "never_leave_voicemail",
                "minor_age",
                "require_birth_date",
            ]
        },
    ),
    (
        _("When contact rests"),
        {
            "fields": [
                "holds_blocking",
                "promise_grace",
                "promise_grace_days",
                "conversation_cooldown_hours",
            ]
        },
    ),
]


@admin.register(PolicyHead)
class PolicyHeadAdmin(LogAdmin):
    """Which version is in force, and whether everything is paused."""

    list_display = ["policy", "is_paused", "changed_at"]
    list_select_related = ["policy"]
