"""What a creditor lets be agreed: set by managers beforehand, crossed by nobody."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.party import Creditor
from debtors.vocabulary import WhenBroken

PERCENT: dict[str, Any] = {
    "max_digits": 5,
    "decimal_places": 2,
    "validators": [MinValueValidator(0), MaxValueValidator(100)],
}
MOST_PAYMENTS, MOST_DAYS, MOST_REMINDER_DAYS = 120, 180, 15


def numbers_of_payments(text: str) -> tuple[int, ...]:
    """Return the numbers in a list like `3, 6, 12`, rising. Raises ValueError for anything else."""
    found = sorted({int(part) for part in text.split(",") if part.strip()})
    if any(not 2 <= number <= MOST_PAYMENTS for number in found):
        raise ValueError(text)
    return tuple(found)


def refuse_no_list_of_numbers(text: str) -> None:
    """Raise ValidationError unless the text is a list of numbers of payments."""
    try:
        numbers_of_payments(text)
    except ValueError:
        raise ValidationError(_("Write numbers from 2 to 120 with commas between them: 3, 6, 12.")) from None


def _payments(label: Any, default: int) -> Any:
    limits = [MinValueValidator(1), MaxValueValidator(MOST_PAYMENTS)]
    return models.PositiveSmallIntegerField(label, default=default, validators=limits)


def _days(label: Any, default: int) -> Any:
    return models.PositiveSmallIntegerField(label, default=default, validators=[MaxValueValidator(MOST_DAYS)])


class OfferRules(models.Model):
    """One creditor's rules for agreements. Without them, or with a fault in them, nothing is agreed."""

    creditor = models.OneToOneField(
        Creditor, models.PROTECT, related_name="offer_rules", verbose_name=_("creditor")
    )
    is_active = models.BooleanField(_("agreements may be made"), default=True)
    floor_percent = models.DecimalField(
        _("floor (% of everything owed)"),
        default=100,
        help_text=_("Nobody may accept less, a manager neither."),
        **PERCENT,
    )
    min_down_payment_percent = models.DecimalField(
        _("least first payment (% of what is agreed)"),
        default=0,
        help_text=_("Of agreements in several payments."),
        **PERCENT,
    )
    min_payment_cents = models.PositiveIntegerField(
        _("least payment (centavos)"), default=5_000, validators=[MinValueValidator(1)]
    )
    offered_payments = models.CharField(
        _("numbers of payments that are offered"),
        max_length=60,
        blank=True,
        default="3, 6, 12",
        validators=[refuse_no_list_of_numbers],
        help_text=_("With commas between them. Paying at once is always offered."),
    )
    days_to_first = models.PositiveSmallIntegerField(
        _("days until the first payment of an offer"), default=5, validators=[MaxValueValidator(MOST_DAYS)]
    )
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace"),
        default=5,
        validators=[MaxValueValidator(60)],
        help_text=_("An agreement is broken when a payment is missing so many days after its own."),
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("reminder before each payment (days)"),
        default=3,
        validators=[MaxValueValidator(MOST_REMINDER_DAYS)],
        help_text=_("Of an agreement's payments. 0: nobody is reminded."),
    )
    when_broken = models.CharField(
        _("when an agreement is broken"), max_length=6, choices=WhenBroken, default=WhenBroken.UNDONE
    )
    exit_cents = models.PositiveIntegerField(
        _("exit point (centavos)"),
        default=0,
        help_text=_("Of less than this an agreement costs more than it brings: none is offered."),
    )
    exit_days_late = models.PositiveSmallIntegerField(
        _("exit point (days late)"),
        null=True,
        blank=True,
        help_text=_("Of older debts nothing is offered. Empty: no such limit."),
    )
    agent_extra_percent = models.DecimalField(_("agent: discount beyond the offer (%)"), default=0, **PERCENT)
    agent_most_payments = _payments(_("agent: payments at most"), 12)
    agent_most_days = _days(_("agent: days to the first payment at most"), 10)
    supervisor_extra_percent = models.DecimalField(
        _("supervisor: discount beyond the offer (%)"), default=0, **PERCENT
    )
    supervisor_most_payments = _payments(_("supervisor: payments at most"), 18)
    supervisor_most_days = _days(_("supervisor: days to the first payment at most"), 20)
    manager_extra_percent = models.DecimalField(
        _("manager: discount beyond the offer (%)"), default=0, **PERCENT
    )
    manager_most_payments = _payments(_("manager: payments at most"), 36)
    manager_most_days = _days(_("manager: days to the first payment at most"), 45)

    class Meta:
        verbose_name = _("creditor's rules for agreements")
        verbose_name_plural = _("rules for agreements")
        ordering = ["creditor__brand"]
        constraints = [
            models.CheckConstraint(
                name="a_floor_is_a_share", condition=Q(floor_percent__gte=0, floor_percent__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return str(self.creditor)


class DiscountBand(models.Model):
    """What is offered of debts at least so many days late."""

    rules = models.ForeignKey(OfferRules, models.CASCADE, related_name="bands", verbose_name=_("rules"))
    from_days_late = models.PositiveSmallIntegerField(_("days late, at least"))
    one_off_percent = models.DecimalField(_("discount for paying at once (%)"), default=0, **PERCENT)
    installments_percent = models.DecimalField(_("discount in installments (%)"), default=0, **PERCENT)

    class Meta:
        verbose_name = _("discount by age of the debt")
        verbose_name_plural = _("discounts by age of the debt")
        ordering = ["from_days_late"]
        constraints = [
            models.UniqueConstraint(fields=["rules", "from_days_late"], name="one_discount_for_an_age")
        ]

    def __str__(self) -> str:
        return f"{self.from_days_late}"
