"""What good payers get, as managers set it. Points are kept nowhere: they follow from the ledger."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from debtors.models.party import Creditor


class LoyaltyRules(models.Model):
    """How a creditor counts points for paying in time."""

    creditor = models.OneToOneField(
        Creditor, models.PROTECT, related_name="loyalty", verbose_name=_("creditor")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    points_in_time = models.PositiveSmallIntegerField(
        _("points for an installment paid in time"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    points_late = models.PositiveSmallIntegerField(
        _("points less for one paid late, or not yet"), default=5, validators=[MaxValueValidator(1000)]
    )

    class Meta:
        verbose_name = _("good payers of a creditor")
        verbose_name_plural = _("good payers")
        ordering = ["creditor__brand"]

    def __str__(self) -> str:
        return f"{self.creditor}"


class LoyaltyLevel(models.Model):
    """One level, and what it brings."""

    rules = models.ForeignKey(LoyaltyRules, models.CASCADE, related_name="levels", verbose_name=_("rules"))
    from_points = models.PositiveIntegerField(_("from so many points on"))
    name = models.CharField(_("name"), max_length=30)
    benefit = models.CharField(
        _("what it brings"),
        max_length=100,
        blank=True,
        help_text=_("As it is said to the debtor: frete grátis, entrega no mesmo dia."),
    )

    class Meta:
        verbose_name = _("level of good payers")
        verbose_name_plural = _("levels of good payers")
        ordering = ["from_points"]
        constraints = [
            models.UniqueConstraint(fields=["rules", "from_points"], name="one_level_for_a_number_of_points")
        ]

    def __str__(self) -> str:
        return self.name
