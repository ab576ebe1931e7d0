"""What providers tell us, kept raw under a unique key: applied once, however often it is told."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Attempt


class ProviderEvent(models.Model):
    """One status word of one provider message (or one inbound message), with its raw payload."""

    provider = models.CharField(_("provider"), max_length=20)
    provider_id = models.CharField(_("provider's id"), max_length=100)
    status = models.CharField(_("status"), max_length=30)
    attempt = models.ForeignKey(
        Attempt, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("attempt")
    )
    payload = models.JSONField(_("raw payload"))
    received_at = models.DateTimeField(_("received at"))

    class Meta:
        verbose_name = _("provider event")
        verbose_name_plural = _("provider events")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_id", "status"], name="a_provider_says_a_thing_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider_id} {self.status}"
