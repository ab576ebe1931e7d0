"""Preferences: when, and by which channels, a debtor would rather be contacted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models import Debtor


class Preference(models.Model):
    """What one debtor asked for, from a day on. It narrows the policy for him and binds once committed.

    `windows` holds the days he spoke of, as in the policy's JSON; of the others he has no wish.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="preferences", verbose_name=_("debtor"))
    windows = models.JSONField(_("best times"), default=dict, blank=True)
    unwanted_channels = models.JSONField(_("channels not wanted"), default=list, blank=True)
    source = models.CharField(_("how we know"), max_length=200)
    active_from = models.DateTimeField(_("from"))
    active_until = models.DateTimeField(_("until"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    end_source = models.CharField(_("how we know of its end"), max_length=200, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        ordering = ["-active_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["debtor"],
                condition=Q(active_until__isnull=True),
                name="a_debtor_has_one_preference_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return self.source
