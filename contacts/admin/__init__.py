"""Managers' pages for the contact policy, closed days, texts and wishes; and the logs of what was sent."""

from contacts.admin import (  # noqa: F401  (each registers its pages)
    block_lists,
    closed_days,
    logs,
    overlays,
    policy,
    preferences,
    provider_texts,
    segments,
    senders,
    wishes,
)
