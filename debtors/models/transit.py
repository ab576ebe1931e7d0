"""Money on its way: a slip, a Pix or an agreement's installment that somebody was given to pay."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.debt import Debt
from debtors.models.party import Creditor, Debtor
from debtors.models.payment import Payment
from debtors.vocabulary import TransitKind, TransitState


class MoneyInTransit(models.Model):
    """What a debtor was given to pay, and until when nobody asks for it: expiry, and days to arrive in."""

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="transits", verbose_name=_("debtor"))
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="transits", verbose_name=_("creditor")
    )
    debt = models.ForeignKey(Debt, models.PROTECT, null=True, blank=True, verbose_name=_("debt"))
    kind = models.CharField(_("kind"), max_length=11, choices=TransitKind)
    amount_cents = models.BigIntegerField(_("amount (centavos)"))
    number = models.CharField(_("number"), max_length=40, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("issued by")
    )
    expires_on = models.DateField(_("expires on"))
    rests_until = models.DateField(_("contact rests until"))
    state = models.CharField(_("state"), max_length=9, choices=TransitState, default=TransitState.WAITING)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, verbose_name=_("payment"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("money on its way")
        verbose_name_plural = _("money on its way")
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["creditor", "number"], condition=~Q(number=""), name="a_creditor_has_a_number_once"
            ),
            models.CheckConstraint(
                name="money_on_its_way_is_worth_something", condition=Q(amount_cents__gt=0)
            ),
            models.CheckConstraint(
                name="contact_rests_until_expiry_at_least",
                condition=Q(rests_until__gte=models.F("expires_on")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["debtor"], condition=Q(state=TransitState.WAITING), name="transit_that_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number or self.amount_cents}"
