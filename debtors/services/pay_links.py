"""The sealed address at which a debtor finds what he was given to pay with: no log-in, and only his own."""

from django.conf import settings
from django.urls import reverse

from collections_crm.lib import seals

PURPOSE = "debtors.pay_links"


def address_of(request_id: int) -> str:
    """Return the whole address of a Pix or boleto, as it stands in messages."""
    return str(settings.PUBLIC_URL).rstrip("/") + reverse("pay", args=[token_of(request_id)])


def token_of(request_id: int) -> str:
    """Return the token of a Pix or boleto: its number, sealed with our key."""
    return seals.seal(request_id, purpose=PURPOSE, key=settings.SECRET_KEY)


def request_id_of(token: str) -> int | None:
    """Return the number that a token names; None for one that we did not make."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return seals.unseal(token, purpose=PURPOSE, keys=keys)
