"""Managers' pages for ladders, and the logs of cases."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.models import Template
from contacts.vocabulary import Tone
from debtors.admin.kept import KeptAdmin, LogAdmin, ModelForm, TabularInline
from dunning.models import Case, CaseOutcome, ScheduledStep, Step, Strategy
from dunning.vocabulary import Actor


class StepForm(ModelForm):
    """One rung: what the system sends needs a text, and before the due date it is a reminder."""

    template_key = forms.ChoiceField(label=_("Template"), required=False)

    class Meta:
        model = Step
        fields = ["offset_days", "title", "actor", "channel", "fallback_channel", "template_key", "tone",
                  "is_active"]  # fmt: skip
        widgets = {"title": forms.TextInput(attrs={"size": 24})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Template.objects.order_by("key", "channel").values_list("key", "channel", "title")
        self.titles: dict[str, str] = {}
        self.texts: set[tuple[str, str]] = set()
        for key, channel, title in rows:
            self.titles.setdefault(key, title)
            self.texts.add((key, channel))
        kept = self.instance.template_key
        choices = [("", _("none"))] + [(key, title) for key, title in self.titles.items()]
        if kept and kept not in self.titles:
            choices.append((kept, kept))
        template = self.fields["template_key"]
        if isinstance(template, forms.ChoiceField):
            template.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse a step of the system without a text, and anything but a reminder before the due date."""
        cleaned = super().clean() or {}
        key, channel = cleaned.get("template_key"), cleaned.get("channel")
        if cleaned.get("actor") == Actor.SYSTEM:
            if not key:
                self.add_error("template_key", _("What the system sends needs a template."))
            elif channel and (key, channel) not in self.texts:
                self.add_error("template_key", _("This template has no text for this channel yet."))
        if (cleaned.get("offset_days") or 0) < 0 and cleaned.get("tone") != Tone.REMINDER:
            self.add_error("tone", _("Before the due date a message is a reminder, never collection."))
        return cleaned


class StepInline(TabularInline):
    """The rungs of a ladder, by day."""

    model = Step
    form = StepForm
    extra = 1
    ordering = ["offset_days"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A rung that was ever used is switched off, not deleted: cases point at it."""
        if obj is not None and ScheduledStep.objects.filter(step__strategy_id=obj.pk).exists():
            return False
        return super().has_delete_permission(request, obj)


class StrategyForm(ModelForm):
    """A ladder; only one may be active for a creditor, and one for all the others."""

    class Meta:
        model = Strategy
        fields = ["name", "creditor", "is_active", "minimum_gap_days", "first_delay_grace_days",
                  "old_customer_after_days"]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Say in words what the database would refuse."""
        cleaned = super().clean() or {}
        others = Strategy.objects.filter(creditor=cleaned.get("creditor"), is_active=True)
        if cleaned.get("is_active") and others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another ladder is active here. Switch that one off first."))
        return cleaned


@admin.register(Strategy)
class StrategyAdmin(KeptAdmin):
    """Ladders (réguas) with their steps."""

    form = StrategyForm
    inlines = [StepInline]
    list_display = ["name", "for_whom", "is_active", "step_count"]
    list_filter = ["is_active", "creditor"]
    list_select_related = ["creditor"]
    fieldsets = [
        (None, {"fields": ["name", "creditor", "is_active"]}),
        (
            _("Pace"),
            {"fields": ["minimum_gap_days", "first_delay_grace_days", "old_customer_after_days"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counted: QuerySet[Any] = super().get_queryset(request).annotate(steps_count=Count("steps"))
        return counted

    @admin.display(description=_("for"))
    def for_whom(self, strategy: Strategy) -> str:
        return str(strategy.creditor or _("every creditor without a ladder of its own"))

    @admin.display(description=_("steps"))
    def step_count(self, strategy: Any) -> int:
        return int(strategy.steps_count)


@admin.register(Case)
class CaseAdmin(LogAdmin):
    """Cases as they stand; they are worked at the desk."""

    list_display = ["debtor", "creditor", "state", "anchor_on", "urgency", "agent", "close_reason"]
    list_filter = ["state", "creditor", "portfolio", "close_reason"]
    list_select_related = ["debtor", "creditor", "agent"]
    search_fields = ["debtor__name"]
    date_hierarchy = "opened_at"
    exclude = ["fence", "put_off_because"]


@admin.register(ScheduledStep)
class ScheduledStepAdmin(LogAdmin):
    """What was planned for which case, and what came of it."""

    list_display = ["planned_at", "case", "step", "slot", "result"]
    list_filter = ["result", "step__strategy"]
    list_select_related = ["case__debtor", "case__creditor", "step"]
    date_hierarchy = "planned_at"


@admin.register(CaseOutcome)
class CaseOutcomeAdmin(LogAdmin):
    """What agents recorded."""

    list_display = ["recorded_at", "case", "disposition", "agent"]
    list_filter = ["disposition", "agent"]
    list_select_related = ["case__debtor", "case__creditor", "agent"]
    date_hierarchy = "recorded_at"
    exclude = ["fence", "contact_id"]
