"""Four eyes: what was asked of a second manager, and what happened to the policy, by whom and why."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contacts.models.policy import ContactPolicy
from contacts.vocabulary import PolicyEventKind, ProposalState

UNDECIDED = [ProposalState.WAITING]
BY_A_COLLEAGUE = [ProposalState.APPROVED, ProposalState.REFUSED]


class PolicyProposal(models.Model):
    """One request that a second manager put a draft in force, as it was compared with one version.

    Only `contacts/services/policy_drafts.py` and `policy.py` move it. What was decided stays.
    """

    draft = models.ForeignKey(
        ContactPolicy, models.PROTECT, related_name="proposals", verbose_name=_("draft")
    )
    base = models.ForeignKey(ContactPolicy, models.PROTECT, related_name="+", verbose_name=_("compared with"))
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.WAITING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    proposed_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft"], condition=Q(state__in=UNDECIDED), name="one_waiting_proposal_of_a_draft"
            ),
            models.CheckConstraint(
                name="decided_exactly_when_it_says_so",
                condition=Q(state__in=UNDECIDED, decided_at__isnull=True)
                | (~Q(state__in=UNDECIDED) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="approved_or_refused_by_a_colleague",
                condition=~Q(state__in=BY_A_COLLEAGUE)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="a_refusal_gives_its_reason", condition=~Q(state=ProposalState.REFUSED) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.state}"


class PolicyEvent(models.Model):
    """One line of the policy's history. Append-only: the database refuses update and delete."""

    kind = models.CharField(_("what"), max_length=10, choices=PolicyEventKind)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    policy = models.ForeignKey(
        ContactPolicy, models.PROTECT, null=True, related_name="events", verbose_name=_("version or draft")
    )
    note = models.CharField(_("why"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("event of the policy")
        verbose_name_plural = _("history of the policy")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
