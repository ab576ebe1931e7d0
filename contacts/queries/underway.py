"""What is on its way to a debtor at this moment: what waits here, and what can no longer be called back."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from contacts.models import Attempt, Contact
from contacts.vocabulary import AttemptState, Channel, ContactState

#: Wanted, and still in our hands: whatever binds now keeps it here.
WAITING = (ContactState.PLANNED, ContactState.CLAIMED, ContactState.BLOCKED)


@dataclass(frozen=True)
class Underway:
    """`waiting` contacts are judged again before they leave; `gone` attempts were handed over already."""

    waiting: int
    gone: Sequence[Attempt]


def underway(*, debtor_id: int) -> Underway:
    """Return what is on its way to a debtor, in two queries.

    Gone is what was handed to a channel and whose end nobody has told: it may still arrive.
    """
    gone = Attempt.objects.filter(
        contact__debtor=debtor_id,
        contact__is_inbound=False,
        contact__state__in=[ContactState.SENDING, ContactState.UNKNOWN],
        state__in=[AttemptState.SENDING, AttemptState.UNKNOWN],
        handed_at__isnull=False,
    )
    in_the_pile = Q(channel=Channel.LETTER, state=ContactState.SENDING, attempts__in=_not_handed_over())
    waiting = Contact.objects.filter(Q(state__in=WAITING) | in_the_pile, debtor=debtor_id).distinct().count()
    return Underway(waiting, list(gone.select_related("contact").order_by("handed_at")))


def _not_handed_over() -> QuerySet[Attempt]:
    """Return what was permitted and is still here, for use inside a query of contacts."""
    return Attempt.objects.filter(state=AttemptState.SENDING, handed_at=None)
