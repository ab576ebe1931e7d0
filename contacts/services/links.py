"""The short signed addresses by which whoever got a message answers it: not me, and no more of this.

A token names the contact it came with; nothing in it can be read, guessed or made up without our
key. It is short enough for an SMS.
"""

from hmac import compare_digest

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is read as something else
SEAL_LENGTH = 12  # of 5 bits each
LONGEST_TOKEN = 13 + SEAL_LENGTH
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
    number = _written(contact_id)
    return number + _seal(number, key=settings.SECRET_KEY)


def contact_id_of(token: str) -> int | None:
    """Return the number of the contact a token names; None for one that we did not make."""
    read = token.strip().upper()
    number, seal = read[:-SEAL_LENGTH], read[-SEAL_LENGTH:]
    if not number or len(read) > LONGEST_TOKEN or not set(read) <= set(ALPHABET):
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(compare_digest(seal, _seal(number, key=key)) for key in keys):
        return None
    return _read(number)


def _address(name: str, contact_id: int) -> str:
    return str(settings.PUBLIC_URL).rstrip("/") + reverse(name, args=[token_of(contact_id)])


def _seal(number: str, *, key: str) -> str:
    digest = salted_hmac("contacts.links", number, secret=key, algorithm="sha256").digest()
    return "".join(ALPHABET[byte % 32] for byte in digest[:SEAL_LENGTH])


def _written(number: int) -> str:
    letters = ""
    while number:
        number, digit = divmod(number, 32)
        letters = ALPHABET[digit] + letters
    return letters or ALPHABET[0]


def _read(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 32 + ALPHABET.index(letter)
    return number
