"""Letters: what each says, its print with the hash, and the batches in which managers print them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Attempt, Contact


class LetterBatch(models.Model):
    """Letters that a manager downloaded together to print and post them."""

    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        verbose_name = _("batch of letters")
        verbose_name_plural = _("batches of letters")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"


class Letter(models.Model):
    """One letter of one contact. Its words are fixed when it is permitted; the hash before it is printed.

    Only `contacts/services/letters.py` moves it.
    """

    contact = models.OneToOneField(Contact, models.PROTECT, related_name="letter", verbose_name=_("contact"))
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="+", verbose_name=_("attempt"))
    words = models.JSONField(_("what it says"))
    sha256 = models.CharField(_("SHA-256 of the print"), max_length=64, blank=True)
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    written_at = models.DateTimeField(_("written at"))
    printed_at = models.DateTimeField(_("in the print folder since"), null=True, blank=True)
    trouble = models.CharField(_("why it could not be printed"), max_length=200, blank=True)
    held_back_because = models.JSONField(_("held back because"), default=list, blank=True)
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
                condition=Q(batch__isnull=True) | Q(printed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or str(self.contact_id)
