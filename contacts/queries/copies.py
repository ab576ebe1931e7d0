"""What a second copy is a copy of."""

from contacts.models import Contact
from debtors.models import PaymentRequest
from debtors.vocabulary import RequestState, TransitState

PREFIX = "copy:"


def is_copy(contact: Contact) -> bool:
    """Return whether a contact is a copy of something to pay with."""
    return contact.wanted_by.startswith(PREFIX)


def request_of(contact: Contact) -> PaymentRequest | None:
    """Return the Pix or boleto that a copy is of, while it can be paid; None when it is over."""
    number = contact.wanted_by.removeprefix(PREFIX).split(":")[0]
    found = PaymentRequest.objects.select_related("transit").filter(pk=number).first()
    return found if found and is_payable(found) else None


def is_payable(request: PaymentRequest) -> bool:
    """Return whether somebody may still pay with it, its day aside."""
    transit = request.transit
    return (
        request.state == RequestState.READY and transit is not None and transit.state == TransitState.WAITING
    )
