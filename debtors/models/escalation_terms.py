"""What a creditor asks for before a step beyond asking, where it is not what the house asks for."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.party import Creditor
from debtors.rules import escalation
from debtors.rules.authority import Authority
from debtors.vocabulary import EscalationStep

APPROVERS = [(Authority.SUPERVISOR.value, _("supervisor")), (Authority.MANAGER.value, _("manager"))]
MOST_DAYS = 3650


class EscalationTerms(models.Model):
    """One creditor's terms of one step. The ladder and the instruments it needs are nobody's to waive."""

    creditor = models.ForeignKey(
        Creditor, models.CASCADE, related_name="escalation_terms", verbose_name=_("creditor")
    )
    step = models.CharField(_("step"), max_length=15, choices=EscalationStep)
    min_days_late = models.PositiveSmallIntegerField(
        _("days late, at least"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    min_cents = models.PositiveIntegerField(_("owed, at least (centavos)"), validators=[MinValueValidator(1)])
    notice_days = models.PositiveSmallIntegerField(
        _("days after the proven notice"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_DAYS)],
        help_text=_("Empty: as the house waits. Never shorter than that."),
    )
    approval = models.PositiveSmallIntegerField(_("approved by, at least"), choices=APPROVERS)

    class Meta:
        verbose_name = _("terms of a step beyond asking")
        verbose_name_plural = _("terms of steps beyond asking")
        ordering = ["creditor", "min_days_late"]
        constraints = [
            models.UniqueConstraint(fields=["creditor", "step"], name="one_set_of_terms_for_a_step"),
            models.CheckConstraint(
                name="a_step_needs_an_approval", condition=Q(approval__gte=Authority.SUPERVISOR.value)
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())

    def clean(self) -> None:
        """Refuse a wait after the notice that is shorter than the house's."""
        if self.step not in EscalationStep or self.notice_days is None:
            return
        house = escalation.DEFAULT_TERMS[escalation.Step(self.step)].notice_days
        if house is None:
            raise ValidationError({"notice_days": _("Nothing is announced before this step.")})
        if self.notice_days < house:
            raise ValidationError({"notice_days": _("At least %(days)d days.") % {"days": house}})

    @property
    def terms(self) -> escalation.StepTerms:
        """What is asked for before the step."""
        return escalation.of_creditor(
            escalation.Step(self.step),
            min_days_late=self.min_days_late,
            min_cents=self.min_cents,
            notice_days=self.notice_days,
            approval=Authority(self.approval),
        )
