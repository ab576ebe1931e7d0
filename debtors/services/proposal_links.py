"""The sealed address at which a debtor reads and accepts a proposal: no log-in, and only his own."""

from django.conf import settings
from django.urls import reverse

from collections_crm.lib import seals

PURPOSE = "debtors.proposal_links"


def address_of(agreement_id: int) -> str:
    """Return the whole address of a proposal, as it stands in messages."""
    return str(settings.PUBLIC_URL).rstrip("/") + reverse("proposal", args=[token_of(agreement_id)])


def token_of(agreement_id: int) -> str:
    """Return the token of a proposal: its number, sealed with our key."""
    return seals.seal(agreement_id, purpose=PURPOSE, key=settings.SECRET_KEY)


def agreement_id_of(token: str) -> int | None:
    """Return the number that a token names; None for one that we did not make."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return seals.unseal(token, purpose=PURPOSE, keys=keys)
