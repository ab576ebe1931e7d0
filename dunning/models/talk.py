"""What an agent does while a case is his: is the person confirmed, how far is the script, his notes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dunning.models.case import Case
from dunning.models.playbook import DelayReason
from dunning.vocabulary import ScriptPart


class Talk(models.Model):
    """One lease of a case, as the agent goes through it. The next lease begins anew: its fence is another."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="talks", verbose_name=_("case"))
    fence = models.PositiveIntegerField()
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("agent")
    )
    begun_at = models.DateTimeField(_("begun at"))
    step = models.CharField(_("step"), max_length=12, choices=ScriptPart, default=ScriptPart.GREET)
    confirmed_at = models.DateTimeField(_("person confirmed at"), null=True, blank=True)
    matched = models.CharField(
        _("what matched"), max_length=80, blank=True, help_text=_("Which data items, never their values.")
    )
    bill_arrived = models.BooleanField(_("the bill arrived"), null=True, blank=True)
    goods_arrived = models.BooleanField(_("goods or service arrived"), null=True, blank=True)
    reason = models.ForeignKey(
        DelayReason, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reason")
    )
    note = models.TextField(_("note"), blank=True)
    note_saved_at = models.DateTimeField(_("note saved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("talk")
        verbose_name_plural = _("talks")
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "fence"], name="a_lease_has_one_talk"),
            models.CheckConstraint(
                name="a_person_is_confirmed_by_something",
                condition=Q(confirmed_at__isnull=True, matched="")
                | Q(confirmed_at__isnull=False) & ~Q(matched=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}:{self.fence}"
