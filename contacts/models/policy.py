"""The contact policy: drafts, published versions that stay as they are, and which of them is in force."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.vocabulary import PolicyState
from debtors.models import User


class ContactPolicy(models.Model):
    """One version of what is allowed, or a draft of one. `terms` is the "policy" object of the gate's JSON.

    A draft has no number yet; `revision` counts its edits, so that nobody publishes or overwrites what
    he has not seen. The database refuses to change a published version.
    """

    version = models.PositiveIntegerField(_("version"), unique=True, null=True, blank=True)
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
    base = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("written from")
    )
    revision = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("last edited by"),
    )
    edited_at = models.DateTimeField(_("last edited at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("put in force by"),
    )
    published_at = models.DateTimeField(_("in force since"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact policy")
        verbose_name_plural = _("contact policy")
        ordering = ["-version"]
        constraints = [
            models.CheckConstraint(
                name="a_published_policy_has_a_number_and_says_since_when",
                condition=Q(state=PolicyState.PUBLISHED, version__isnull=False, published_at__isnull=False)
                | (~Q(state=PolicyState.PUBLISHED) & Q(version__isnull=True, published_at__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        if self.version is None:
            return self.as_draft
        return str(_("version %(number)d") % {"number": self.version})

    @property
    def as_draft(self) -> str:
        """What it was called while it was a draft."""
        return str(_("draft %(number)d") % {"number": self.pk})

    @property
    def author(self) -> User | None:
        """Whose words it holds: who edited it last."""
        return self.edited_by or self.created_by

    @property
    def second(self) -> User | None:
        """Who put it in force, where that was somebody else than its author."""
        return (
            self.published_by if self.published_by_id not in (None, self.author and self.author.pk) else None
        )


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
