"""Texts of Django itself that its own Portuguese catalogue lacks or misspells: named for ours."""

from django.utils.translation import gettext_noop, ngettext_lazy

TEXTS = (
    gettext_noop("- Select an option -"),
    gettext_noop("Filter by %(field_name)s"),
    gettext_noop("Logout"),
    gettext_noop("Sat"),  # it is there without its accent
    ngettext_lazy("…and %(count)d more object.", "…and %(count)d more objects.", "count"),
)
