"""The courteous texts that ladders and agents send."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.vocabulary import Channel, Disclosure, Tone


class Template(models.Model):
    """One text for one purpose and channel; placeholders are checked when it is saved."""

    key = models.SlugField(_("key"), max_length=40)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    title = models.CharField(_("title"), max_length=100)
    tone = models.CharField(_("tone"), max_length=10, choices=Tone, default=Tone.FRIENDLY)
    disclosure = models.CharField(_("tells"), max_length=10, choices=Disclosure, default=Disclosure.NEUTRAL)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("text"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ["key", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["key", "channel"], name="one_text_for_a_key_and_channel")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.get_channel_display()})"
