"""The courteous texts that ladders and agents send: drafts, and versions that stay as they were approved."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.vocabulary import Channel, Disclosure, TemplateState, Tone

UNDECIDED = [TemplateState.DRAFT, TemplateState.WAITING]


class Template(models.Model):
    """One version of one text for one purpose and channel. Only `contacts/services/templates.py` moves it.

    `revision` counts the edits of a draft, so that nobody approves what he has not read. The
    database refuses to change the words of a version that was ever approved. What the house ships
    has no author and needs nobody's approval.
    """

    key = models.SlugField(_("key"), max_length=40, help_text=_("By this ladders know it, in every channel."))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    version = models.PositiveIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=TemplateState, default=TemplateState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    title = models.CharField(_("title"), max_length=100)
    tone = models.CharField(_("tone"), max_length=10, choices=Tone, default=Tone.FRIENDLY)
    disclosure = models.CharField(_("tells"), max_length=10, choices=Disclosure, default=Disclosure.NEUTRAL)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("text"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"), null=True)
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("everybody who wrote at it")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("why it was not approved"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ["key", "channel", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "channel", "version"], name="one_text_for_a_key_channel_and_version"
            ),
            models.UniqueConstraint(
                fields=["key", "channel"],
                condition=Q(state=TemplateState.APPROVED),
                name="one_text_in_use_for_a_key_and_channel",
            ),
            models.UniqueConstraint(
                fields=["key", "channel"],
                condition=Q(state__in=UNDECIDED),
                name="one_draft_for_a_key_and_channel",
            ),
            models.CheckConstraint(
                name="a_text_in_use_was_approved_by_a_colleague",
                condition=~Q(state=TemplateState.APPROVED)
                | Q(written_by__isnull=True)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("written_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_channel_display()})"

    @property
    def is_undecided(self) -> bool:
        """Whether it is still being written or waits for approval."""
        return self.state in UNDECIDED
