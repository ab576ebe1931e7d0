"""Wrong tries of the digits that open a proposal's page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from debtors.models.agreement import Agreement


class WrongDigits(models.Model):
    """One wrong try, for as long as it counts. Nothing of what was typed is kept."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="wrong_digits", verbose_name=_("agreement")
    )
    tried_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("wrong try of a proposal's digits")
        verbose_name_plural = _("wrong tries of a proposal's digits")

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.tried_at}"
