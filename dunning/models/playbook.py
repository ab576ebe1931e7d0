"""The playbook, kept by managers: what is said on the telephone, and why people pay late."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dunning.vocabulary import Disposition, ScriptPart


class ScriptText(models.Model):
    """What an agent says at one part of a call, in one language, and what he should mind there."""

    part = models.CharField(_("part of the call"), max_length=12, choices=ScriptPart)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    text = models.TextField(
        _("said aloud"),
        blank=True,
        max_length=1000,
        help_text=_(
            "With {{ greeting }}, {{ name }}, {{ full_name }} and {{ agent }}; once the person is confirmed "
            "also with {{ brand }}, {{ creditor }}, {{ product }}, {{ contract }}, {{ amount }}, "
            "{{ due_date }}, {{ days_late }} and {{ phone }}."
        ),
    )
    hint = models.TextField(
        _("to mind, not said"), blank=True, max_length=500, help_text=_("For the agent's eyes.")
    )

    class Meta:
        verbose_name = _("script text")
        verbose_name_plural = _("script texts")
        ordering = ["language", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["part", "language"], name="a_part_of_the_script_has_one_text_in_a_language"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_part_display())


class Objection(models.Model):
    """What somebody may answer on the telephone, and a courteous reply with the case's facts."""

    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    says = models.CharField(_("what the person says"), max_length=160)
    reply = models.TextField(
        _("what we reply"),
        max_length=1000,
        help_text=_("With facts, kindly, without contradicting. The same placeholders as in the script."),
    )
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["language", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["language", "says"], name="an_objection_is_listed_once")
        ]

    def __str__(self) -> str:
        return self.says


class OutcomeWord(models.Model):
    """A disposition as agents see it: its name and place. What follows from it is its meaning's rule.

    The house's own ones take one of the fixed meanings; the meaning of a row never changes.
    """

    meaning = models.CharField(
        _("means"), max_length=15, choices=Disposition, help_text=_("What follows from it is fixed by this.")
    )
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name, in English"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)
    is_own = models.BooleanField(_("added by the house"), default=True, editable=False)

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="a_disposition_is_listed_once"),
            models.UniqueConstraint(
                fields=["meaning"], condition=models.Q(is_own=False), name="a_meaning_is_shipped_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class DelayReason(models.Model):
    """Why a payment is late, as people say it. One that was ever chosen is switched off, not deleted."""

    name = models.CharField(_("reason"), max_length=80)
    name_en = models.CharField(_("reason, in English"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("reason of delay")
        verbose_name_plural = _("reasons of delay")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["name"], name="a_reason_of_delay_is_listed_once")]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name
