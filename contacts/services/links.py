"""The short signed addresses by which whoever got a message answers it: not me, and no more of this.

A token names the contact it came with; nothing in it can be read, guessed or made up without our
key. It is short enough for an SMS.
"""

from django.conf import settings
from django.urls import reverse

from collections_crm.lib import seals

PURPOSE = "contacts.links"
#: Under every e-mail, in the debtors' own Portuguese, whatever its template says.
FOOT_OF_A_MAIL = """

--
Este e-mail não era para você? Avise aqui e não usaremos mais este endereço: {not_me}
Não quer mais receber nossos e-mails? {stop}
"""


def not_me(contact_id: int) -> str:
    """Return the address where a stranger says that he is not the one we look for."""
    return _address("not_me", contact_id)


def stop(contact_id: int) -> str:
    """Return the address where whoever got the message says that he wants no more of them."""
    return _address("stop", contact_id)


def foot_of_a_mail(contact_id: int) -> str:
    """Return the last lines of an e-mail, with both addresses."""
    return FOOT_OF_A_MAIL.format(not_me=not_me(contact_id), stop=stop(contact_id))


def token_of(contact_id: int) -> str:
    """Return the token of a contact: its number, sealed with our key."""
    return seals.seal(contact_id, purpose=PURPOSE, key=settings.SECRET_KEY)


def contact_id_of(token: str) -> int | None:
    """Return the number of the contact a token names; None for one that we did not make."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return seals.unseal(token, purpose=PURPOSE, keys=keys)


def _address(name: str, contact_id: int) -> str:
    return str(settings.PUBLIC_URL).rstrip("/") + reverse(name, args=[token_of(contact_id)])
