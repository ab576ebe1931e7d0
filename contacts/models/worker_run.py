"""Who sends: one row for each life of a sending process, which proves that it lives by a lock it holds."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class WorkerRun(models.Model):
    """One life of one sender: a session of the database on PostgreSQL, a process on SQLite.

    It ends when its process says so. Else it is dead when the lock named by its id is free, and only
    then: see `contacts/services/proof_of_life.py`. `seen_at` is for the eye and for alarms, never for safety.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.CharField(_("machine"), max_length=100)
    pid = models.PositiveIntegerField(_("process"))
    started_at = models.DateTimeField(_("started at"))
    seen_at = models.DateTimeField(_("last seen at"))
    ended_at = models.DateTimeField(_("ended or found dead at"), null=True, blank=True)

    class Meta:
        verbose_name = _("worker run")
        verbose_name_plural = _("worker runs")
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["started_at"], condition=Q(ended_at=None), name="run_not_found_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.host} {self.pid}"
