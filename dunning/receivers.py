"""What happens by itself when a balance moved or a contact came to its end."""

from datetime import datetime

from contacts.models import Contact
from contacts.services import proposals
from dunning.services import agreed_reminders, answers, cases


def on_balance_changed(*, debtor_id: int, creditor_id: int, now: datetime, **_rest: object) -> None:
    """Let the case follow the ledger, and what was to be said of an agreement what became of it."""
    cases.follow_balance(debtor_id=debtor_id, creditor_id=creditor_id, now=now)
    agreed_reminders.follow(debtor_id=debtor_id, creditor_id=creditor_id, now=now)
    proposals.follow(debtor_id=debtor_id, creditor_id=creditor_id, now=now)


def on_contact_concluded(*, contact: Contact, now: datetime, **_rest: object) -> None:
    """Let the case follow what became of a contact."""
    answers.follow_up(contact, now=now)
