"""Differences between a ledger and what it must be: while one is open, nobody is asked for the debt."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.debt import Debt


class LedgerDoubt(models.Model):
    """One debt whose entries were found not to follow from its payments; closed when they do again."""

    debt = models.ForeignKey(Debt, models.PROTECT, related_name="doubts", verbose_name=_("debt"))
    differences = models.JSONField(_("differences"), default=list)
    found_at = models.DateTimeField(_("found at"))
    last_at = models.DateTimeField(_("last seen"))
    closed_at = models.DateTimeField(_("mended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("ledger in doubt")
        verbose_name_plural = _("ledgers in doubt")
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["debt"], condition=Q(closed_at__isnull=True), name="a_debt_is_in_doubt_once"
            )
        ]

    def __str__(self) -> str:
        return f"debt {self.debt_id}"
