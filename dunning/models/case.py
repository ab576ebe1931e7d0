"""Cases: one person's overdue debts with one creditor, and what was planned and recorded on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models import Creditor, Debtor, Portfolio
from dunning.models.playbook import OutcomeWord
from dunning.models.strategy import Step, Strategy
from dunning.rules import stepping
from dunning.vocabulary import CaseState, CloseReason, Disposition, StepResult


class Case(models.Model):
    """What is worked as one: a debtor's debts with one creditor. `cases.py` moves, `workqueue.py` leases it.

    `callable_from` says from when an agent has something to do here; null means nothing.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="cases", verbose_name=_("debtor"))
    creditor = models.ForeignKey(Creditor, models.PROTECT, related_name="cases", verbose_name=_("creditor"))
    portfolio = models.ForeignKey(
        Portfolio, models.PROTECT, related_name="cases", verbose_name=_("portfolio")
    )
    strategy = models.ForeignKey(Strategy, models.PROTECT, related_name="cases", verbose_name=_("ladder"))
    state = models.CharField(_("state"), max_length=10, choices=CaseState, default=CaseState.OPEN)
    anchor_on = models.DateField(_("oldest open due date"))
    urgency = models.IntegerField(_("urgency"), default=0)
    callable_from = models.DateTimeField(_("for an agent from"), null=True, blank=True)
    callback_at = models.DateTimeField(_("call promised for"), null=True, blank=True)
    put_off_because = models.JSONField(_("why not now"), default=list, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leased_cases",
        verbose_name=_("agent"),
    )
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    reserved_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reserved_cases",
        verbose_name=_("waits for"),
        help_text=_("A colleague it was handed to; the queue gives it to nobody else until then."),
    )
    reserved_until = models.DateTimeField(_("waits for him until"), null=True, blank=True)
    weighed_at = models.DateTimeField(_("urgency counted at"), null=True, editable=False)
    next_plan_on = models.DateField(_("next step looked for on"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    close_reason = models.CharField(_("closed because"), max_length=10, choices=CloseReason, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-urgency", "id"]
        permissions = [
            ("work_queue", _("Can work the queue of cases")),
            ("mend_case", _("Can bring back cases to which nobody would come back")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["debtor", "creditor"],
                condition=~Q(state=CaseState.CLOSED),
                name="one_live_case_of_a_debtor_with_a_creditor",
            ),
            models.CheckConstraint(
                name="a_lease_has_agent_and_end",
                condition=Q(agent__isnull=True, leased_until__isnull=True)
                | Q(agent__isnull=False, leased_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_reservation_has_colleague_and_end",
                condition=Q(reserved_for__isnull=True, reserved_until__isnull=True)
                | Q(reserved_for__isnull=False, reserved_until__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_exactly_when_it_says_why",
                condition=Q(state=CaseState.CLOSED, closed_at__isnull=False) & ~Q(close_reason="")
                | ~Q(state=CaseState.CLOSED) & Q(closed_at__isnull=True, close_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["portfolio", "-urgency", "id"],
                condition=Q(callable_from__isnull=False) & ~Q(state=CaseState.CLOSED),
                name="case_for_an_agent",
            ),
            models.Index(
                fields=["weighed_at", "id"],
                condition=Q(callable_from__isnull=False) & ~Q(state=CaseState.CLOSED),
                name="case_to_weigh",
            ),
            models.Index(
                fields=["next_plan_on", "id"], condition=Q(state=CaseState.OPEN), name="case_to_plan"
            ),
            models.Index(
                fields=["portfolio", "callable_from", "id"],
                condition=Q(state=CaseState.OPEN, callable_from__isnull=False, callback_at__isnull=True),
                name="case_back_later",
            ),
            models.Index(
                fields=["portfolio", "callback_at", "id"],
                condition=Q(state=CaseState.OPEN, callback_at__isnull=False),
                name="case_called_back",
            ),
            models.Index(
                fields=["portfolio", "state", "id"],
                condition=Q(state__in=[CaseState.PROMISED, CaseState.HELD]),
                name="case_at_rest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debtor} · {self.creditor}"


class ScheduledStep(models.Model):
    """A step taken for a case, written once. The slot is the due date it fired for, never "now"."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="scheduled_steps", verbose_name=_("case"))
    step = models.ForeignKey(Step, models.PROTECT, related_name="scheduled", verbose_name=_("step"))
    slot = models.DateField(_("for the due date"))
    result = models.CharField(_("result"), max_length=12, choices=StepResult)
    planned_at = models.DateTimeField(_("planned at"))

    class Meta:
        verbose_name = _("planned step")
        verbose_name_plural = _("planned steps")
        ordering = ["planned_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "step", "slot"], name="a_step_fires_once_for_a_due_date")
        ]

    def __str__(self) -> str:
        return f"{self.case_id}:{self.step_id}:{self.slot}"

    @property
    def wanted_by(self) -> str:
        """The name under which the outbox knows the contact this step wants."""
        return stepping.wanted_by(case_id=self.case_id, step_id=self.step_id, slot=self.slot)


class CaseOutcome(models.Model):
    """What an agent recorded: written once, in his words."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="outcomes", verbose_name=_("case"))
    disposition = models.CharField(_("came to"), max_length=15, choices=Disposition)
    word = models.ForeignKey(
        OutcomeWord, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("in the words")
    )
    note = models.TextField(_("note"), blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("agent")
    )
    contact_id = models.BigIntegerField(_("contact"), null=True, blank=True)
    fence = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("recorded outcome")
        verbose_name_plural = _("recorded outcomes")
        ordering = ["-recorded_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["case", "fence"], name="a_lease_records_one_outcome")]

    def __str__(self) -> str:
        return self.disposition

    @property
    def told(self) -> str:
        """What it came to, as the agents of the house call it; `word` should be fetched with it."""
        return str(self.word or self.get_disposition_display())
