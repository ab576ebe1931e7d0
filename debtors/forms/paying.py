"""What is asked when a debtor is given something to pay with, and where a creditor's money goes."""

import re
import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from collections_crm.lib import money
from debtors.banks import registry
from debtors.forms import AmountField, DayField
from debtors.models import ReceivingAccount
from debtors.queries import paying
from debtors.queries.paying import Choice
from debtors.rules import bank_slips, pix_keys
from debtors.vocabulary import RequestKind

NAMES = {
    paying.AGREED: _("The agreement's next payment"),
    paying.AGREED_REST: _("All that is left of the agreement"),
    paying.DUE: _("What is late"),
    paying.ALL: _("Everything that is open"),
    paying.PART: _("Another amount, towards it"),
}
KEY_ERRORS = {
    "not_a_key": _("This is no Pix key: CPF, CNPJ, e-mail, telephone with +55, or random key."),
    "too_long": _("A Pix key has 77 characters at most."),
    "bad_email": _("This e-mail address is not written rightly."),
    "bad_phone": _("This telephone is not written rightly: +55 11 98765-4321."),
    "bad_cpf": _("The check digits of this CPF are wrong."),
    "bad_cnpj": _("The check digits of this CNPJ are wrong."),
}


class PayForm(forms.Form):
    """Which amount, by what, until when. Its number is born with the form: sent twice, it issues one.

    `counted_for` is the day for which the amounts on the page were counted: asked for another day, they
    are shown anew before anything is issued.
    """

    number = forms.UUIDField(widget=forms.HiddenInput)
    counted_for = forms.DateField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("What to issue"), widget=forms.RadioSelect)
    choice = forms.ChoiceField(label=_("Amount"), widget=forms.RadioSelect)
    part = AmountField(label=_("Another amount (R$)"), required=False, help_text=_("As you say it: 1.234,56"))
    due_on = DayField(
        label=_("To be paid until"), help_text=_("The amounts hold until this day, interest included.")
    )

    def __init__(
        self,
        *args: Any,
        kinds: list[RequestKind],
        choices: tuple[Choice, ...],
        on: date,
        day: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.on, self.day = on, day
        self.initial.update(number=uuid.uuid4(), counted_for=day, due_on=day)
        named = [
            (each.name, f"{NAMES[each.name]}: {money.format_brl(each.amount_cents)}") for each in choices
        ]
        self._offer("kind", [(each.value, capfirst(each.label)) for each in kinds])
        self._offer("choice", [*named, (paying.PART, NAMES[paying.PART])] if named else [])

    def clean(self) -> dict[str, Any]:
        """Ask for the amount where another one was chosen."""
        cleaned = super().clean() or {}
        if cleaned.get("choice") == paying.PART and not cleaned.get("part") and "part" not in self.errors:
            self.add_error("part", _("Say which amount."))
        return cleaned

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
            self.initial.setdefault(name, choices[0][0] if choices else None)


class ReceivingAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where a creditor's money goes, checked as far as anybody but the bank can."""

    class Meta:
        model = ReceivingAccount
        fields = [
            "creditor", "pix_key", "pix_city", "pix_connection", "slip_bank", "slip_branch", "slip_account",
            "slip_wallet", "slip_agreement", "next_number", "slip_text",
        ]  # fmt: skip

    def clean_pix_key(self) -> str:
        """Return the key in its only written form."""
        typed: str = self.cleaned_data["pix_key"]
        if not typed:
            return ""
        try:
            return pix_keys.parse(typed).value
        except pix_keys.PixKeyError as error:
            raise ValidationError(KEY_ERRORS[error.code], code=error.code) from None

    def clean_pix_connection(self) -> str:
        """Refuse a connection that the settings do not hold."""
        name: str = self.cleaned_data["pix_connection"]
        if name and name not in registry.names():
            raise ValidationError(_("There is no connection of this name in PIX_BANKS."))
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse a key without its city, and account data that the bank's slips cannot hold."""
        cleaned = super().clean() or {}
        if cleaned.get("pix_key") and not cleaned.get("pix_city"):
            self.add_error("pix_city", _("A Pix code names the receiver's city."))
        if not (cleaned.get("pix_key") or cleaned.get("slip_bank") or self.errors):
            self.add_error("pix_key", _("Give a Pix key or the bank of the boletos."))
        wanted = bank_slips.digits_of(cleaned.get("slip_bank") or "")
        for name in ("branch", "account", "wallet", "agreement"):
            typed, digits = cleaned.get(f"slip_{name}") or "", wanted.get(name, 0)
            if not re.fullmatch(rf"[0-9]{{{digits}}}", typed):
                self.add_error(f"slip_{name}", _digits_error(digits))
        return cleaned


def _digits_error(digits: int) -> Any:
    if not digits:
        return _("This bank's boletos do not need it: leave it empty.")
    words = ngettext("This bank wants %(n)d digit here.", "This bank wants %(n)d digits here.", digits)
    return words % {"n": digits}
