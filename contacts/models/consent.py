"""Wishes: opt-outs, refusals and consents, as dated rows with their source."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from collections_crm.lib import phones
from contacts.vocabulary import Channel, OptOutScope
from debtors.models import ContactPoint, Debtor


class OptOut(models.Model):
    """A wish not to be contacted: at all, by one channel, or at one number. Binds once committed."""

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="opt_outs", verbose_name=_("debtor"))
    scope = models.CharField(_("reaches"), max_length=10, choices=OptOutScope)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, blank=True)
    point = models.ForeignKey(
        ContactPoint, models.PROTECT, null=True, blank=True, verbose_name=_("number or address")
    )
    active_from = models.DateTimeField(_("from"))
    active_until = models.DateTimeField(_("until"), null=True, blank=True)
    source = models.CharField(_("how we know"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    end_source = models.CharField(_("how we know of its end"), max_length=200, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )

    class Meta:
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")
        ordering = ["-active_from"]
        constraints = [
            models.CheckConstraint(
                name="an_opt_out_names_what_it_reaches",
                condition=Q(scope=OptOutScope.GLOBAL)
                | (Q(scope=OptOutScope.CHANNEL) & ~Q(channel=""))
                | Q(scope=OptOutScope.POINT, point__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.channel}"


class Refusal(models.Model):
    """A wish said at a number or e-mail itself: it binds whoever has it, whenever he came by it.

    Debtors known when it was said have opt-outs of their own; this is for all who come later.
    """

    value = models.CharField(_("number or e-mail"), max_length=254)
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel, blank=True, help_text=_("None: nothing at all.")
    )
    active_from = models.DateTimeField(_("from"))
    source = models.CharField(_("how we know"), max_length=200)

    class Meta:
        verbose_name = _("refusal at a number")
        verbose_name_plural = _("refusals at numbers")
        ordering = ["-active_from"]
        constraints = [
            models.UniqueConstraint(fields=["value", "channel"], name="a_number_refuses_a_channel_once")
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.channel}"

    @property
    def shown(self) -> str:
        """The number as it is read aloud, or the e-mail."""
        return phones.format_national(self.value) if self.value.startswith("+") else self.value


class Consent(models.Model):
    """A permission for one channel ("*" for all), with its proof; taken back at any time, with its source."""

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="consents", verbose_name=_("debtor"))
    channel = models.CharField(_("channel"), max_length=10, help_text=_('"*" means every channel.'))
    active_from = models.DateTimeField(_("from"))
    active_until = models.DateTimeField(_("until"), null=True, blank=True)
    source = models.CharField(_("how we know"), max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    end_source = models.CharField(_("how we know of its end"), max_length=200, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-active_from"]

    def __str__(self) -> str:
        return self.channel
