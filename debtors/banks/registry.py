"""The connections to banks by the names under which the settings hold them."""

from functools import cache

from django.conf import settings

from debtors.banks.base import PixBank
from debtors.banks.pix_api import PixApi
from debtors.banks.wire import Credentials


class NoConnectionError(Exception):
    """The settings hold no connection of this name."""


def pix_bank(name: str) -> PixBank:
    """Return the bank of a connection; its token is kept for the next request. Raises NoConnectionError."""
    if name not in settings.PIX_BANKS:
        raise NoConnectionError(name)
    return _made(tuple(sorted(settings.PIX_BANKS[name].items())))


def names() -> list[str]:
    """Return the names of the connections that there are."""
    return sorted(settings.PIX_BANKS)


@cache
def _made(told: tuple[tuple[str, str], ...]) -> PixBank:
    said = dict(told)
    credentials = Credentials(
        client_id=said["client_id"],
        client_secret=said["client_secret"],
        certificate_file=said["certificate_file"],
        key_file=said["key_file"],
        ca_file=said["ca_file"],
    )
    return PixApi(said["base_url"], said["token_url"], credentials)
