"""This installation: the one row by which an older copy of the database is recognised."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.vocabulary import HeldBecause


class Instance(models.Model):
    """The house itself, once. While `held_since` is set nothing leaves.

    `key` names the journal that lies beside the database; `epoch` counts how often sending was
    resumed after the two were found to disagree.
    """

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    epoch = models.PositiveIntegerField(default=1)
    held_since = models.DateTimeField(_("held since"), null=True, blank=True)
    held_because = models.CharField(_("why"), max_length=12, choices=HeldBecause, blank=True)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        constraints = [
            models.CheckConstraint(name="there_is_one_installation", condition=Q(id=1)),
            models.CheckConstraint(
                name="who_is_held_is_held_for_a_reason",
                condition=Q(held_since=None, held_because="")
                | (Q(held_since__isnull=False) & ~Q(held_because="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)
