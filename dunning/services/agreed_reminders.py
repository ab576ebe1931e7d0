"""Reminds of the next payment of an agreement some days before it falls due, once, through the gate.

Contact rests while the agreement is kept; of what rests only this is said, where the policy in force
lets a promise not hold it back (`Purpose.AGREED`). Whatever else forbids contact binds.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from contacts.models import Contact
from contacts.rules import pacing
from contacts.services import outbox
from contacts.vocabulary import Channel, ContactState, Purpose
from debtors.models import Debtor
from dunning.queries import agreed_reminders as reads
from dunning.queries import planning
from dunning.queries.agreed_reminders import Awaited
from dunning.rules import timing

TEMPLATE_KEY = "agreed_soon"
CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP)
CHUNK = 500  # debtors in one transaction


def want_due(*, now: datetime) -> int:
    """Want the reminders whose day has come; return how many.

    A debtor locked by somebody else waits for the next run: a payment may be on its way in.
    """
    on = timezone.localdate(now)
    due = [each for each in reads.awaited(on=on) if each.remind_on and each.remind_on <= on]
    there = Contact.objects.filter(wanted_by__in=[each.name for each in due])
    known = set(there.exclude(state=ContactState.CANCELLED).values_list("wanted_by", flat=True))
    debtors = sorted({each.debtor_id for each in due if each.name not in known})
    return sum(
        _want_for(debtors[at : at + CHUNK], known=known, now=now) for at in range(0, len(debtors), CHUNK)
    )


def follow(*, debtor_id: int, creditor_id: int, now: datetime) -> None:
    """Call back what reminds of a payment that is awaited no more; whoever calls holds the debtor's row."""
    ours = Contact.objects.filter(debtor=debtor_id, creditor=creditor_id, purpose=Purpose.AGREED)
    if not ours.filter(state__in=(*outbox.NOT_GONE, ContactState.SENDING)).exists():
        return
    names = [each.name for each in reads.awaited(on=timezone.localdate(now), debtors=[debtor_id])]
    over = ours.exclude(wanted_by__in=names)
    outbox.withdraw(over, now=now)
    outbox.cancel(over)


def _want_for(debtors: list[int], *, known: set[str], now: datetime) -> int:
    on = timezone.localdate(now)
    with transaction.atomic():
        rows = Debtor.objects.filter(pk__in=debtors).order_by("pk")
        mine = list(rows.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True))
        due = [
            each
            for each in reads.awaited(on=on, debtors=mine)
            if each.remind_on and each.remind_on <= on and each.name not in known
        ]
        texts, switched_on = planning.texts(), planning.channels_switched_on()
        reachable = planning.usable_channels(debtors=mine)
        ways = [way for way in CHANNELS if way in switched_on and (TEMPLATE_KEY, way) in texts]
        wanted = [
            _reminder(each, channel=channel, text=texts[TEMPLATE_KEY, channel].pk, now=now)
            for each in due
            if (channel := next((way for way in ways if way in reachable[each.debtor_id]), None))
        ]
        outbox.want_many(wanted)
        outbox.want_again(Contact.objects.filter(wanted_by__in=[each.wanted_by for each in wanted]), now=now)
    return len(wanted)


def _reminder(awaited: Awaited, *, channel: Channel, text: int, now: datetime) -> Contact:
    zone = timezone.get_default_timezone()
    not_before = pacing.spread(
        timing.earliest(now=now, zone=zone), seed=awaited.debtor_id, over=timing.SPREAD_OVER
    )
    return Contact(
        wanted_by=awaited.name,
        debtor_id=awaited.debtor_id,
        creditor_id=awaited.creditor_id,
        channel=channel,
        purpose=Purpose.AGREED,
        template_id=text,
        not_before=not_before,
        expires_at=timing.end_of(awaited.due_on, zone=zone),
        created_at=now,
    )
