"""What somebody says of a number or address: whose it is, how it stands, how we know."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from debtors.models import ContactPoint
from debtors.rules import points as rules
from debtors.rules.points import Known
from debtors.vocabulary import PointKind, PointStatus


class PointForm(forms.Form):
    """One change of a contact point; offered is only what whoever asks may do."""

    kind = forms.ChoiceField(label=_("Whose it is"))
    status = forms.ChoiceField(label=_("How it stands"))
    source = forms.CharField(
        label=_("How we know"), max_length=200, help_text=_("Said on the phone, wrote to us by e-mail …")
    )

    def __init__(self, *args: Any, point: ContactPoint, may_give_back: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"kind": point.kind, "status": point.status}
        super().__init__(*args, **kwargs)
        before = Known(PointKind(point.kind), PointStatus(point.status))

        def is_offered(after: Known) -> bool:
            return may_give_back or not rules.gives_back(before, after)

        _offer(self, "kind", [each for each in PointKind if is_offered(before._replace(kind=each))])
        _offer(self, "status", [each for each in PointStatus if is_offered(before._replace(status=each))])


def _offer(form: forms.Form, name: str, words: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101
    field.choices = [(word.value, word.label) for word in words]
