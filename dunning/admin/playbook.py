"""Managers' pages for the playbook: the script of a call, what it may come to, the reasons of delay."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from debtors.admin.kept import KeptAdmin, LogAdmin, ModelForm
from debtors.models import Creditor
from dunning.models import Callback, DelayReason, Objection, OutcomeWord, ScriptText
from dunning.rules import outcomes, script
from dunning.vocabulary import Disposition, Meaning, ScriptPart

WRONG = {
    "placeholder": _("“%(found)s” cannot be filled in here."),
    "tells": _("“%(found)s” tells a stranger too much: here nobody is confirmed yet."),
    "harsh": _("“%(found)s” threatens, shames or presses. Say it kindly."),
}


class ScriptTextForm(ModelForm):
    """One text of the script: what is said before the person is confirmed is neutral, all is courteous."""

    class Meta:
        model = ScriptText
        fields = ["part", "language", "text", "hint"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4}), "hint": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        """Refuse a text that tells too much, threatens, or cannot be filled in."""
        cleaned = super().clean() or {}
        creditors = [name for pair in Creditor.objects.values_list("name", "brand") for name in pair]
        part = cleaned.get("part", "")
        for name in ("text", "hint"):
            for problem in script.problems(cleaned.get(name, ""), part=part, creditors=creditors):
                self.add_error(name, WRONG[problem.kind] % {"found": problem.found})
        return cleaned


@admin.register(ScriptText)
class ScriptTextAdmin(KeptAdmin):
    """What agents say, part by part, in each language."""

    form = ScriptTextForm
    list_display = ["part", "language", "text"]
    list_filter = ["language", "part"]


class ObjectionForm(ModelForm):
    """One likely answer and our reply: courteous, and with placeholders that can be filled."""

    class Meta:
        model = Objection
        fields = ["language", "says", "reply", "position", "is_active"]

    def clean(self) -> dict[str, Any]:
        """Refuse a reply that threatens, shames or presses, or that cannot be filled in."""
        cleaned = super().clean() or {}
        for problem in script.problems(cleaned.get("reply", ""), part=ScriptPart.LISTEN):
            self.add_error("reply", WRONG[problem.kind] % {"found": problem.found})
        return cleaned


@admin.register(Objection)
class ObjectionAdmin(KeptAdmin):
    """What people may answer, and our replies: agents search them during a call and practise them."""

    form = ObjectionForm
    list_display = ["says", "language", "position", "is_active"]
    list_editable = ["position", "is_active"]
    list_filter = ["language", "is_active"]
    search_fields = ["says", "reply"]


@admin.register(DelayReason)
class DelayReasonAdmin(KeptAdmin):
    """Why payments are late: agents choose one during the call."""

    list_display = ["name", "name_en", "position", "is_active"]
    list_editable = ["position", "is_active"]
    list_filter = ["is_active"]


class OutcomeWordForm(ModelForm):
    """A disposition: its name is the house's, what follows from it is its meaning's."""

    class Meta:
        model = OutcomeWord
        fields = ["meaning", "name", "name_en", "position", "is_active"]

    def clean(self) -> dict[str, Any]:
        """Refuse a name that says a message was left, and losing what protects people."""
        cleaned = super().clean() or {}
        for name in ("name", "name_en"):
            if outcomes.claims_a_message(cleaned.get(name, "")):
                self.add_error(
                    name, _("Nothing is ever left with others or on a machine: name it otherwise.")
                )
        meaning = self.instance.meaning or cleaned.get("meaning", "")
        others = OutcomeWord.objects.filter(meaning=meaning, is_active=True).exclude(pk=self.instance.pk)
        if meaning in outcomes.KEPT and not cleaned.get("is_active") and not others.exists():
            self.add_error(
                "is_active", _("This protects people: one disposition of this meaning stays in use.")
            )
        return cleaned


@admin.register(OutcomeWord)
class OutcomeWordAdmin(KeptAdmin):
    """What a call may come to: named, ordered and switched off here; the flags are fixed by the meaning."""

    form = OutcomeWordForm
    list_display = ["name", "name_en", "meaning", "flags", "position", "is_active", "is_own"]
    list_editable = ["position"]
    list_filter = ["is_active", "meaning", "is_own"]

    def get_readonly_fields(self, request: HttpRequest, obj: OutcomeWord | None = None) -> list[str]:
        """What it means is chosen once: outcomes recorded under it followed from that."""
        return ["meaning", "flags"] if obj else []

    @admin.display(description=_("what follows"))
    def flags(self, word: OutcomeWord) -> str:
        """Return the fixed flags of its meaning, in words."""
        found = outcomes.meanings(Disposition(word.meaning))
        return ", ".join(str(each.label) for each in Meaning if each in found)


@admin.register(Callback)
class CallbackAdmin(LogAdmin):
    """Calls that were promised for a moment, and whether they were made then."""

    list_display = ["due_at", "case", "state", "agreed_by", "agreed_at", "ended_at"]
    list_filter = ["state", "agreed_by"]
    list_select_related = ["case__debtor", "case__creditor", "agreed_by"]
    date_hierarchy = "due_at"
