"""Managers' page for local rules: whom each binds, on which law it stands, and its history."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import dates
from contacts import overlay_words
from contacts.forms.overlays import DAYS, OverlayForm
from contacts.models import Overlay, OverlayChange
from contacts.queries import terms
from contacts.services import overlays
from contacts.vocabulary import Channel
from debtors.admin.kept import HistoryInline, KeptAdmin
from debtors.models import User


class ChangesInline(HistoryInline):
    """What was done to a rule, by whom and why, and what it narrowed from then on."""

    model = OverlayChange
    fields = [*HistoryInline.fields, "in_words"]

    @admin.display(description=_("as it was from then on"))
    def in_words(self, change: OverlayChange) -> str:
        terms, channels = change.said.get("terms") or {}, change.said.get("channels") or []
        return "; ".join(overlay_words.local_rule(terms, channels=channels)) or "–"


@admin.register(Overlay)
class OverlayAdmin(KeptAdmin):
    """Rules of creditors, places and segments: they narrow the contact policy, and never widen it."""

    form = OverlayForm
    inlines = [ChangesInline]
    list_display = ["name", "about_whom", "binds", "stands_on", "is_on", "review"]
    list_filter = ["is_on", "level", "certainty"]
    list_select_related = ["creditor", "segment"]
    search_fields = ["name", "law", "summary", "city"]
    fieldsets = [
        (None, {"fields": ["name", "is_on", "reason"]}),
        (
            _("Whom it binds"),
            {
                "fields": ["level", "creditor", "state", "city", "segment", "channels"],
                "description": _("Where a debtor may live in several states, the rules of all of them bind."),
            },
        ),
        (
            _("What it narrows"),
            {
                "fields": [
                    "has_hours",
                    *(f"windows_{day}" for day in DAYS),
                    "close_public_holidays",
                    "forbidden_channels",
                    ("per_day", "per_7_days", "gap_minutes"),
                    "conversation_cooldown_hours",
                    "block_third_party",
                    "block_workplace",
                    "block_unverified",
                    "message_first",
                ],
                "description": _("What is left empty stays as the policy has it."),
            },
        ),
        (
            _("On which law it stands"),
            {
                "fields": ["law", "summary", "source", "certainty", "reviewed_on", "review_by"],
                "description": _("Past the day of its review it keeps binding, and this page says so."),
            },
        ),
    ]

    def save_model(self, request: HttpRequest, obj: Overlay, form: Any, change: bool) -> None:  # noqa: FBT001
        """Keep the rule: it binds at the next admission, and takes back what is about to leave."""
        by = request.user if isinstance(request.user, User) else None
        overlays.keep(obj, by=by, reason=form.cleaned_data["reason"], now=timezone.now())

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say above the list which rules cannot be read, and which should have been read again."""
        today = timezone.localdate()
        for rule in terms.unreadable_rules(year=today.year):
            said = gettext("“%(name)s” cannot be read: nobody whom it binds is contacted until it is mended.")
            messages.error(request, said % {"name": rule})
        due = Overlay.objects.filter(is_on=True, review_by__lt=today).count()
        if due:
            said = gettext("Rules past their review: %(count)d. They keep binding; read their laws again.")
            messages.warning(request, said % {"count": due})
        return super().changelist_view(request, extra_context)

    @admin.display(description=_("about"), ordering="level")
    def about_whom(self, rule: Overlay) -> str:
        return f"{rule.get_level_display()}: {rule.about}"

    @admin.display(description=_("binds"))
    def binds(self, rule: Overlay) -> str:
        said = rule.channels if isinstance(rule.channels, list) else []  # else it cannot be read: see above
        words = [str(Channel(each).label) for each in said if each in Channel.values]
        return ", ".join(words) or gettext("every channel")

    @admin.display(description=_("law"), ordering="law")
    def stands_on(self, rule: Overlay) -> str:
        return rule.law or gettext("the house's own")

    @admin.display(description=_("to be reviewed by"), ordering="review_by")
    def review(self, rule: Overlay) -> str:
        if rule.review_by is None:
            return "–"
        day = dates.format_br(rule.review_by)
        return f"⚠ {day}" if rule.is_review_due(on=timezone.localdate()) else day
