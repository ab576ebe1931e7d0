"""What a creditor says of a customer: whether he is a key customer, how great the risk. Written once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.party import Creditor, Debtor
from debtors.vocabulary import FactKind, FactValue


class CustomerFact(models.Model):
    """One dated fact with its source; of each kind the one known last holds."""

    debtor = models.ForeignKey(
        Debtor, models.PROTECT, related_name="customer_facts", verbose_name=_("debtor")
    )
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="customer_facts", verbose_name=_("creditor")
    )
    kind = models.CharField(_("what is known"), max_length=12, choices=FactKind)
    value = models.CharField(_("as it is"), max_length=6, choices=FactValue)
    known_on = models.DateField(_("known since"))
    source = models.CharField(_("source"), max_length=100)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("fact about a customer")
        verbose_name_plural = _("facts about customers")
        ordering = ["-known_on", "-id"]
        indexes = [models.Index(fields=["debtor", "creditor"], name="customer_fact_of")]
        constraints = [
            models.CheckConstraint(
                name="a_fact_has_a_value_of_its_kind",
                condition=Q(kind=FactKind.KEY_CUSTOMER, value__in=[FactValue.YES, FactValue.NO])
                | Q(
                    kind=FactKind.CREDIT_RISK,
                    value__in=[FactValue.LOW, FactValue.MEDIUM, FactValue.HIGH],
                ),
            ),
            models.CheckConstraint(name="a_fact_about_a_customer_has_a_source", condition=~Q(source="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
