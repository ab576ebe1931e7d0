"""Promises to pay: an amount, a day, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.agreement import Agreement
from debtors.models.party import Creditor, Debtor
from debtors.vocabulary import PromiseStatus


class PromiseToPay(models.Model):
    """What a debtor promised one creditor. Contact rests until the day and its grace are over."""

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="promises", verbose_name=_("debtor"))
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="promises", verbose_name=_("creditor")
    )
    amount_cents = models.BigIntegerField(_("amount (centavos)"))
    promised_on = models.DateField(_("promised for"))
    status = models.CharField(_("status"), max_length=12, choices=PromiseStatus, default=PromiseStatus.OPEN)
    made_at = models.DateTimeField(_("made at"))
    made_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("made to")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    agreement = models.ForeignKey(
        Agreement,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("agreement"),
        help_text=_("The next payment of an agreement is promised too: contact rests until its day."),
    )

    class Meta:
        verbose_name = _("promise to pay")
        verbose_name_plural = _("promises to pay")
        ordering = ["promised_on", "id"]
        constraints = [
            models.CheckConstraint(name="a_promise_is_worth_something", condition=Q(amount_cents__gt=0)),
            models.UniqueConstraint(
                fields=["debtor", "creditor"],
                condition=Q(status=PromiseStatus.OPEN),
                name="one_open_promise_for_a_creditor",
            ),
        ]
        indexes = [
            models.Index(
                fields=["promised_on"], condition=Q(status=PromiseStatus.OPEN), name="open_promise_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount_cents} on {self.promised_on}"
