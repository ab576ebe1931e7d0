"""What was imported, from which file, by whom, and with what result."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from debtors.models.party import Creditor, Portfolio
from debtors.vocabulary import ImportState


class ImportRun(models.Model):
    """One file handed in: first checked, then imported whole, in its good rows, or not at all."""

    creditor = models.ForeignKey(Creditor, models.PROTECT, related_name="imports", verbose_name=_("creditor"))
    portfolio = models.ForeignKey(
        Portfolio, models.PROTECT, related_name="imports", verbose_name=_("portfolio")
    )
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(
        null=True, help_text="The file between check and import; emptied afterwards."
    )
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.CHECKED)
    counts = models.JSONField(_("counts"), default=dict)
    errors = models.JSONField(_("errors"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("handed in at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at"]
        permissions = [("import_debts", _("Can import files of debts"))]

    def __str__(self) -> str:
        return self.file_name
