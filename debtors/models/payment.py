"""Money that came in: told once, kept for ever."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.party import Creditor, Debtor
from debtors.vocabulary import PaymentMethod, PaymentSource


class Payment(models.Model):
    """One payment of one debtor to one creditor. Never edited; a mistake is reversed in the ledger.

    What is not allocated to a debt is `amount_cents` minus its ledger entries, never negative.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="payments", verbose_name=_("debtor"))
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="payments", verbose_name=_("creditor")
    )
    amount_cents = models.BigIntegerField(_("amount (centavos)"))
    paid_on = models.DateField(_("paid on"))
    method = models.CharField(_("method"), max_length=10, choices=PaymentMethod)
    source = models.CharField(_("source"), max_length=10, choices=PaymentSource)
    external_id = models.CharField(_("number given by the source"), max_length=100)
    fingerprint = models.CharField(max_length=64)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-paid_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="a_source_tells_a_payment_once"),
            models.CheckConstraint(name="a_payment_is_worth_something", condition=Q(amount_cents__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
