"""Monthly rates of price indices and of the law, as their publishers told them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from debtors.vocabulary import PriceIndex


class IndexRate(models.Model):
    """The rate of one index in one month. Imported, never built in, and never overwritten."""

    index = models.CharField(_("index"), max_length=10, choices=PriceIndex)
    month = models.DateField(_("month"), help_text=_("Its first day."))
    rate = models.DecimalField(_("rate (fraction)"), max_digits=12, decimal_places=10)
    imported_at = models.DateTimeField(_("imported at"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("rate of an index")
        verbose_name_plural = _("rates of indices")
        ordering = ["index", "month"]
        permissions = [("import_rates", "Can import the rates of indices")]
        constraints = [
            models.UniqueConstraint(fields=["index", "month"], name="an_index_has_a_month_once"),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.month:%m/%Y}"
