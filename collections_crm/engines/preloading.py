"""Imports, before workers are forked, what each of them would import for itself: a second of CPU a life."""

from django.urls import reverse
from django.utils.module_loading import import_string

from collections_crm.schedule import PERIODIC_WORK


def preload() -> None:
    """Import every periodic task and, as the addresses in messages need it, every page's module."""
    for work in PERIODIC_WORK:
        import_string(work.task)
    reverse("home")  # the first address looked for imports all that have one
