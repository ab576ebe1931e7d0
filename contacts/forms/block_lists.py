"""A do-not-call list as a manager hands it in: its file, what it is, and why it is switched off."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from contacts import reasons
from contacts.models import BlockList
from contacts.rules.number_lists import read_numbers
from contacts.services import block_lists
from contacts.vocabulary import Channel

if TYPE_CHECKING:
    BlockListModelForm = forms.ModelForm[BlockList]
else:
    BlockListModelForm = forms.ModelForm

MEGABYTE = 2**20
MOST_BYTES = 50 * MEGABYTE
LINES_SHOWN = 20


class BlockListForm(BlockListModelForm):
    """A list and its file, one number a line; a file takes the place of the one before."""

    channels = forms.MultipleChoiceField(
        label=_("Binds these channels"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked: every channel."),
    )
    file = forms.FileField(
        label=_("File of the numbers"),
        help_text=_("CSV or text, one number a line. It replaces all numbers of the list, or none."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt"}),
    )
    reason = forms.CharField(
        label=_("Why it binds less, or not at all"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept for good, with your name."),
    )

    class Meta:
        model = BlockList
        fields = ["name", "law", "source", "is_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content: bytes | None = None
        self.numbers: Collection[str] | None = None
        if self.instance.pk:
            self.fields["file"].required = False
            self.initial["channels"] = self.instance.channels

    def clean_file(self) -> Any:
        """Read the file; each wrong line is named."""
        file = self.cleaned_data["file"]
        if file is None:
            return None
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(
                _("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // MEGABYTE}
            )
        self.content = file.read()
        read = read_numbers(self.content)
        if read.errors:
            wrong = reasons.wrong_lines(read.errors, most=LINES_SHOWN)
            raise ValidationError([*wrong, _("Nothing was imported.")])
        if not read.numbers:
            raise ValidationError(_("There is no number in this file."))
        self.numbers = read.numbers
        return file

    def clean(self) -> dict[str, Any]:
        """A list binds less only with a reason."""
        cleaned = super().clean() or {}
        if (cleaned.get("reason") or "").strip():
            return cleaned
        was_on = BlockList.objects.filter(pk=self.instance.pk, is_on=True).exists()
        after = BlockList(pk=self.instance.pk, channels=cleaned.get("channels") or [])
        if was_on and not cleaned.get("is_on"):
            self.add_error("reason", _("Write why the list is switched off."))
        elif block_lists.binds_less(after, numbers=self.numbers):
            self.add_error("reason", _("Write why: fewer channels, or many numbers less, than now."))
        return cleaned
