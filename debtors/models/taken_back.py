"""Payments that were taken back: a bounced cheque, a returned Pix, a mistake. Written once."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from debtors.models.payment import Payment


class TakenBack(models.Model):
    """One payment that counts no more, and why. Its entries are reversed; the rows stay."""

    payment = models.OneToOneField(
        Payment, models.PROTECT, related_name="taken_back", verbose_name=_("payment")
    )
    reason = models.CharField(_("reason"), max_length=200)
    on = models.DateField(_("day"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("payment taken back")
        verbose_name_plural = _("payments taken back")

    def __str__(self) -> str:
        return f"{self.payment_id} on {self.on}"
