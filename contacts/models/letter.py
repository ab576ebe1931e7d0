"""Letters: what each says, its print with the hash, and the batches in which managers post them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Attempt, Contact


class LetterBatch(models.Model):
    """Letters that a manager prints and posts together. Only `services/letter_batches.py` moves it."""

    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    posted_on = models.DateField(_("posted on"), null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("posted by")
    )
    marked_at = models.DateTimeField(_("marked as posted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch of letters")
        verbose_name_plural = _("batches of letters")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="a_posted_batch_says_when_and_by_whom",
                condition=Q(posted_on__isnull=True, posted_by__isnull=True, marked_at__isnull=True)
                | Q(posted_on__isnull=False, posted_by__isnull=False, marked_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"


class Letter(models.Model):
    """One letter of one permission. Its words are fixed when it is permitted; the hash before it is printed.

    Whether it may still be posted, was posted or was taken back is how its attempt stands: leaving,
    accepted, did not leave. Permitted again with the same words it stays the same letter. Only
    `contacts/services/letter_words.py`, `letters.py` and `letter_batches.py` write it.
    """

    contact = models.ForeignKey(Contact, models.PROTECT, related_name="letters", verbose_name=_("contact"))
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="letter", verbose_name=_("attempt"))
    words = models.JSONField(_("what it says"))
    sha256 = models.CharField(_("SHA-256 of the print"), max_length=64, blank=True)
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    written_at = models.DateTimeField(_("written at"))
    printed_at = models.DateTimeField(_("in the print folder since"), null=True, blank=True)
    cleared_at = models.DateTimeField(_("taken out of the print folder at"), null=True, blank=True)
    trouble = models.CharField(_("why it could not be printed"), max_length=200, blank=True)
    batch = models.ForeignKey(
        LetterBatch, models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("batch")
    )

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["written_at", "id"]
        indexes = [
            models.Index(fields=["written_at", "id"], condition=Q(batch__isnull=True), name="letter_to_print")
        ]
        constraints = [
            models.CheckConstraint(
                name="a_print_has_its_hash",
                condition=Q(printed_at__isnull=True) | (~Q(sha256="") & ~Q(file_name="")),
            ),
            models.CheckConstraint(
                name="a_batch_holds_prints_only",
                condition=Q(batch__isnull=True) | ~Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or str(self.contact_id)
