"""Managers' page for do-not-call lists: handed in as files, switched off only with a reason."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.forms.block_lists import BlockListForm
from contacts.models import BlockList, BlockListEvent
from contacts.services import block_lists
from contacts.vocabulary import Channel
from debtors.admin.kept import HistoryInline, KeptAdmin
from debtors.models import User


class EventsInline(HistoryInline):
    """What was done to a list: read, never written here."""

    model = BlockListEvent
    fields = ["at", "what", "by", "reason", "added", "removed"]


@admin.register(BlockList)
class BlockListAdmin(KeptAdmin):
    """Do-not-call registers: no number on one that is switched on is dialled or messaged."""

    form = BlockListForm
    inlines = [EventsInline]
    list_display = ["name", "size", "binds", "is_on", "imported_at"]
    list_filter = ["is_on"]
    search_fields = ["name", "law"]
    readonly_fields = ["file_name", "size", "imported_at"]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        about: list[Any] = [(None, {"fields": ["name", "law", "source", "channels", "file"]})]
        if obj is None:
            return about
        return [
            *about,
            (_("As imported last"), {"fields": ["file_name", "size", "imported_at"]}),
            (_("Whether it binds"), {"fields": ["is_on", "reason"]}),
        ]

    def save_model(self, request: HttpRequest, obj: BlockList, form: Any, change: bool) -> None:  # noqa: FBT001
        """Take the file in, then switch the list if that was asked for."""
        by, now = request.user, timezone.now()
        assert isinstance(by, User)  # noqa: S101
        wants_on, obj.channels = (obj.is_on if change else True), sorted(form.cleaned_data["channels"])
        obj.is_on = BlockList.objects.get(pk=obj.pk).is_on if change else True
        told: dict[str, Any] = {"by": by, "now": now, "reason": form.cleaned_data.get("reason") or ""}
        if form.content is None:
            block_lists.describe(obj, **told)
        else:
            name = form.cleaned_data["file"].name
            taken = block_lists.take_in(obj, content=form.content, file_name=name, **told)
            said = gettext("New numbers: %(added)d; taken out: %(removed)d.")
            messages.success(request, said % {"added": taken.added, "removed": taken.removed})
        block_lists.switch(obj, is_on=wants_on, **told)

    @admin.display(description=_("binds"))
    def binds(self, block_list: BlockList) -> str:
        words = [str(Channel(each).label) for each in block_list.channels if each in Channel.values]
        return ", ".join(words) or gettext("every channel")
