"""Put the courteous policy and the rules of the states in place where they are missing: `ship_defaults`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Overlay
from contacts.services import defaults


class Command(BaseCommand):
    """Ship what is missing; what a manager changed stays as it is."""

    help = str(
        gettext_lazy("Puts the contact policy and the rules of the states in place where they are missing.")
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what is in force."""
        policy = defaults.ship(now=timezone.now())
        counts = {"policy": policy, "on": Overlay.objects.filter(is_on=True).count()}
        self.stdout.write(_("In force: %(policy)s. Local rules switched on: %(on)d.") % counts)
