"""The log of the contact policy: its versions, and what is in force. Both are decided on the policy page."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from contacts.models import ContactPolicy, PolicyHead
from contacts.vocabulary import PolicyState
from debtors.admin.kept import LogAdmin


@admin.register(ContactPolicy)
class ContactPolicyAdmin(LogAdmin):
    """Published versions, to be searched. Drafts, previews and approvals have pages of their own."""

    list_display = ["version", "published_at", "created_by", "published_by", "note", "in_words"]
    list_select_related = ["created_by", "published_by"]
    search_fields = ["note"]
    fields = ["version", "published_at", "created_by", "published_by", "note", "in_words"]
    readonly_fields = ["in_words"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactPolicy]:
        return super().get_queryset(request).filter(state=PolicyState.PUBLISHED)

    @admin.display(description=_("in plain words"))
    def in_words(self, version: ContactPolicy) -> str:
        url = reverse("contacts:policy_version", args=[version.version])
        return format_html('<a href="{}">{}</a>', url, _("read it"))


@admin.register(PolicyHead)
class PolicyHeadAdmin(LogAdmin):
    """Which version is in force, and whether everything is paused."""

    list_display = ["policy", "is_paused", "changed_at"]
    list_select_related = ["policy"]
