"""Debts and the installments they fall due in."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.party import Creditor, Debtor, Portfolio
from debtors.vocabulary import Instrument


class Debt(models.Model):
    """What one debtor owes one creditor under one contract."""

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="debts", verbose_name=_("debtor"))
    creditor = models.ForeignKey(Creditor, models.PROTECT, related_name="debts", verbose_name=_("creditor"))
    portfolio = models.ForeignKey(
        Portfolio, models.PROTECT, related_name="debts", verbose_name=_("portfolio")
    )
    contract = models.CharField(_("contract"), max_length=60)
    product = models.CharField(_("product"), max_length=120, blank=True)
    original_creditor = models.CharField(_("original creditor"), max_length=200, blank=True)
    instrument = models.CharField(
        _("instrument"), max_length=10, choices=Instrument, default=Instrument.BOLETO
    )
    limitation_on = models.DateField(
        _("prescribed from"),
        null=True,
        blank=True,
        help_text=_(
            "From this day on nothing is asked for it any more. Empty: it is found at night from the last "
            "due date and the instrument, where the law says it."
        ),
    )
    late_fee_rate = models.DecimalField(
        _("late fee of this contract (fraction)"),
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("0.1"))],
        help_text=_("Empty: the creditor's own. Of a person 0.02 (2 %) at most, of a company 0.1."),
    )
    monthly_interest_rate = models.DecimalField(
        _("interest a month of this contract (fraction)"),
        max_digits=6,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("0.2"))],
        help_text=_("Empty: the creditor's own. 0.01 is 1 % a month."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("debt")
        verbose_name_plural = _("debts")
        constraints = [
            models.UniqueConstraint(fields=["creditor", "contract"], name="a_creditor_has_a_contract_once"),
            models.CheckConstraint(
                name="late_fee_of_a_contract_is_at_most_a_tenth",
                condition=Q(late_fee_rate__isnull=True)
                | Q(late_fee_rate__gte=0, late_fee_rate__lte=Decimal("0.1")),
            ),
        ]
        indexes = [
            models.Index(fields=["debtor", "creditor"], name="debt_of_debtor_and_creditor"),
            models.Index(fields=["portfolio", "debtor"], name="debt_of_portfolio"),
        ]

    def __str__(self) -> str:
        return self.contract


class Installment(models.Model):
    """One agreed part of a debt and the day it falls due. What is still open follows from the ledger."""

    debt = models.ForeignKey(Debt, models.PROTECT, related_name="installments", verbose_name=_("debt"))
    number = models.PositiveSmallIntegerField(_("number"))
    due_on = models.DateField(_("due on"))
    amount_cents = models.BigIntegerField(_("amount (centavos)"))

    class Meta:
        verbose_name = _("installment")
        verbose_name_plural = _("installments")
        ordering = ["due_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["debt", "number"], name="a_debt_has_an_installment_once"),
            models.CheckConstraint(name="an_installment_is_worth_something", condition=Q(amount_cents__gt=0)),
        ]
        indexes = [models.Index(fields=["due_on"], name="installment_due_on")]

    def __str__(self) -> str:
        return f"{self.debt_id}/{self.number}"
