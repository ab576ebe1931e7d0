"""Agreements: what a debtor and a creditor settled on, its payments, who approved it, what it forgave."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from debtors.models.debt import Debt
from debtors.models.ledger import LedgerEntry
from debtors.models.party import Creditor, Debtor
from debtors.rules.authority import Authority
from debtors.vocabulary import AgreementState, Evidence, ForgivenFor, PaymentMethod, WhenBroken

LEVELS = [
    (Authority.AGENT.value, _("agent")),
    (Authority.SUPERVISOR.value, _("supervisor")),
    (Authority.MANAGER.value, _("manager")),
]


class Agreement(models.Model):
    """One way of settling what a debtor is late with to one creditor. Its terms never change.

    `owed_cents` is what was owed on `proposed_on`, over its debts; `floor_cents` the least that the
    creditor's rules let anybody accept of it that day.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="agreements", verbose_name=_("debtor"))
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="agreements", verbose_name=_("creditor")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=AgreementState, default=AgreementState.PROPOSED
    )
    proposed_on = models.DateField(_("proposed on"))
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    owed_cents = models.BigIntegerField(_("owed (centavos)"))
    total_cents = models.BigIntegerField(_("agreed total (centavos)"))
    floor_cents = models.BigIntegerField(_("floor (centavos)"))
    days_late = models.IntegerField(_("days late"))
    first_on = models.DateField(_("first payment, as asked for"))
    needed = models.PositiveSmallIntegerField(_("who may accept"), choices=LEVELS)
    beyond = models.JSONField(_("what goes beyond the rules"), default=list, blank=True)
    grace_days = models.PositiveSmallIntegerField(_("days of grace"))
    when_broken = models.CharField(_("when broken"), max_length=6, choices=WhenBroken)
    evidence = models.CharField(_("accepted how"), max_length=8, choices=Evidence, blank=True)
    evidence_reference = models.CharField(_("where the proof is"), max_length=200, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acceptance recorded by"),
    )
    activated_at = models.DateTimeField(_("in force since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-proposed_at", "-id"]
        permissions = [
            ("negotiate_agreement", "Can propose agreements and record that a debtor accepted one"),
            ("approve_agreement", "Can approve agreements within the limits of a supervisor"),
            ("approve_any_agreement", "Can approve agreements down to the creditor's floor"),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_agreement_is_never_below_its_floor",
                condition=Q(total_cents__gt=0, total_cents__gte=F("floor_cents")),
            ),
            models.CheckConstraint(
                name="an_agreement_is_never_above_what_is_owed", condition=Q(total_cents__lte=F("owed_cents"))
            ),
            models.CheckConstraint(
                name="an_agreement_in_force_has_its_proof",
                condition=Q(state__in=[AgreementState.PROPOSED, AgreementState.WITHDRAWN])
                | (Q(activated_at__isnull=False) & ~Q(evidence="")),
            ),
            models.CheckConstraint(
                name="only_what_was_accepted_online_has_no_recorder",
                condition=Q(activated_at=None) | Q(accepted_by__isnull=False) | Q(evidence=Evidence.ONLINE),
            ),
            models.UniqueConstraint(
                fields=["debtor", "creditor"],
                condition=Q(state=AgreementState.ACTIVE),
                name="one_agreement_in_force_with_a_creditor",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state=AgreementState.ACTIVE), name="agreement_in_force"),
            models.Index(fields=["state", "-proposed_at"], name="agreement_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def discount_cents(self) -> int:
        """What was forgiven when it was made."""
        return self.owed_cents - self.total_cents


class AgreedDebt(models.Model):
    """One debt of an agreement and what was owed on it, item by item, the day it was proposed."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="debts", verbose_name=_("agreement")
    )
    debt = models.ForeignKey(Debt, models.PROTECT, related_name="agreed", verbose_name=_("debt"))
    principal_cents = models.BigIntegerField(_("principal"))
    correction_cents = models.BigIntegerField(_("correction"))
    interest_cents = models.BigIntegerField(_("interest"))
    late_fee_cents = models.BigIntegerField(_("late fee"))
    costs_cents = models.BigIntegerField(_("costs"))
    discount_cents = models.BigIntegerField(_("discount"))

    class Meta:
        verbose_name = _("debt of an agreement")
        verbose_name_plural = _("debts of agreements")
        ordering = ["debt_id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "debt"], name="an_agreement_has_a_debt_once")
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.debt_id}"

    @property
    def total_cents(self) -> int:
        """Everything owed on the debt that day."""
        return (
            self.principal_cents
            + self.correction_cents
            + self.interest_cents
            + self.late_fee_cents
            + self.costs_cents
        )


class AgreedPayment(models.Model):
    """One payment of an agreement: its exact day, amount and method."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="payments", verbose_name=_("agreement")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    due_on = models.DateField(_("due on"))
    amount_cents = models.BigIntegerField(_("amount (centavos)"))
    method = models.CharField(_("method"), max_length=10, choices=PaymentMethod)

    class Meta:
        verbose_name = _("payment of an agreement")
        verbose_name_plural = _("payments of agreements")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="an_agreement_has_a_number_once"),
            models.CheckConstraint(
                name="an_agreed_payment_is_worth_something", condition=Q(amount_cents__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.number}"


class AgreementDecision(models.Model):
    """What somebody decided about a proposal that went beyond its author's limits, and why. Written once."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="decisions", verbose_name=_("agreement")
    )
    is_approved = models.BooleanField(_("approved"))
    level = models.PositiveSmallIntegerField(_("as"), choices=LEVELS)
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    on = models.DateField(_("day"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("decision about an agreement")
        verbose_name_plural = _("decisions about agreements")
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="a_decision_has_its_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.is_approved}"


class AgreementDiscount(models.Model):
    """One discount in the ledger that an agreement gave. It is undone by a reversal, never here."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="discounts", verbose_name=_("agreement")
    )
    entry = models.OneToOneField(
        LedgerEntry, models.PROTECT, related_name="forgiven_by", verbose_name=_("ledger entry")
    )
    forgiven_for = models.CharField(_("why"), max_length=11, choices=ForgivenFor)

    class Meta:
        verbose_name = _("discount of an agreement")
        verbose_name_plural = _("discounts of agreements")

    def __str__(self) -> str:
        return f"{self.agreement_id}/{self.entry_id}"
