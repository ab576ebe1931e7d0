"""Money that a bank told of, whether or not anybody knows yet whose it is; and the files that told it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.party import Creditor
from debtors.models.payment import Payment
from debtors.vocabulary import ArrivalState, ImportState, PaymentMethod, PaymentSource


class BankFile(models.Model):
    """One return file handed in: first looked at, then booked, part by part."""

    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="bank_files", verbose_name=_("creditor")
    )
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True, help_text="The file until it is booked; emptied afterwards.")
    bank = models.CharField(_("bank"), max_length=3, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ImportState, default=ImportState.CHECKED)
    counts = models.JSONField(_("counts"), default=dict)
    errors = models.JSONField(_("errors"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("handed in at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("return file")
        verbose_name_plural = _("return files")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.file_name


class Arrival(models.Model):
    """One movement of money as its source told it. Once matched it has its payment, for good."""

    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="arrivals", verbose_name=_("creditor")
    )
    source = models.CharField(_("source"), max_length=10, choices=PaymentSource)
    external_id = models.CharField(_("number given by the source"), max_length=130)
    fingerprint = models.CharField(max_length=64)
    amount_cents = models.BigIntegerField(_("amount (centavos)"))
    paid_on = models.DateField(_("paid on"))
    method = models.CharField(_("method"), max_length=10, choices=PaymentMethod)
    meaning = models.CharField(_("what the bank says"), max_length=20)
    payer_tax_id = models.CharField(_("CPF or CNPJ of the payer"), max_length=14, blank=True)
    our_number = models.CharField(_("number of the slip or charge"), max_length=40, blank=True)
    document = models.CharField(_("document"), max_length=40, blank=True)
    company_ref = models.CharField(_("reference"), max_length=40, blank=True)
    file = models.ForeignKey(
        BankFile, models.PROTECT, null=True, blank=True, related_name="arrivals", verbose_name=_("file")
    )
    line = models.PositiveIntegerField(_("line"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=ArrivalState, default=ArrivalState.WAITING)
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, blank=True, related_name="arrival", verbose_name=_("payment")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    arrived_at = models.DateTimeField(_("told at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )

    class Meta:
        verbose_name = _("money that arrived")
        verbose_name_plural = _("money that arrived")
        ordering = ["-paid_on", "-id"]
        permissions = [("match_arrival", "Can match money that arrived to a debt")]
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="a_source_tells_an_arrival_once"),
            models.CheckConstraint(name="an_arrival_is_not_negative", condition=Q(amount_cents__gte=0)),
            models.CheckConstraint(
                name="a_matched_arrival_has_its_payment",
                condition=Q(state=ArrivalState.MATCHED, payment__isnull=False)
                | (~Q(state=ArrivalState.MATCHED) & Q(payment__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["paid_on"], condition=Q(state=ArrivalState.WAITING), name="arrival_that_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
