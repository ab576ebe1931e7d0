"""Managers' page for the courteous texts, checked when they are saved."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.models import (
    Template,
)
from contacts.rules import disclosure, sms_size, wording
from contacts.vocabulary import Channel, Disclosure
from debtors.admin.kept import KeptAdmin, ModelForm

_PLACEHOLDERS = ", ".join(f"{{{{ {name} }}}}" for name in wording.PLACEHOLDERS)
INDISCREET = {
    "word": _("“%(found)s” tells a stranger what this is about."),
    "amount": _("“%(found)s” names money."),
    "placeholder": _("{{ %(found)s }} is for messages to the right person only."),
    "shouting": _("Capitals shout."),
}


class TemplateForm(ModelForm):
    """A text: its placeholders exist, and a neutral one tells a stranger nothing."""

    class Meta:
        model = Template
        fields = ["key", "channel", "title", "tone", "disclosure", "subject", "body", "is_active"]

    def clean(self) -> dict[str, Any]:
        """Check subject and text each by itself, so that the error stands beside the right one."""
        cleaned = super().clean() or {}
        for field in ("subject", "body"):
            self._check(field, text=cleaned.get(field) or "", tells=cleaned.get("disclosure") or "")
        if cleaned.get("channel") == Channel.EMAIL and not cleaned.get("subject"):
            self.add_error("subject", _("An e-mail needs a subject."))
        return cleaned

    def _check(self, field: str, *, text: str, tells: str) -> None:
        try:
            found = disclosure.indiscretions(text)
        except wording.PlaceholderError as error:
            known = ", ".join(sorted(wording.PLACEHOLDERS))
            self.add_error(
                field,
                _("“%(found)s” is no placeholder. There are: %(known)s.")
                % {"found": error.found, "known": known},
            )
            return
        for each in found if tells == Disclosure.NEUTRAL else ():
            self.add_error(field, INDISCREET[each.kind] % {"found": each.found})


@admin.register(Template)
class TemplateAdmin(KeptAdmin):
    """The courteous texts."""

    form = TemplateForm
    list_display = ["title", "key", "channel", "tone", "disclosure", "size", "is_active"]
    list_filter = ["channel", "tone", "disclosure", "is_active"]
    search_fields = ["title", "key", "body"]
    readonly_fields = ["size"]
    fieldsets = [
        (None, {"fields": ["key", "title", "channel", "is_active"]}),
        (_("How it speaks"), {"fields": ["tone", "disclosure"]}),
        (
            _("What it says"),
            {
                "fields": ["subject", "body", "size"],
                "description": format_lazy("{} {}", _("Placeholders:"), _PLACEHOLDERS),
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Key and channel name the text for ladders: they stay."""
        return ["size", "key", "channel"] if obj else ["size"]

    @admin.display(description=_("size as SMS"))
    def size(self, template: Template) -> str:
        if template.channel != Channel.SMS or not template.body:
            return "–"
        size = sms_size.sms_size(template.body)
        words = {"units": size.units, "segments": size.segments, "encoding": size.encoding}
        text = gettext(
            "%(units)s characters, %(segments)s SMS (%(encoding)s), names and amounts not yet filled in"
        )
        if size.offenders:
            return (text + gettext("; made longer by: %(letters)s")) % (words | {"letters": size.offenders})
        return text % words
