"""Local rules: what a creditor, a place or a segment narrows in the policy, with source and review."""

from datetime import date
from typing import NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.rules.zones import ZONE_OF_STATE
from contacts.vocabulary import Certainty, OverlayEvent, OverlayLevel
from debtors.models import Creditor, Segment

_OF_NO_PLACE = Q(state="", city="")
_OF_NO_CREDITOR, _OF_NO_SEGMENT = Q(creditor__isnull=True), Q(segment__isnull=True)
_OF_A_PLACE = ~Q(state="") & _OF_NO_CREDITOR & _OF_NO_SEGMENT


class Overlay(models.Model):
    """One local rule. `terms` say only what it narrows, in the words of the policy's JSON; the rest stays.

    One that stands on a law (`law` is not empty) names its source and when it was read last. Only
    `contacts/services/overlays.py` writes it, with a line in its history.
    """

    name = models.CharField(_("name"), max_length=100, help_text=_("In a few words, as colleagues say it."))
    level = models.CharField(_("whose rule"), max_length=10, choices=OverlayLevel)
    creditor = models.ForeignKey(
        Creditor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="overlays",
        verbose_name=_("creditor"),
    )
    state = models.CharField(
        _("state"), max_length=2, blank=True, choices=[(state, state) for state in ZONE_OF_STATE]
    )
    city = models.CharField(_("municipality"), max_length=80, blank=True)
    city_key = models.CharField(max_length=80, blank=True, editable=False)
    segment = models.ForeignKey(
        Segment, models.PROTECT, null=True, blank=True, related_name="overlays", verbose_name=_("segment")
    )
    channels = models.JSONField(
        _("binds"), default=list, blank=True, help_text=_("The channels it is about; none: every channel.")
    )
    terms = models.JSONField(_("terms"), default=dict)
    law = models.CharField(
        _("law"), max_length=300, blank=True, help_text=_("Empty for a rule of the house's own.")
    )
    summary = models.TextField(_("what it says"), blank=True)
    source = models.CharField(_("where it was read"), max_length=300, blank=True)
    certainty = models.CharField(_("how sure it is"), max_length=12, choices=Certainty, blank=True)
    reviewed_on = models.DateField(_("last reviewed on"), null=True, blank=True)
    review_by = models.DateField(_("to be reviewed by"), null=True, blank=True)
    is_on = models.BooleanField(_("switched on"), default=True)
    shipped_as = models.CharField(max_length=40, unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("local rule")
        verbose_name_plural = _("local rules")
        ordering = ["level", "state", "city", "name"]
        constraints = [
            models.CheckConstraint(
                name="a_local_rule_is_about_what_its_level_says",
                condition=(Q(level=OverlayLevel.CREDITOR) & ~_OF_NO_CREDITOR & _OF_NO_SEGMENT & _OF_NO_PLACE)
                | (Q(level=OverlayLevel.SEGMENT) & ~_OF_NO_SEGMENT & _OF_NO_CREDITOR & _OF_NO_PLACE)
                | (Q(level=OverlayLevel.STATE, city="") & _OF_A_PLACE)
                | (Q(level=OverlayLevel.CITY) & ~Q(city="") & _OF_A_PLACE),
            ),
            models.CheckConstraint(
                name="a_law_names_its_source_and_its_review",
                condition=Q(law="")
                | (~Q(source="") & ~Q(certainty="") & Q(reviewed_on__isnull=False, review_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_law(self) -> bool:
        """Whether it stands on a law: then it is not switched off without a written reason."""
        return bool(self.law)

    @property
    def about(self) -> str:
        """Whom or what it is about, in one word."""
        if self.level == OverlayLevel.CREDITOR:
            return str(self.creditor)
        if self.level == OverlayLevel.SEGMENT:
            return str(self.segment)
        return f"{self.city}, {self.state}" if self.city else self.state

    def is_review_due(self, *, on: date) -> bool:
        """Return whether somebody should have read the law again; it keeps applying all the same."""
        return self.review_by is not None and self.review_by < on


class OverlayChangeQuerySet(models.QuerySet["OverlayChange"]):
    """Lines can be read and added. The database refuses the rest as well, by trigger."""

    def update(self, **values: object) -> NoReturn:
        raise TypeError("the history of a local rule is never edited")

    def delete(self) -> NoReturn:
        raise TypeError("the history of a local rule is never deleted")


class OverlayChange(models.Model):
    """One line of a local rule's history: what was done, by whom, why, and what it said from then on."""

    overlay = models.ForeignKey(Overlay, models.PROTECT, related_name="changes", verbose_name=_("local rule"))
    what = models.CharField(_("what happened"), max_length=10, choices=OverlayEvent)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    said = models.JSONField(_("as it was from then on"), default=dict)

    objects = OverlayChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a local rule")
        verbose_name_plural = _("changes of local rules")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return str(self.get_what_display())
