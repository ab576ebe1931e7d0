"""A whole number as a manager types it: as text, so that what cannot be read is told, and not lost."""

import re
from typing import Any

from django import forms


class FigureField(forms.IntegerField):
    """A whole number. A browser's own number field hands in nothing for `2e`, and nothing is no limit."""

    widget = forms.TextInput
    re_decimal = re.compile(r"(?!)")  # `10.000` is ten thousand here, and no ten with decimals

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off", "size": 6}
