"""Holds: dated reasons why contact with a debtor rests."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.vocabulary import HoldKind
from debtors.models import Debtor


class Hold(models.Model):
    """A reason to leave a debtor in peace, with author, from and until. Binds once committed."""

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="holds", verbose_name=_("debtor"))
    kind = models.CharField(_("kind"), max_length=15, choices=HoldKind)
    active_from = models.DateTimeField(_("from"))
    active_until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    end_source = models.CharField(_("why it ended"), max_length=200, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ["-active_from"]
        indexes = [models.Index(fields=["debtor"], name="hold_of_debtor")]

    def __str__(self) -> str:
        return self.kind
