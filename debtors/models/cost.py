"""Costs that the delay of a debt has caused: a notary's fee, a returned cheque's."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.debt import Debt


class Cost(models.Model):
    """One cost of one debt. Never edited; what is forgiven of it is a discount."""

    debt = models.ForeignKey(Debt, models.PROTECT, related_name="costs", verbose_name=_("debt"))
    amount_cents = models.BigIntegerField(_("amount (centavos)"))
    incurred_on = models.DateField(_("since"))
    reason = models.CharField(_("what for"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ["incurred_on", "id"]
        constraints = [
            models.CheckConstraint(name="a_cost_is_worth_something", condition=Q(amount_cents__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} since {self.incurred_on}"
