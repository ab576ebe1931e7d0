"""Texts of Django itself that its own Portuguese catalogue does not have: named here, so that ours has them."""

from django.utils.translation import gettext_noop

TEXTS = (gettext_noop("- Select an option -"),)
