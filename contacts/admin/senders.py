"""Managers' page for our own numbers and addresses: how fast each of them sends."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from contacts.models import Sender
from debtors.admin.kept import KeptAdmin


@admin.register(Sender)
class SenderAdmin(KeptAdmin):
    """Senders appear by themselves, from the settings; a manager sets their rates, or switches one off."""

    list_display = ["channel", "provider", "address", "is_on", "per_minute", "warm_up_hours", "rests_until"]
    list_filter = ["channel", "provider", "is_on"]
    fields: ClassVar = [
        "channel", "provider", "address", "is_on", "per_minute", "warm_up_hours", "first_used_at",
        "rests_until", "rests_because",
    ]  # fmt: skip
    readonly_fields: ClassVar = [
        "channel", "provider", "address", "first_used_at", "rests_until", "rests_because",
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
