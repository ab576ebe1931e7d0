"""A text as a manager writes it: placeholders are checked when it is saved, the rest when it is sent on."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts import text_reasons
from contacts.models import Template
from contacts.rules import readiness, wording
from contacts.services.templates import WITH_SUBJECT, Words
from contacts.vocabulary import Channel

if TYPE_CHECKING:
    TextModelForm = forms.ModelForm[Template]
else:
    TextModelForm = forms.ModelForm

#: A call has no text of its own: what is said is the agent's.
WRITTEN = [(channel.value, channel.label) for channel in Channel if channel != Channel.VOICE]
#: What each placeholder stands for, for the list beside the editor.
MEANINGS: Mapping[str, Promise] = {
    "name": _("name to be used"),
    "full_name": _("full name"),
    "greeting": _("good morning, afternoon or evening, by the debtor's clock"),
    "agent": _("who writes"),
    "brand": _("the creditor's neutral name"),
    "phone": _("telephone for answers"),
    "opt_out": _("how to receive no more"),
    "protocol": _("protocol number"),
    "not_me_link": _("link: it was not for me"),
    "stop_link": _("link: no more of this"),
    "pay_link": _("link: how to pay what was issued"),
    "pay_code": _("code of the Pix, or line of the boleto"),
    "pay_until": _("last day of the Pix or boleto"),
    "proposal_link": _("link: the proposal, to be read and accepted"),
    "proposal_until": _("last day of the proposal"),
    "benefits": _("what a good payer has and may keep"),
    "creditor": _("the creditor's legal name"),
    "creditor_tax_id": _("the creditor's CNPJ"),
    "creditor_address": _("the creditor's address"),
    "product": _("product"),
    "contract": _("contract number"),
    "amount": _("total owed today"),
    "principal": _("original amount"),
    "interest": _("interest"),
    "late_fee": _("late fee"),
    "correction": _("correction"),
    "costs": _("costs"),
    "due_date": _("due date"),
    "agreed_day": _("day of the agreement's next payment"),
    "days_late": _("days late"),
}


class TextForm(TextModelForm):
    """One version of one text. Key and channel are chosen once, for the first version."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    class Meta:
        model = Template
        fields = ["title", "key", "channel", "tone", "disclosure", "subject", "body"]
        widgets = {
            "body": forms.Textarea(attrs={"rows": 12, "spellcheck": "true"}),
            "key": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channel = self.fields["channel"]
        if isinstance(channel, forms.ChoiceField):
            channel.choices = WRITTEN
        if self.instance.pk:
            del self.fields["key"], self.fields["channel"]
            self.initial["revision"] = self.instance.revision

    def clean(self) -> dict[str, Any]:
        """Refuse placeholders that do not exist, each beside the field that holds it."""
        cleaned = super().clean() or {}
        for field in ("subject", "body"):
            try:
                wording.placeholders_in(cleaned.get(field) or "")
            except wording.PlaceholderError as error:
                found = readiness.Finding(kind="no_placeholder", found=error.found)
                self.add_error(field, text_reasons.explain(found).text)
        return cleaned

    def validate_unique(self) -> None:
        """Leave it to the service: a key and channel have many versions."""

    def validate_constraints(self) -> None:
        """Leave it to the service, which says who is writing the other draft."""

    @property
    def words(self) -> Words:
        """What was written, once it is known to be clean."""
        cleaned = self.cleaned_data
        return Words(
            title=cleaned["title"],
            tone=cleaned["tone"],
            disclosure=cleaned["disclosure"],
            body=cleaned["body"],
            subject=cleaned["subject"],
        )

    @property
    def has_subject(self) -> bool:
        """Whether its channel has one, where the channel is settled."""
        return not self.instance.pk or self.instance.channel in WITH_SUBJECT


class RefusalForm(forms.Form):
    """Why a text is not approved."""

    reason = forms.CharField(
        label=_("What should change"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
