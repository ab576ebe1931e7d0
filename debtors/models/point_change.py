"""The history of a contact point: whose it was said to be, how it stood, since when and who said so."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from debtors.models.party import ContactPoint
from debtors.vocabulary import PointKind, PointStatus


class PointChange(models.Model):
    """What a contact point became at a moment, and how we know; written once, never edited."""

    point = models.ForeignKey(
        ContactPoint, models.PROTECT, related_name="changes", verbose_name=_("contact point")
    )
    kind = models.CharField(_("whose"), max_length=12, choices=PointKind)
    status = models.CharField(_("status"), max_length=15, choices=PointStatus)
    source = models.CharField(_("how we know"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    changed_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("change of a contact point")
        verbose_name_plural = _("changes of contact points")
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
