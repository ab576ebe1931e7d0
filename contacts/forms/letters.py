"""What a manager types of letters: the day on which a pile went to the post."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from debtors.forms import DayField


class PostedForm(forms.Form):
    """The day on which the letters of a batch were handed to the post."""

    posted_on = DayField(label=_("Day they go to the post"))

    def __init__(self, *args: Any, on: date, made_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.made_on = on, made_on
        self.initial.setdefault("posted_on", on)

    def clean_posted_on(self) -> date:
        """Refuse a day that is still to come, or on which the letters did not exist."""
        day: date = self.cleaned_data["posted_on"]
        if day > self.on:
            raise forms.ValidationError(_("This day is still to come: say it when you go to the post."))
        if day < self.made_on:
            raise forms.ValidationError(_("On that day the batch did not exist yet."))
        return day
