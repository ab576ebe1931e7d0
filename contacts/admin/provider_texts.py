"""Managers' page for WhatsApp: which of our texts were approved there, and under which name."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from contacts.models import ProviderText, Template
from contacts.rules import provider_text
from contacts.vocabulary import Channel
from debtors.admin.kept import KeptAdmin, ModelForm
from debtors.models import User

PROBLEMS = {
    "not_unique": _(
        "No two messages may be the same: it needs {{ protocol }}, {{ not_me_link }} or {{ stop_link }}."
    ),
    "too_long": _("WhatsApp takes 1,024 characters at most."),
}


class ProviderTextForm(ModelForm):
    """One of our WhatsApp texts with the name it got when it was approved."""

    class Meta:
        model = ProviderText
        fields = ["template", "content_sid"]

    def clean_template(self) -> Template:
        """Refuse a text that could be sent twice in the same words."""
        template: Template = self.cleaned_data["template"]
        for problem in provider_text.problems(template.body):
            self.add_error("template", PROBLEMS[problem])
        return template


@admin.register(ProviderText)
class ProviderTextAdmin(KeptAdmin):
    """Texts approved for WhatsApp. One without a name here is never scheduled by that channel."""

    form = ProviderTextForm
    list_display = ["template", "content_sid", "recorded_by", "recorded_at"]
    list_select_related = ["template", "recorded_by"]
    readonly_fields = ["to_register", "recorded_by", "recorded_at"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show what is to be registered while a name is added, and who added it afterwards."""
        last = ["recorded_by", "recorded_at"] if obj else ["to_register"]
        return ["template", "content_sid", *last]

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Offer WhatsApp texts only."""
        if db_field.name == "template":
            kwargs["queryset"] = _whatsapp_texts()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: ProviderText, form: Any, change: bool) -> None:  # noqa: FBT001
        """Remember who says so."""
        obj.recorded_by = request.user if isinstance(request.user, User) else None
        super().save_model(request, obj, form, change)

    @admin.display(description=_("texts without a name, as the provider writes them"))
    def to_register(self, _obj: Any) -> SafeString | str:
        waiting = _whatsapp_texts().filter(provider_text__isnull=True)
        lines = ((text.title, provider_text.as_approved(text.body)) for text in waiting)
        return format_html_join("", "<p><strong>{}</strong><br>{}</p>", lines) or "–"


def _whatsapp_texts() -> QuerySet[Template]:
    return Template.objects.filter(channel=Channel.WHATSAPP)
