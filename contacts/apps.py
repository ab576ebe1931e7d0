"""The app that speaks and listens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """Policy, outbox, channels, opt-outs and holds."""

    name = "contacts"
    verbose_name = _("Contacts and policy")
