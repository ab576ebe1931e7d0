"""How late a provider's list shows what the provider took: how long to wait before absence means anything."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Attempt


class ListDelay(models.Model):
    """What was measured at one provider. Only `contacts/services/list_delays.py` writes it.

    One accepted attempt is watched at a time, until the list shows it. `longest` is the longest time
    from the provider's word to the list's that was ever measured, `last` the latest.
    """

    channel = models.CharField(_("channel"), max_length=10)
    provider = models.CharField(_("provider"), max_length=20)
    watched = models.ForeignKey(
        Attempt, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("watched")
    )
    looked_at = models.DateTimeField(_("last looked at"))
    absent_for = models.DurationField(_("not shown for"), default=timedelta)
    last = models.DurationField(_("last delay"), null=True, blank=True)
    longest = models.DurationField(_("longest delay"), default=timedelta)

    class Meta:
        verbose_name = _("delay of a provider's list")
        verbose_name_plural = _("delays of providers' lists")
        ordering = ["channel", "provider"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "provider"], name="a_list_is_measured_in_one_row")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.provider}"
