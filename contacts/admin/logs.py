"""Logs of what was wanted, sent and reported."""

from typing import Any, ClassVar

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from contacts import reasons
from contacts.models import (
    Attempt,
    Contact,
    InternalNotice,
    PhoneCall,
    ProviderEvent,
)
from debtors.admin.kept import LogAdmin


@admin.register(Contact)
class ContactAdmin(LogAdmin):
    """Every contact wanted or made."""

    list_display = ["not_before", "debtor", "channel", "purpose", "state", "outcome", "why_not"]
    list_filter = ["state", "outcome", "channel", "purpose", "creditor"]
    list_select_related = ["debtor"]
    search_fields = ["debtor__name"]
    date_hierarchy = "created_at"
    fields = ["debtor", "creditor", "channel", "purpose", "template", "point", "agent", "is_inbound", "state",
              "outcome", "why_not", "not_before", "expires_at", "policy", "decided_at", "started_at",
              "concluded_at", "subject", "body", "error_code", "created_at", "wanted_by"]  # fmt: skip
    readonly_fields: ClassVar[Any] = fields

    @admin.display(description=_("why not"))
    def why_not(self, contact: Contact) -> str:
        return "; ".join(reason.text for reason in reasons.explain_all(contact.objections)) or "–"


@admin.register(Attempt)
class AttemptAdmin(LogAdmin):
    """Every try at a provider."""

    list_display = ["started_at", "contact", "state", "provider", "error_code", "settled_at"]
    list_filter = ["state", "provider"]
    list_select_related = ["contact"]
    date_hierarchy = "started_at"


@admin.register(PhoneCall)
class PhoneCallAdmin(LogAdmin):
    """Every call the provider placed, and where its recording is."""

    list_display = [
        "rung_at",
        "contact",
        "status",
        "answered_by",
        "is_connected",
        "recording_seconds",
        "recording_kept_at",
    ]
    list_filter = ["is_connected", "is_recorded", "status", "answered_by"]
    list_select_related = ["attempt__contact"]
    date_hierarchy = "rung_at"

    @admin.display(description=_("contact"))
    def contact(self, call: PhoneCall) -> str:
        return str(call.attempt.contact)


@admin.register(ProviderEvent)
class ProviderEventAdmin(LogAdmin):
    """What providers told us, as they said it."""

    list_display = ["received_at", "provider", "status", "provider_id"]
    list_filter = ["provider", "status"]
    date_hierarchy = "received_at"


@admin.register(InternalNotice)
class InternalNoticeAdmin(LogAdmin):
    """E-mails to departments: which wait, which were sent."""

    list_display = ["wanted_at", "about", "to_email", "tries", "sent_at"]
    date_hierarchy = "wanted_at"
