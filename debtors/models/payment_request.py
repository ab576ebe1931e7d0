"""What a debtor was given to pay with: a Pix code or a boleto, for one amount, until one day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.agreement import AgreedPayment
from debtors.models.party import Creditor, Debtor
from debtors.models.transit import MoneyInTransit
from debtors.vocabulary import RequestKind, RequestState, SlipBank


class PaymentRequest(models.Model):
    """One Pix or boleto. What it asks for never changes; `items` and `covers` say what the amount is for.

    `asked_as` is born with the form that asks, so that the same form sent twice issues one. `txid` names
    a Pix, `our_number` a boleto, as the bank tells them when the money comes.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="requests", verbose_name=_("debtor"))
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="requests", verbose_name=_("creditor")
    )
    agreed_payment = models.ForeignKey(
        AgreedPayment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("payment of an agreement"),
    )
    kind = models.CharField(_("kind"), max_length=7, choices=RequestKind)
    state = models.CharField(_("state"), max_length=7, choices=RequestState)
    amount_cents = models.BigIntegerField(_("amount (centavos)"))
    due_on = models.DateField(_("due on"))
    items = models.JSONField(_("what the amount is made of"), default=dict, blank=True)
    covers = models.JSONField(_("what it is for"), default=list, blank=True)
    txid = models.CharField(_("txid"), max_length=35, blank=True)
    payload = models.CharField(_("Pix code"), max_length=512, blank=True)
    bank = models.CharField(_("bank"), max_length=3, choices=SlipBank, blank=True)
    our_number = models.CharField(_("number (nosso número)"), max_length=20, blank=True)
    barcode = models.CharField(_("barcode"), max_length=44, blank=True)
    line = models.CharField(_("line to type"), max_length=47, blank=True)
    paper = models.JSONField(_("what else the boleto says"), default=dict, blank=True)
    transit = models.OneToOneField(
        MoneyInTransit, models.PROTECT, null=True, blank=True, related_name="request", verbose_name=_("money")
    )
    asked_as = models.UUIDField(unique=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("issued by"),
    )
    issued_at = models.DateTimeField(_("issued at"))
    looked_at = models.DateTimeField(_("the bank was asked again at"), null=True, blank=True)
    error = models.CharField(_("what the bank said"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("Pix or boleto issued")
        verbose_name_plural = _("Pix and boletos issued")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["txid"], condition=~Q(txid=""), name="a_pix_has_a_txid_of_its_own"
            ),
            models.UniqueConstraint(
                fields=["creditor", "bank", "our_number"],
                condition=~Q(our_number=""),
                name="a_creditors_slip_has_a_number_of_its_own",
            ),
            models.CheckConstraint(name="a_request_asks_for_something", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="a_request_is_ready_when_it_can_be_paid",
                condition=~Q(state=RequestState.READY)
                | Q(transit__isnull=False) & (~Q(payload="") | ~Q(line="") & ~Q(barcode="")),
            ),
        ]
        indexes = [
            models.Index(fields=["debtor", "creditor", "-issued_at"], name="request_of_debtor"),
            models.Index(
                fields=["id"],
                condition=Q(state__in=[RequestState.ASKED, RequestState.UNCLEAR]),
                name="request_without_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.txid or self.our_number

    @property
    def is_boleto(self) -> bool:
        """Whether it is a boleto, and not a Pix."""
        return self.kind == RequestKind.BOLETO
