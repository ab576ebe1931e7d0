"""Steps beyond asking: what was wanted, approved, announced, proven and done about a debt. Written once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from debtors.models.debt import Debt
from debtors.models.party import Creditor
from debtors.vocabulary import EscalationKind, EscalationStep


class EscalationFile(models.Model):
    """One file for a bureau, a notary, a lawyer or an agency, kept as it was handed out."""

    creditor = models.ForeignKey(Creditor, models.PROTECT, related_name="+", verbose_name=_("creditor"))
    step = models.CharField(_("step"), max_length=15, choices=EscalationStep)
    is_removal = models.BooleanField(_("takes listings back"), default=False)
    rows = models.PositiveIntegerField(_("debts"))
    content = models.TextField(_("content"))
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("file of a step beyond asking")
        verbose_name_plural = _("files of steps beyond asking")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"


class EscalationEvent(models.Model):
    """One thing that happened about one step of one debt; `on` is the day it counts from.

    `reference` says where the proof is: of the debt, of a delivery, of what was done.
    """

    debt = models.ForeignKey(Debt, models.PROTECT, related_name="escalation", verbose_name=_("debt"))
    step = models.CharField(_("step"), max_length=15, choices=EscalationStep)
    kind = models.CharField(_("what happened"), max_length=9, choices=EscalationKind)
    on = models.DateField(_("day"))
    level = models.PositiveSmallIntegerField(_("as"), default=0)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    reference = models.CharField(_("where the proof is"), max_length=200, blank=True)
    file = models.ForeignKey(
        EscalationFile, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("file")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step beyond asking")
        verbose_name_plural = _("steps beyond asking")
        ordering = ["id"]
        permissions = [
            ("request_escalation", "Can ask for a step beyond asking, and keep its proofs"),
            ("approve_escalation", "Can approve steps beyond asking that somebody else asked for"),
            ("export_escalation", "Can make files for credit bureaus, notaries, lawyers and agencies"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_step_is_asked_for_and_decided_with_a_reason",
                condition=~Q(kind__in=EscalationKind.with_reason()) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="a_proof_says_where_it_is",
                condition=~Q(kind__in=EscalationKind.with_proof()) | ~Q(reference=""),
            ),
            models.CheckConstraint(
                name="what_was_done_stands_in_a_file",
                condition=~Q(kind__in=[EscalationKind.DONE, EscalationKind.REMOVED]) | Q(file__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["step", "kind", "debt"], name="escalation_by_step")]

    def __str__(self) -> str:
        return f"{self.debt_id} {self.step} {self.kind}"
