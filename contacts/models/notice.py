"""Notices to departments of the house or of a creditor: e-mails among colleagues, never to a debtor."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class InternalNotice(models.Model):
    """One e-mail to a department. It names nobody: whoever reads it opens the case, where he may see it."""

    about = models.CharField(_("about"), max_length=120, unique=True)
    to_email = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    wanted_at = models.DateTimeField(_("wanted at"))
    tried_at = models.DateTimeField(_("tried at"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    class Meta:
        verbose_name = _("internal notice")
        verbose_name_plural = _("internal notices")
        ordering = ["-wanted_at", "-id"]
        indexes = [
            models.Index(
                fields=["wanted_at"], condition=Q(sent_at__isnull=True), name="internal_notice_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.about
