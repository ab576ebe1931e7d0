"""Previews: what a draft of the policy would have changed, counted contact by contact."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.policy import ContactPolicy
from contacts.vocabulary import PreviewState

UNFINISHED = [PreviewState.WAITING, PreviewState.RUNNING]


class PolicyPreview(models.Model):
    """One replay of a draft against the version in force; `done` of `total` contacts are judged.

    It is divided into parts, which workers judge side by side. Only `contacts/services/previewing.py`
    moves it, `policy_drafts.py` and `policy.py` make it outdated.
    """

    draft = models.ForeignKey(ContactPolicy, models.CASCADE, related_name="previews", verbose_name=_("draft"))
    base = models.ForeignKey(
        ContactPolicy, models.PROTECT, null=True, related_name="+", verbose_name=_("compared with")
    )
    revision = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=PreviewState, default=PreviewState.WAITING)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("as of"))
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    result = models.JSONField(null=True)
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("preview")
        verbose_name_plural = _("previews")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=Q(state__in=UNFINISHED), name="one_unfinished_preview_of_a_draft"
            ),
            models.CheckConstraint(
                name="a_finished_preview_has_a_result",
                condition=~Q(state=PreviewState.DONE) | Q(result__isnull=False, finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state__in=UNFINISHED), name="preview_to_be_worked_out")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.state}"


class PreviewPart(models.Model):
    """Some debtors of a running preview, by their ids, in the hands of one worker until its lease is over.

    `starts` is the fence: how often it was taken, moved by whoever takes it. Once it has its result it is
    done with, and it goes when the preview is done.
    """

    preview = models.ForeignKey(
        PolicyPreview, models.CASCADE, related_name="parts", verbose_name=_("preview")
    )
    number = models.PositiveIntegerField()
    debtors = models.JSONField()
    starts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    result = models.JSONField(null=True)

    class Meta:
        verbose_name = _("part of a preview")
        verbose_name_plural = _("parts of previews")
        ordering = ["preview", "number"]
        constraints = [
            models.UniqueConstraint(fields=["preview", "number"], name="a_part_of_a_preview_is_there_once")
        ]

    def __str__(self) -> str:
        return f"{self.preview_id}/{self.number}"
