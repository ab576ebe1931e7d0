"""Segments: sets of debtors who are treated alike, such as employees of a customer or victims of a flood."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from debtors.models.party import Debtor


class Segment(models.Model):
    """A set of debtors by name. A debtor may be in several; services put them in and take them out."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    note = models.CharField(
        _("who belongs here"), max_length=300, blank=True, help_text=_("So that colleagues decide alike.")
    )
    members = models.ManyToManyField(
        Debtor, related_name="segments", blank=True, verbose_name=_("debtors"), editable=False
    )

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
