"""Ladders: which step, how many days from the due date, by whom and through which channel."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.vocabulary import Channel, Tone
from debtors.models import Creditor
from dunning.vocabulary import Actor


class Strategy(models.Model):
    """One ladder (régua). The one without a creditor serves every creditor that has none of its own."""

    name = models.CharField(_("name"), max_length=100)
    creditor = models.ForeignKey(
        Creditor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="strategies",
        verbose_name=_("creditor"),
        help_text=_("Empty: for every creditor without a ladder of its own."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    minimum_gap_days = models.PositiveSmallIntegerField(
        _("days between two steps, at least"),
        default=2,
        help_text=_("Keeps a late start from becoming a burst."),
    )
    first_delay_grace_days = models.PositiveSmallIntegerField(
        _("extra days for an old customer's first delay"), default=5
    )
    old_customer_after_days = models.PositiveIntegerField(_("an old customer is one of (days)"), default=365)

    class Meta:
        verbose_name = _("ladder")
        verbose_name_plural = _("ladders")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["creditor"],
                condition=Q(is_active=True, creditor__isnull=False),
                name="one_active_ladder_for_a_creditor",
            ),
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True, creditor__isnull=True),
                name="one_active_ladder_for_the_rest",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Step(models.Model):
    """One rung. Days before the due date are negative: a reminder in tone and wording, never collection."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="steps", verbose_name=_("ladder"))
    offset_days = models.SmallIntegerField(_("days from the due date"))
    actor = models.CharField(_("taken by"), max_length=10, choices=Actor)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    fallback_channel = models.CharField(
        _("channel when there is no address"), max_length=10, choices=Channel, blank=True
    )
    template_key = models.SlugField(_("template"), max_length=40, blank=True)
    tone = models.CharField(_("tone"), max_length=10, choices=Tone, default=Tone.FRIENDLY)
    title = models.CharField(_("title"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["offset_days", "id"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "offset_days"], name="one_step_of_a_ladder_on_a_day"),
            models.CheckConstraint(
                name="the_system_needs_a_template", condition=~Q(actor=Actor.SYSTEM) | ~Q(template_key="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offset_days:+d} {self.title}"

    @property
    def days_before(self) -> int:
        """How many days before the due date; negative after it."""
        return -self.offset_days
