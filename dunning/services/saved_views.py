"""The views of the queue that colleagues save."""

from datetime import datetime

from debtors.models import User
from dunning.models import SavedView

MOST = 12
LONGEST_NAME = 40


class TooManyError(Exception):
    """The colleague keeps as many views as a page can show well."""


def save(owner: User, *, name: str, query: str, now: datetime) -> SavedView:
    """Keep a view under a name; one of that name is replaced. Raises TooManyError."""
    name = name[:LONGEST_NAME]
    others = SavedView.objects.filter(owner=owner).exclude(name=name)
    if others.count() >= MOST:
        raise TooManyError(owner.pk)
    view, _made = SavedView.objects.update_or_create(
        owner=owner, name=name, defaults={"query": query, "saved_at": now}
    )
    return view


def forget(view: SavedView) -> None:
    """Forget a view."""
    view.delete()
