"""The app that wants; it hears the two signals of the apps below it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DunningConfig(AppConfig):
    """Ladders, cases and the agents' queue."""

    name = "dunning"
    verbose_name = _("Cases and ladders")

    def ready(self) -> None:
        """Connect balance_changed and contact_concluded to their one-line receivers."""
        from contacts.signals import contact_concluded
        from debtors.signals import balance_changed
        from dunning import receivers

        balance_changed.connect(receivers.on_balance_changed)
        contact_concluded.connect(receivers.on_contact_concluded)
