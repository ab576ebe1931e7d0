"""Notices to colleagues and departments, never to a debtor; and the alarms that colleagues were told of."""

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


class RaisedAlarm(models.Model):
    """One alarm from the moment it was raised until it has been quiet for a while: told of once."""

    code = models.CharField(_("alarm"), max_length=30)
    raised_at = models.DateTimeField(_("raised at"))
    seen_at = models.DateTimeField(_("last seen at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("raised alarm")
        verbose_name_plural = _("raised alarms")
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(ended_at__isnull=True), name="an_alarm_is_raised_once"
            )
        ]

    def __str__(self) -> str:
        return self.code
