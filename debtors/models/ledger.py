"""The ledger: every movement of every debt, written once."""

from typing import NoReturn

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.debt import Debt
from debtors.models.payment import Payment
from debtors.vocabulary import EntryKind

RAISING = [
    EntryKind.CHARGE,
    EntryKind.INTEREST,
    EntryKind.LATE_FEE,
    EntryKind.CORRECTION,
    EntryKind.COSTS,
]
LOWERING = [EntryKind.PAYMENT, EntryKind.DISCOUNT]


class AppendOnlyError(Exception):
    """Somebody tried to change or delete what is written once."""


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Entries can be read and added. The database refuses the rest as well, by trigger."""

    def update(self, **values: object) -> NoReturn:
        raise AppendOnlyError("ledger entries are never edited: post a reversal")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("ledger entries are never deleted: post a reversal")


class LedgerEntry(models.Model):
    """One movement of one debt. Charges are positive, what reduces the debt is negative."""

    debt = models.ForeignKey(Debt, models.PROTECT, related_name="entries", verbose_name=_("debt"))
    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    amount_cents = models.BigIntegerField(_("amount (centavos)"))
    effective_on = models.DateField(
        _("counts from"), help_text=_("The day it counts from, which may be in the past.")
    )
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("payment")
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("reverses")
    )
    turn = models.PositiveSmallIntegerField(
        default=0, help_text="How often its payment's share of the debt was posted anew before."
    )
    note = models.CharField(_("reason"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)  # for audit only, never for logic

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["effective_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["debt", "payment", "kind", "turn"],
                condition=~Q(kind=EntryKind.REVERSAL),
                name="a_payment_meets_a_debt_once_a_turn",
            ),
            models.CheckConstraint(
                name="ledger_sign_matches_kind",
                condition=Q(kind__in=RAISING, amount_cents__gt=0)
                | Q(kind__in=LOWERING, amount_cents__lt=0)
                | Q(kind=EntryKind.REVERSAL),
            ),
            models.CheckConstraint(
                name="a_reversal_names_what_it_reverses",
                condition=Q(kind=EntryKind.REVERSAL, reverses__isnull=False)
                | (~Q(kind=EntryKind.REVERSAL) & Q(reverses__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_cents} on {self.effective_on}"
