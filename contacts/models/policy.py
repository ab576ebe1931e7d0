"""The contact policy: versions that are never edited, and the head that points at the one in force."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.vocabulary import PolicyState


class ContactPolicy(models.Model):
    """One version of what is allowed. `terms` is exactly the "policy" object of the gate's JSON."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    state = models.CharField(_("state"), max_length=10, choices=PolicyState, default=PolicyState.DRAFT)
    terms = models.JSONField(_("terms"))
    note = models.CharField(_("what changed, and why"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("written at"))
    published_at = models.DateTimeField(_("in force since"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact policy")
        verbose_name_plural = _("contact policy")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                name="a_published_policy_says_since_when",
                condition=Q(state=PolicyState.DRAFT, published_at__isnull=True)
                | Q(state=PolicyState.PUBLISHED, published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(_("version %(number)d") % {"number": self.version})


class PolicyHead(models.Model):
    """Which version is in force for a scope, and the pause switch. Admission reads it FOR SHARE."""

    scope = models.CharField(max_length=40, unique=True, default="house")
    policy = models.ForeignKey(ContactPolicy, models.PROTECT, related_name="+", verbose_name=_("in force"))
    is_paused = models.BooleanField(_("everything paused"), default=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("policy in force")
        verbose_name_plural = _("policies in force")

    def __str__(self) -> str:
        return self.scope
