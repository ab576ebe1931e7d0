"""Where a creditor's money goes: his Pix key, and his account at a bank that collects by slips."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.party import Creditor
from debtors.vocabulary import SlipBank


class ReceivingAccount(models.Model):
    """What is needed to give a creditor's debtors something to pay with.

    `next_number` is the next slip's own number: taken under this row's lock, in the transaction that
    keeps the slip, so that none is used twice and none is left out.
    """

    creditor = models.OneToOneField(
        Creditor, models.PROTECT, related_name="receiving", verbose_name=_("creditor")
    )
    pix_key = models.CharField(
        _("Pix key"),
        max_length=77,
        blank=True,
        help_text=_("CPF, CNPJ, e-mail, telephone with +55, or random key. Empty: no Pix is issued."),
    )
    pix_city = models.CharField(
        _("city of the receiver"),
        max_length=60,
        blank=True,
        help_text=_("As the account has it. A Pix code holds its first 15 letters, without accents."),
    )
    pix_connection = models.CharField(
        _("connection to the bank's Pix API"),
        max_length=30,
        blank=True,
        help_text=_("A name from PIX_BANKS. Each Pix is then kept at the bank with its due date."),
    )
    slip_bank = models.CharField(_("bank of the boletos"), max_length=3, choices=SlipBank, blank=True)
    slip_branch = models.CharField(
        _("branch"), max_length=5, blank=True, help_text=_("Without its check digit.")
    )
    slip_account = models.CharField(
        _("account"), max_length=12, blank=True, help_text=_("Without its check digit.")
    )
    slip_wallet = models.CharField(_("wallet (carteira)"), max_length=3, blank=True)
    slip_agreement = models.CharField(
        _("contract (convênio) or beneficiary's code"), max_length=7, blank=True
    )
    next_number = models.BigIntegerField(
        _("number of the next boleto"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Without its check digit, above what was used elsewhere. It counts on by itself."),
    )
    slip_text = models.CharField(_("words on the boleto"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("where money goes")
        verbose_name_plural = _("where money goes")
        ordering = ["creditor__brand"]
        constraints = [
            models.CheckConstraint(name="slips_are_numbered_from_one", condition=Q(next_number__gte=1))
        ]

    def __str__(self) -> str:
        return f"{self.creditor}"
