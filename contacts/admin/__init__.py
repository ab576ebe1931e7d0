"""Managers' pages for the contact policy, the texts and the wishes; and the logs of what was sent."""

from contacts.admin import logs, policy, templates, wishes  # noqa: F401  (each registers its pages)
