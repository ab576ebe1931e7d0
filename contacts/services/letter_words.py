"""Fixes what a letter says when it is permitted: every word of its page, so that it can be printed anew."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from collections_crm.lib import tax_ids
from contacts.models import Attempt, Contact, Letter
from contacts.rules import letters
from contacts.services import rendering
from contacts.vocabulary import Channel, Disclosure
from debtors.models import ContactPoint


def refuse_half_an_address(contact: Contact, point: ContactPoint) -> None:
    """Raise CannotRenderError for a letter to an address that no postman would find."""
    if contact.channel == Channel.LETTER:
        _address(contact, point)


def keep(attempt: Attempt, *, now: datetime) -> Letter:
    """Keep the letter of a permission that is being given, in the same transaction.

    One that was taken back and says the same is permitted again as it is: its print stays good.
    """
    contact = attempt.contact
    words = _words(contact, now=now)
    earlier = Letter.objects.filter(contact=contact).order_by("-pk").first()
    if earlier and letters.says_the_same(earlier.words, words):
        earlier.attempt, earlier.printed_at = attempt, None
        earlier.save(update_fields=["attempt", "printed_at"])
        return earlier
    return Letter.objects.create(contact=contact, attempt=attempt, words=words, written_at=now)


def _words(contact: Contact, *, now: datetime) -> dict[str, Any]:
    """Return all that stands on the page. The creditor is named whole where the text tells amounts."""
    creditor, point = contact.creditor, contact.point
    tells_all = contact.template is not None and contact.template.disclosure == Disclosure.FULL
    return {
        "brand": creditor.brand if creditor else "",
        "phone": rendering.phone_as_read(creditor.phone) if creditor else "",
        "creditor": _whole(contact) if tells_all else "",
        "to": list(_address(contact, point)) if point else [],
        "reference": rendering.protocol(contact.pk),
        "dated": letters.dated(timezone.localdate(now)),
        "heading": contact.subject,
        "paragraphs": letters.paragraphs(contact.body),
    }


def _whole(contact: Contact) -> str:
    creditor = contact.creditor
    if creditor is None:
        return ""
    kind = "CNPJ" if len(creditor.tax_id) == 14 else "CPF"
    return f"{creditor.name} · {kind} {tax_ids.format_number(creditor.tax_id)} · {creditor.address}"


def _address(contact: Contact, point: ContactPoint) -> tuple[str, ...]:
    try:
        return letters.address_lines(
            name=contact.debtor.name,
            street=point.value,
            city=point.city,
            state=point.state,
            postal_code=point.postal_code,
        )
    except letters.HalfAnAddressError as error:
        raise rendering.CannotRenderError(f"address: {error.missing}") from error
