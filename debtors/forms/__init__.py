"""What people type about debts: amounts, days and payments, read as Brazilians write them."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import dates, money, phones, tax_ids
from debtors.models import Creditor, Debt, Debtor, Portfolio
from debtors.vocabulary import PaymentMethod, PriceIndex, TransitKind

AMOUNT_ERRORS = {
    "not_an_amount": _("This is not an amount: write 1.234,56."),
    "ambiguous": _("This amount can be read in two ways, a thousand apart: write 1.234,56."),
    "too_large": _("The amount is too large to be true."),
}
DATE_ERRORS = {
    "not_a_date": _("This is not a date: write 21/11/2026."),
    "no_such_day": _("There is no such day: the day comes first, then the month."),
    "two_digit_year": _("Write the year with four digits."),
    "out_of_range": _("The year must be between 1900 and 2100."),
}


class AmountField(forms.CharField):
    """An amount of money above zero; its value is centavos."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        own = {"inputmode": "decimal", "data-mask": "money", "class": "money", "autocomplete": "off"}
        return super().widget_attrs(widget) | own

    def prepare_value(self, value: Any) -> Any:
        return money.format_plain(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return centavos, or None for nothing typed where that is allowed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            cents = money.parse(text, dot_groups_thousands=True)
        except money.AmountError as error:
            raise ValidationError(AMOUNT_ERRORS[error.code], code=error.code) from None
        if cents <= 0:
            raise ValidationError(_("The amount must be above zero."), code="not_above_zero")
        return cents


class DayField(forms.CharField):
    """A day, typed or pasted as `21/11/2026`; its value is a date."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        own = {
            "inputmode": "numeric",
            "data-mask": "date",
            "placeholder": _("dd/mm/yyyy"),
            "autocomplete": "off",
        }
        return super().widget_attrs(widget) | own

    def prepare_value(self, value: Any) -> Any:
        return dates.format_br(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        """Return the day, or None for nothing typed where that is allowed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return dates.parse(text)
        except dates.DateError as error:
            raise ValidationError(DATE_ERRORS[error.code], code=error.code) from None


TAX_ID_ERRORS = {
    "bad_length": _("A CPF has 11 digits and a CNPJ has 14 characters."),
    "bad_character": _("A CPF has digits only; a CNPJ has digits and letters, its last two being digits."),
    "repeated_digits": _("A CPF or CNPJ of one repeated character does not exist."),
    "bad_check_digits": _("The check digits are wrong: look at the last two digits again."),
}


class TaxIdField(forms.CharField):
    """A CPF or CNPJ, typed with or without its punctuation; its value is the bare number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"data-mask": "tax_id", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """Return the number, checked."""
        text = super().clean(value)
        if not text:
            return text
        try:
            return tax_ids.parse(text).number
        except tax_ids.TaxIdError as error:
            raise ValidationError(TAX_ID_ERRORS[error.code], code=error.code) from None


PHONE_ERRORS = {
    "not_a_phone": _("This is not a telephone number: write (11) 98765-4321."),
    "no_area_code": _("The area code (DDD) is missing: write (11) 98765-4321."),
    "bad_area_code": _("There is no such area code (DDD) in Brazil."),
    "bad_number": _("There is no such number: count its digits once more."),
    "not_ours": _("It must be a Brazilian number of its own: no 0800 or 4004, none of abroad."),
}


class OwnPhoneField(forms.CharField):
    """A person's or a desk's own Brazilian number, typed as people write it; its value is E.164 or empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "tel", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        return phones.format_national(value) if isinstance(value, str) and phones.area_code(value) else value

    def clean(self, value: Any) -> str:
        """Return the number, or nothing where nothing was typed."""
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            found = phones.parse(text)
        except phones.PhoneError as error:
            raise ValidationError(PHONE_ERRORS[error.code], code=error.code) from None
        if found.kind == phones.PhoneKind.SERVICE or phones.area_code(found.e164) is None:
            raise ValidationError(PHONE_ERRORS["not_ours"], code="not_ours")
        return found.e164


class ColleaguePhoneForm(forms.Form):
    """The telephone that rings first when a call is placed for a colleague."""

    phone = OwnPhoneField(
        label=_("Telephone at the desk"),
        required=False,
        help_text=_("With area code. It rings first, then the debtor's. Empty: nobody is called for him."),
    )


class DebtorField(TaxIdField):
    """A debtor, named by CPF or CNPJ: a list of everybody would be neither short nor discreet."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("CPF or CNPJ of the debtor"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Return the debtor."""
        number = super().clean(value)
        debtor = Debtor.objects.filter(tax_id=number).first()
        if debtor is None:
            raise ValidationError(_("Nobody here has this CPF or CNPJ."), code="unknown")
        return debtor


class PaymentForm(forms.Form):
    """One payment that somebody saw arrive. Its number is born with the form: sent twice, it is one."""

    number = forms.UUIDField(widget=forms.HiddenInput)
    amount = AmountField(label=_("Amount received (R$)"), help_text=_("As you say it: 1.234,56"))
    paid_on = DayField(label=_("Day it arrived"))
    method = forms.ChoiceField(
        label=_("How it was paid"), choices=PaymentMethod.choices, widget=forms.RadioSelect
    )
    debt = forms.ModelChoiceField(
        label=_("Contract it is meant for"),
        queryset=Debt.objects.none(),
        required=False,
        empty_label=_("Oldest first, all contracts"),
        help_text=_("Choose one only if the payer named it."),
    )

    def __init__(self, *args: Any, debtor: Debtor, creditor: Creditor, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.initial.setdefault("number", uuid.uuid4())
        self.initial.setdefault("paid_on", on)
        chosen = self.fields["debt"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = Debt.objects.filter(debtor=debtor, creditor=creditor).order_by("pk")

    def clean_paid_on(self) -> date:
        """Refuse a day that is still to come."""
        day: date = self.cleaned_data["paid_on"]
        if day > self.on:
            raise ValidationError(_("This day is still to come: record the payment when it has arrived."))
        return day


class ReasonForm(forms.Form):
    """Why something is taken back, for whoever reads it later."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Whoever looks at this account later will read it: a returned Pix, the wrong debtor …"),
    )


class PaymentsFileForm(forms.Form):
    """A file of payments of one creditor."""

    creditor = forms.ModelChoiceField(label=_("Creditor"), queryset=Creditor.objects.filter(is_active=True))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX with the columns id_pagamento, cpf_cnpj or contrato, valor, data, forma."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )


class ReturnFileForm(forms.Form):
    """A bank's return file, and the creditor whose slips it tells of."""

    creditor = forms.ModelChoiceField(label=_("Creditor"), queryset=Creditor.objects.filter(is_active=True))
    file = forms.FileField(
        label=_("File"),
        help_text=_("As the bank gave it (.ret, .txt): CNAB 240 or CNAB 400."),
        widget=forms.FileInput(attrs={"accept": ".ret,.txt,.crt,.rem"}),
    )


class TransitForm(forms.Form):
    """What somebody was given to pay."""

    kind = forms.ChoiceField(
        label=_("What was issued"), choices=TransitKind.choices, widget=forms.RadioSelect
    )
    amount = AmountField(label=_("Amount (R$)"))
    expires_on = DayField(label=_("It expires on"), help_text=_("The last day on which it can be paid."))
    number = forms.CharField(
        label=_("Its number (nosso número or txid)"),
        max_length=40,
        required=False,
        help_text=_("With it the bank's word of the payment finds its debtor by itself."),
    )


class RatesFileForm(forms.Form):
    """A file with the monthly rates of one index."""

    index = forms.ChoiceField(label=_("Index"), choices=PriceIndex.choices)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX: month and rate in per cent. Months known already stay as they are."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )


class DebtsFileForm(forms.Form):
    """A file of debts, and the portfolio in which new ones are worked."""

    portfolio = forms.ModelChoiceField(
        label=_("Portfolio"),
        queryset=Portfolio.objects.filter(creditor__is_active=True).select_related("creditor"),
        empty_label=_("Choose a portfolio"),
        help_text=_("New debts go here. Debts known already stay where they are."),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, up to 20 MB and 200,000 rows. Nothing is written before you confirm."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        portfolios = list(Portfolio.objects.filter(creditor__is_active=True)[:2])
        self.has_portfolios = bool(portfolios)
        if len(portfolios) == 1:
            self.initial.setdefault("portfolio", portfolios[0])
