"""What a WhatsApp message is to its provider: an approved text by its name, or words of its own."""

from collections.abc import Mapping

from contacts.models import Contact, ProviderText
from contacts.rules import provider_text
from contacts.vocabulary import Channel


def spoken_as(contact: Contact) -> tuple[str, Mapping[str, str]]:
    """Return the provider's name for a contact's text and the values in it; empty for words of its own."""
    known = _known(contact)
    if known is None or contact.template is None:
        return "", {}
    return known.content_sid, provider_text.variables(contact.template.body, text=contact.body)


def is_free_text(contact: Contact) -> bool:
    """Whether a contact would be words of its own, which WhatsApp takes only for a day."""
    return contact.channel == Channel.WHATSAPP and _known(contact) is None


def _known(contact: Contact) -> ProviderText | None:
    if contact.channel != Channel.WHATSAPP or contact.template_id is None:
        return None
    return ProviderText.objects.filter(template=contact.template_id).first()
