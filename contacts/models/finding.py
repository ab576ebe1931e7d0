"""Findings: what stopped contact although nobody wished it, for managers to see and mend."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.vocabulary import FindingKind


class Finding(models.Model):
    """Something that could not be read or judged, so that nothing left: one row while it lasts."""

    kind = models.CharField(_("what"), max_length=12, choices=FindingKind)
    detail = models.CharField(_("where"), max_length=200, blank=True)
    first_at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(_("last seen"))
    times = models.PositiveIntegerField(_("times"), default=1)
    closed_at = models.DateTimeField(_("mended at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "detail"],
                condition=Q(closed_at__isnull=True),
                name="an_open_finding_is_one_row",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.detail}"
