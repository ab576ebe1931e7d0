"""The only writer of the house's closed days: they bind the moment they are committed."""

from datetime import datetime
from itertools import batched

from django.db import transaction

from collections_crm.lib.names import fold
from contacts.models import ClosedDay, Contact, PolicyHead
from contacts.rules import codes
from contacts.services import outbox, policy


def keep(day: ClosedDay, *, now: datetime) -> None:
    """Write a closed day, new or changed.

    It binds messages already waiting, and those admitted but not handed over yet; what an earlier
    form of the day had put off is judged again.
    """
    day.city_key = fold(day.city)
    with transaction.atomic():
        # Admissions hold the head in share: those before this one are withdrawn, those after it know the day.
        list(PolicyHead.objects.select_for_update().filter(scope=policy.HOUSE))
        was_known = day.pk is not None
        day.save()
        outbox.withdraw(Contact.objects.all(), now=now)
        if was_known:
            _judge_again(now=now)


def _judge_again(*, now: datetime) -> None:
    """Let what waits for the end of a holiday be judged again, calls put off by it as well."""
    rows = Contact.objects.refused(now=now).values_list("debtor_id", "objections")
    waiting = {debtor for debtor, objections in rows if codes.HOLIDAY in objections}
    for some in batched(sorted(waiting), 500):
        outbox.plan_again(debtor_ids=some, now=now)
    PolicyHead.objects.filter(scope=policy.HOUSE, is_paused=False).update(changed_at=now)
