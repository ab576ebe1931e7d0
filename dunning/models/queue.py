"""What orders the queue, what a colleague keeps of its filters, and cases handed from one to another."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dunning.models.case import Case
from dunning.rules.priority import USUAL

MOST_POINTS = 2000
AT_MOST = [MaxValueValidator(MOST_POINTS)]


class QueueWeights(models.Model):
    """How many points each reason is worth, set by a manager. Written once; the last row holds."""

    callback = models.PositiveSmallIntegerField(
        _("a call that we promised"), default=USUAL.callback, validators=AT_MOST
    )
    reply = models.PositiveSmallIntegerField(
        _("wrote to us and waits for an answer"), default=USUAL.reply, validators=AT_MOST
    )
    broken_agreement = models.PositiveSmallIntegerField(
        _("an agreement was broken"), default=USUAL.broken_agreement, validators=AT_MOST
    )
    broken_promise = models.PositiveSmallIntegerField(
        _("a promise was not kept"), default=USUAL.broken_promise, validators=AT_MOST
    )
    broken_just_now = models.PositiveSmallIntegerField(
        _("in addition, when that was today or yesterday"), default=USUAL.broken_just_now, validators=AT_MOST
    )
    key_customer = models.PositiveSmallIntegerField(
        _("key customer of the creditor"), default=USUAL.key_customer, validators=AT_MOST
    )
    first_delay = models.PositiveSmallIntegerField(
        _("first delay"), default=USUAL.first_delay, validators=AT_MOST
    )
    amount = models.PositiveSmallIntegerField(
        _("amount due, at most"),
        default=USUAL.amount,
        validators=AT_MOST,
        help_text=_("All of them from R$ 90,000; a quarter of the amount is worth half of the points."),
    )
    age = models.PositiveSmallIntegerField(
        _("days late, at most"),
        default=USUAL.age,
        validators=AT_MOST,
        help_text=_("All of them from 120 days; half at 60."),
    )
    why = models.CharField(_("why"), max_length=300, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("weights of the queue")
        verbose_name_plural = _("weights of the queue")
        ordering = ["-set_at", "-id"]

    def __str__(self) -> str:
        return f"{self.set_at:%Y-%m-%d %H:%M}"


class HandOver(models.Model):
    """A case that one colleague handed to another, with what he must know. It ends when somebody takes it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="hand_overs", verbose_name=_("case"))
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed over by")
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("handed over to")
    )
    note = models.TextField(_("note"))
    handed_at = models.DateTimeField(_("handed over at"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken by"),
    )
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)

    class Meta:
        verbose_name = _("case handed over")
        verbose_name_plural = _("cases handed over")
        ordering = ["-handed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(taken_at__isnull=True), name="a_case_waits_for_one_colleague"
            ),
            models.CheckConstraint(
                name="a_case_handed_over_is_taken_by_somebody",
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
            ),
            models.CheckConstraint(name="a_case_is_handed_over_with_a_note", condition=~Q(note="")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.giver_id} → {self.receiver_id}"


class SavedView(models.Model):
    """A list of the queue with its filters, under a name that a colleague gave it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=300)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="a_colleague_has_a_view_by_name_once")
        ]

    def __str__(self) -> str:
        return self.name
