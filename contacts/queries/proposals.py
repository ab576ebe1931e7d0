"""Which proposal a message is about, and which messages are about a proposal."""

from datetime import date

from contacts.models import Contact
from debtors.models import Agreement
from debtors.vocabulary import AgreementState

PREFIX = "proposal:"


def name_of(agreement: Agreement, *, channel: str, on: date) -> str:
    """Return by what a message is wanted: one a day for each proposal and channel."""
    return f"{PREFIX}{agreement.pk}:{channel}:{on.isoformat()}"


def proposal_of(contact: Contact) -> Agreement | None:
    """Return the proposal that a message is about, whatever became of it; else the latest that is open."""
    rows = Agreement.objects.select_related("debtor", "creditor", "proposed_by")
    if contact.wanted_by.startswith(PREFIX):
        return rows.filter(pk=agreement_id_of(contact)).first()
    between = rows.filter(debtor=contact.debtor_id, creditor=contact.creditor_id)
    return between.filter(state=AgreementState.PROPOSED).order_by("-pk").first()


def agreement_id_of(contact: Contact) -> int:
    """Return the number of the proposal that a message of ours is about."""
    return int(contact.wanted_by.removeprefix(PREFIX).split(":")[0])


def latest_of(agreement: Agreement) -> dict[str, Contact]:
    """Return the latest message about a proposal by each channel."""
    ours = Contact.objects.filter(
        wanted_by__startswith=f"{PREFIX}{agreement.pk}:", debtor=agreement.debtor_id
    )
    return {contact.channel: contact for contact in ours.order_by("pk")}
