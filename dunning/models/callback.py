"""Calls that were promised for a moment, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dunning.models.case import Case
from dunning.vocabulary import CallbackState


class Callback(models.Model):
    """One promise of ours to call somebody. `services/callbacks.py` alone says what became of it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="callbacks", verbose_name=_("case"))
    due_at = models.DateTimeField(_("promised for"))
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("agreed by")
    )
    agreed_at = models.DateTimeField(_("agreed at"))
    state = models.CharField(_("state"), max_length=10, choices=CallbackState, default=CallbackState.OPEN)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("call promised")
        verbose_name_plural = _("calls promised")
        ordering = ["-due_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=CallbackState.OPEN), name="a_case_has_one_open_callback"
            ),
            models.CheckConstraint(
                name="a_callback_ended_exactly_when_it_says_how",
                condition=Q(state=CallbackState.OPEN, ended_at__isnull=True)
                | ~Q(state=CallbackState.OPEN) & Q(ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state=CallbackState.OPEN), name="callback_open_until"
            ),
            models.Index(fields=["state", "ended_at"], name="callback_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.due_at:%Y-%m-%d %H:%M}"
