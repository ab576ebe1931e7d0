"""The only writer of holds: dated reasons to leave a debtor in peace."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from contacts.models import Contact, Hold
from contacts.services import outbox
from contacts.vocabulary import HoldKind
from debtors.models import Debtor, User


def place(
    *,
    debtor: Debtor,
    kind: HoldKind,
    reason: str,
    by: User | None,
    now: datetime,
    until: datetime | None = None,
) -> Hold:
    """Let contact with a debtor rest, from now on; binds messages already waiting, or about to leave, too.

    Raises ValueError for a hold that would have ended already: it would protect nobody.
    """
    if until is not None and until <= now:
        raise ValueError(f"a hold until {until}, placed at {now}")
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        outbox.withdraw(Contact.objects.filter(debtor=debtor), now=now)
        return Hold.objects.create(
            debtor=debtor, kind=kind, active_from=now, active_until=until, reason=reason, placed_by=by
        )


def lift(hold: Hold, *, why: str, by: User | None, now: datetime) -> None:
    """End a hold that is still in force; what it blocked is judged again."""
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=hold.debtor_id)
        in_force = Hold.objects.filter(Q(active_until=None) | Q(active_until__gt=now), pk=hold.pk)
        in_force.update(active_until=now, end_source=why, ended_by=by)
        outbox.plan_again(debtor_ids=[hold.debtor_id], now=now)
