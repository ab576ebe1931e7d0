"""Calls our provider places for agents: the two telephones of each, and the line they leave by."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Attempt


class PhoneCall(models.Model):
    """How one attempt at a call fared: the agent's telephone first, then the debtor's.

    `Attempt.provider_id` is the agent's part of it. The row is made in the moment in which the
    agent is there and the debtor's telephone is asked for: it exists once, so that is asked once.
    Only `contacts/services/bridging.py` moves it, its recording only `recordings.py`.
    """

    attempt = models.OneToOneField(
        Attempt, models.PROTECT, related_name="phone_call", verbose_name=_("attempt")
    )
    rung_at = models.DateTimeField(_("debtor's telephone asked for at"))
    debtor_call_id = models.CharField(
        _("provider's id of the debtor's part"), max_length=64, null=True, blank=True, unique=True
    )
    status = models.CharField(
        _("provider's last word"), max_length=20, blank=True, help_text=_("Of the debtor's part.")
    )
    answered_by = models.CharField(_("answered by"), max_length=30, blank=True)
    is_connected = models.BooleanField(_("connected with the agent"), default=False)
    agent_left_at = models.DateTimeField(_("agent hung up at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    is_recorded = models.BooleanField(_("recorded"), default=False)
    recording_id = models.CharField(_("provider's id of the recording"), max_length=64, blank=True)
    recording_url = models.CharField(_("where the recording is"), max_length=300, blank=True)
    recording_seconds = models.PositiveIntegerField(_("recorded seconds"), null=True, blank=True)
    recording_kept_at = models.DateTimeField(_("recording kept here since"), null=True, blank=True)
    recording_sha256 = models.CharField(_("SHA-256 of the recording"), max_length=64, blank=True)
    recording_tries = models.PositiveIntegerField(_("times it could not be fetched"), default=0)
    recording_removed_at = models.DateTimeField(_("recording removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("placed call")
        verbose_name_plural = _("placed calls")
        ordering = ["-rung_at", "-id"]
        permissions = [("listen_to_phonecall", "Can listen to the recordings of calls")]
        indexes = [
            models.Index(fields=["rung_at"], condition=Q(ended_at__isnull=True), name="phone_call_under_way"),
            models.Index(
                fields=["recording_tries", "id"],
                condition=Q(recording_kept_at__isnull=True, recording_removed_at__isnull=True)
                & ~Q(recording_id=""),
                name="recording_to_fetch",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="connected_to_a_human_only", condition=Q(is_connected=False) | Q(answered_by="human")
            ),
            models.CheckConstraint(
                name="a_kept_recording_has_its_hash",
                condition=Q(recording_kept_at=None, recording_sha256="")
                | Q(recording_kept_at__isnull=False) & ~Q(recording_sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.attempt_id)


class CallLine(models.Model):
    """The provider's account as a line that takes so many new calls a second, over all our processes."""

    account = models.CharField(_("account"), max_length=64, unique=True)
    next_at = models.DateTimeField(_("next call not before"))
    queue_ms = models.PositiveIntegerField(_("last call waited at the provider (ms)"), default=0)
    queue_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("call line")
        verbose_name_plural = _("call lines")

    def __str__(self) -> str:
        return self.account
