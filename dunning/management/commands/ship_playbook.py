"""Put the script of a call and the reasons of delay in place where they are missing: `ship_playbook`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dunning.models import DelayReason, ScriptText
from dunning.services import defaults


class Command(BaseCommand):
    """Ship what is missing; what a manager changed stays as it is."""

    help = str(gettext_lazy("Puts the playbook of calls in place where it is missing."))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how much there is."""
        defaults.ship_playbook()
        counts = {"texts": ScriptText.objects.count(), "reasons": DelayReason.objects.count()}
        self.stdout.write(_("In the playbook: %(texts)d texts, %(reasons)d reasons of delay.") % counts)
