"""What follows from how a contact ended."""

from datetime import datetime

from contacts.models import Contact


def follow_up(contact: Contact, *, now: datetime) -> None:
    """Let the contact's case take its next step."""
