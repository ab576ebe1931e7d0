"""The admin site: a manager's tool in the house's own words."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class CollectionsAdminSite(AdminSite):
    """Django's admin with our titles."""

    site_header = _("Courteous Collections")
    site_title = _("Courteous Collections")
    index_title = _("Settings of the house")
