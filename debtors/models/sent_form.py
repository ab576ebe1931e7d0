"""What was sent once from a page, so that it is done once."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SentForm(models.Model):
    """A form as a colleague sent it, and where its answer led; empty while it is being answered.

    `fingerprint` is a SHA-256, in hex, of who sent it, where to, and all that was in it, the token of the
    page among it: the same words from a page that was opened anew are another form.
    """

    fingerprint = models.CharField(primary_key=True, max_length=64)
    sent_at = models.DateTimeField(_("at"), db_index=True)
    leads_to = models.TextField(blank=True)

    class Meta:
        verbose_name = _("form as it was sent")
        verbose_name_plural = _("forms as they were sent")

    def __str__(self) -> str:
        return self.fingerprint[:12]
