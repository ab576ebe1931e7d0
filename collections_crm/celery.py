"""Where Celery's own commands find the application: `celery -A collections_crm beat`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collections_crm.settings")

from collections_crm.engines.celery import app

__all__ = ["app"]
