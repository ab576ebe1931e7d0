"""Closed days of the house's own: what no package knows, such as the anniversary of a municipality."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.rules.zones import ZONE_OF_STATE


class ClosedDay(models.Model):
    """A day on which nobody in a place is contacted: a municipality, a whole state, or the country."""

    name = models.CharField(_("what day it is"), max_length=100)
    on = models.DateField(_("date"))
    is_yearly = models.BooleanField(_("every year"), default=False)
    state = models.CharField(
        _("state"),
        max_length=2,
        blank=True,
        choices=[(state, state) for state in ZONE_OF_STATE],
        help_text=_("Empty: the whole country."),
    )
    city = models.CharField(
        _("municipality"), max_length=80, blank=True, help_text=_("Empty: the whole state.")
    )
    city_key = models.CharField(max_length=80, blank=True, editable=False)
    source = models.CharField(
        _("how we know"), max_length=200, help_text=_("The law or decree, or who told us.")
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("A day entered by mistake is taken out of use, not deleted.")
    )

    class Meta:
        verbose_name = _("closed day")
        verbose_name_plural = _("closed days")
        ordering = ["on", "state", "city"]
        constraints = [
            models.CheckConstraint(
                name="a_closed_municipality_names_its_state", condition=Q(city="") | ~Q(state="")
            ),
            models.UniqueConstraint(
                fields=["on", "is_yearly", "state", "city"], name="a_place_closes_a_day_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "city_key"], name="closed_day_of_a_place")]

    def __str__(self) -> str:
        return self.name
