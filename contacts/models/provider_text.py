"""What providers call our texts: WhatsApp sends nothing unasked but a text it approved and gave a name."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.template import Template

is_content_sid = RegexValidator(
    r"^HX[0-9a-f]{32}\Z", _("It begins with HX; 32 digits and letters a to f follow.")
)


class ProviderText(models.Model):
    """The provider's name for one of our WhatsApp texts, word for word the one that was approved there."""

    template = models.OneToOneField(
        Template, models.PROTECT, related_name="provider_text", verbose_name=_("template")
    )
    content_sid = models.CharField(
        _("ContentSid"),
        max_length=34,
        unique=True,
        validators=[is_content_sid],
        help_text=_("HX…, from Twilio."),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("approved WhatsApp text")
        verbose_name_plural = _("approved WhatsApp texts")
        ordering = ["template__key"]

    def __str__(self) -> str:
        return self.content_sid
