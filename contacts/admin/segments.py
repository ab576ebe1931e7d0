"""Managers' page for segments: their names, and who is put in or taken out."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import tax_ids
from contacts.services import overlays
from debtors.admin.kept import KeptAdmin, ModelForm
from debtors.models import Debtor, Segment

NAMED_AT_MOST = 10


class TaxIdsField(forms.CharField):
    """CPF or CNPJ numbers, one a line; its value is the debtors' ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 4, "cols": 24}), **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the ids of the debtors; each line that names nobody here is said."""
        lines = [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]
        numbers = {line: tax_ids.parse(line).number if tax_ids.is_valid(line) else line for line in lines}
        known = dict(Debtor.objects.filter(tax_id__in=numbers.values()).values_list("tax_id", "pk"))
        unknown = [line for line, number in numbers.items() if number not in known]
        if unknown:
            said = gettext("Nobody here has this CPF or CNPJ: %(lines)s")
            raise forms.ValidationError(said % {"lines": ", ".join(unknown[:NAMED_AT_MOST])}, code="unknown")
        return sorted(known.values())


class SegmentForm(ModelForm):
    """A segment, and whom to put in or take out."""

    put_in = TaxIdsField(label=_("Put in"), help_text=_("CPF or CNPJ, one a line."))
    take_out = TaxIdsField(label=_("Take out"), help_text=_("CPF or CNPJ, one a line."))

    class Meta:
        model = Segment
        fields = ["name", "note"]


@admin.register(Segment)
class SegmentAdmin(KeptAdmin):
    """Sets of debtors who are treated alike; local rules may bind them."""

    form = SegmentForm
    list_display = ["name", "note", "size"]
    search_fields = ["name", "note"]
    fields = ["name", "note", "put_in", "take_out"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(members_count=Count("members"))
        return counted

    def save_model(self, request: HttpRequest, obj: Segment, form: Any, change: bool) -> None:  # noqa: FBT001
        """Keep the segment; whoever joins is bound by its rules at once, whoever leaves is judged again."""
        super().save_model(request, obj, form, change)
        now = timezone.now()
        joined = overlays.join(obj, debtors=form.cleaned_data["put_in"], now=now)
        left = overlays.leave(obj, debtors=form.cleaned_data["take_out"], now=now)
        if joined or left:
            said = gettext("%(joined)d put in, %(left)d taken out.")
            messages.success(request, said % {"joined": joined, "left": left})

    @admin.display(description=_("debtors"), ordering="members_count")
    def size(self, segment: Any) -> int:
        count: int = segment.members_count
        return count
