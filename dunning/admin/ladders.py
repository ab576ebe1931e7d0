"""Managers' pages for ladders, and the logs of cases."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contacts.models import Template
from contacts.rules.disclosure import Stage, is_within, most
from contacts.services.templates import FROM_SOFT_TO_HARD
from contacts.vocabulary import TemplateState, Tone
from debtors.admin.kept import KeptAdmin, LogAdmin, ModelForm, TabularInline
from dunning.models import (
    Case,
    CaseOutcome,
    DepartmentAddress,
    DepartmentNote,
    HandOver,
    QueueWeights,
    ScheduledStep,
    Step,
    Strategy,
    Talk,
)
from dunning.vocabulary import Actor, IdentityItem


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
        self.titles: dict[str, str] = {}
        self.texts: dict[tuple[str, str], Template] = {}
        for text in Template.objects.filter(state=TemplateState.APPROVED).order_by("key", "channel"):
            self.titles.setdefault(text.key, text.title)
            self.texts[text.key, text.channel] = text
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
        stage = Stage.BEFORE_DUE if (cleaned.get("offset_days") or 0) <= 0 else Stage.LATER
        self.refuse_what_tells_too_much(stage=stage)
        self._refuse_what_speaks_harder()
        return cleaned

    @property
    def spoken(self) -> list[Template]:
        """The texts in use that the step may speak with, by its channel and its fallback."""
        cleaned = self.cleaned_data
        if cleaned.get("actor") != Actor.SYSTEM:
            return []
        ways = [(cleaned.get("template_key"), cleaned.get(name)) for name in ("channel", "fallback_channel")]
        return [self.texts[way] for way in ways if way in self.texts]

    def refuse_what_tells_too_much(self, *, stage: Stage) -> None:
        """Add an error for each text that tells more than its channel and the stage allow."""
        for text in self.spoken:
            allowed = most(channel=text.channel, stage=stage)
            if not is_within(text.disclosure, most=allowed):
                said = _("Here a text may tell at most “%(most)s”, and the one for %(channel)s tells more.")
                words = {"most": allowed.label, "channel": text.get_channel_display()}
                self.add_error("template_key", said % words)

    def _refuse_what_speaks_harder(self) -> None:
        tone = self.cleaned_data.get("tone")
        for text in self.spoken:
            if tone and FROM_SOFT_TO_HARD.index(Tone(text.tone)) > FROM_SOFT_TO_HARD.index(Tone(tone)):
                said = _("The text for %(channel)s speaks harder than the step.")
                self.add_error("template_key", said % {"channel": text.get_channel_display()})


class StepFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """All rungs of a ladder: the first message after the due date tells a stranger nothing."""

    def clean(self) -> None:
        """Refuse a first word that is not neutral by one of its channels."""
        super().clean()
        kept = [form for form in self.forms if isinstance(form, StepForm) and form.is_valid()]
        messages = [
            form
            for form in kept
            if form.cleaned_data.get("is_active")
            and not form.cleaned_data.get("DELETE")
            and form.cleaned_data.get("actor") == Actor.SYSTEM
            and (form.cleaned_data.get("offset_days") or 0) > 0
        ]
        if messages:
            first = min(messages, key=lambda form: form.cleaned_data["offset_days"])
            first.refuse_what_tells_too_much(stage=Stage.FIRST)


class StepInline(TabularInline):
    """The rungs of a ladder, by day."""

    model = Step
    form = StepForm
    formset = StepFormSet
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

    list_display = ["recorded_at", "case", "disposition", "word", "agent"]
    list_filter = ["disposition", "agent"]
    list_select_related = ["case__debtor", "case__creditor", "agent", "word"]
    date_hierarchy = "recorded_at"
    exclude = ["fence", "contact_id"]


@admin.register(Talk)
class TalkAdmin(LogAdmin):
    """Who spoke with whom, by what the person was confirmed, and what was answered and noted."""

    list_display = ["begun_at", "case", "agent", "confirmed_at", "matching", "step", "reason"]
    list_filter = ["agent", "reason", "step"]
    list_select_related = ["case__debtor", "case__creditor", "agent", "reason"]
    date_hierarchy = "begun_at"
    fields = ["case", "agent", "begun_at", "confirmed_at", "matching", "step", "bill_arrived",
              "goods_arrived", "reason", "note", "note_saved_at"]  # fmt: skip

    @admin.display(description=_("what matched"))
    def matching(self, talk: Talk) -> str:
        return ", ".join(str(IdentityItem(item).label) for item in talk.matched.split(",") if item)


@admin.register(QueueWeights)
class QueueWeightsAdmin(LogAdmin):
    """By which weights the queue was ordered, and who set them; others are set on the desk's own page."""

    list_display = ["set_at", "set_by", "why"]
    list_select_related = ["set_by"]
    date_hierarchy = "set_at"


@admin.register(HandOver)
class HandOverAdmin(LogAdmin):
    """Cases that went from one colleague to another."""

    list_display = ["handed_at", "case", "giver", "receiver", "taken_by", "taken_at"]
    list_filter = ["receiver"]
    list_select_related = ["case__debtor", "case__creditor", "giver", "receiver", "taken_by"]
    date_hierarchy = "handed_at"


@admin.register(DepartmentAddress)
class DepartmentAddressAdmin(KeptAdmin):
    """Where Sales, Support and Credit are told by e-mail."""

    list_display = ["department", "creditor", "email"]
    list_filter = ["department"]
    list_select_related = ["creditor"]


@admin.register(DepartmentNote)
class DepartmentNoteAdmin(LogAdmin):
    """What departments told of customers; more is written beside the case."""

    list_display = ["recorded_at", "department", "debtor", "creditor", "is_our_fault", "recorded_by"]
    list_filter = ["department", "is_our_fault"]
    list_select_related = ["debtor", "creditor", "recorded_by"]
    date_hierarchy = "recorded_at"
