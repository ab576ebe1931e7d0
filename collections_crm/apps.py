"""The wiring package and the admin site as Django apps."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class CollectionsCrmConfig(AppConfig):
    """Templates, tags, commands and start-up checks of the wiring."""

    name = "collections_crm"
    default = True

    def ready(self) -> None:
        """Register the start-up checks."""
        from collections_crm import checks  # noqa: F401


class CollectionsAdminConfig(admin_apps.AdminConfig):
    """The admin in our own order and words."""

    default = False  # the wiring package's own configuration is the default one
    default_site = "collections_crm.admin.CollectionsAdminSite"
