"""What somebody tells us by the links of a message: not me, and no more of this. It binds once committed."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from contacts.models import Contact, ProviderEvent
from contacts.services import calls, consent, outbox
from contacts.vocabulary import Channel, ContactState, Outcome
from debtors.models import ContactPoint
from debtors.services import people
from debtors.vocabulary import Medium, PointStatus

LINK = "link"  # by whom we know, beside the providers
NOT_ME, STOP = "not_me", "stop"
ON_ITS_WAY = (ContactState.SENT, ContactState.UNKNOWN, ContactState.PARKED)

type Heard = Callable[[Contact, ContactPoint, datetime], None]


def not_me(*, contact_id: int, now: datetime) -> bool:
    """Take the number or address a message went to from every debtor who has it; return whether it was news.

    No later import brings it back. The same link is heard at every press: what it said may have been
    taken back meanwhile.
    """
    return _hear(contact_id, said=NOT_ME, heard=_take_away, now=now)


def stop(*, contact_id: int, now: datetime) -> bool:
    """Send nothing more this way to whoever has the number or address, or ever will; was it news?"""
    return _hear(contact_id, said=STOP, heard=_opt_out, now=now)


def _hear(contact_id: int, *, said: str, heard: Heard, now: datetime) -> bool:
    contact = Contact.objects.select_related("point", "creditor").filter(pk=contact_id).first()
    if contact is None or contact.point is None:
        return False
    with transaction.atomic():
        points = _as_everybody_has_it(contact.point)
        outbox.lock_debtors({point.debtor_id for point in points})
        _, is_news = ProviderEvent.objects.get_or_create(
            provider=LINK,
            provider_id=str(contact_id),
            status=said,
            defaults={"payload": {}, "received_at": now},
        )
        for point in points:
            heard(contact, point, now)
    return is_news


def _as_everybody_has_it(point: ContactPoint) -> list[ContactPoint]:
    """Return the number or address as each debtor has it; a street is the same in the same town only."""
    same = ContactPoint.objects.filter(medium=point.medium, value=point.value)
    if point.medium == Medium.ADDRESS:
        same = same.filter(city=point.city, state=point.state, postal_code=point.postal_code)
    return list(same.select_related("debtor").order_by("debtor_id"))


def _take_away(contact: Contact, point: ContactPoint, now: datetime) -> None:
    # Somebody else's street may be another debtor's own: it is not refused for everybody to come.
    is_street = point.medium == Medium.ADDRESS
    people.retire_point(
        point,
        status=PointStatus.REASSIGNED if is_street else PointStatus.DO_NOT_CONTACT,
        source=gettext("said by the link in a message: not me"),
        by=None,
        now=now,
    )
    outbox.withdraw(Contact.objects.filter(point=point), now=now)
    calls.record_inbound(
        wanted_by=f"{LINK}:{contact.pk}:{NOT_ME}:{point.debtor_id}",
        debtor=point.debtor,
        channel=Channel(contact.channel),
        outcome=Outcome.WRONG_PERSON,
        creditor=contact.creditor if point.debtor_id == contact.debtor_id else None,
        point=point,
        now=now,
    )
    if point.debtor_id == contact.debtor_id and contact.state in ON_ITS_WAY:
        outbox.conclude(contact, outcome=Outcome.WRONG_PERSON, now=now)


def _opt_out(contact: Contact, point: ContactPoint, now: datetime) -> None:
    source = gettext("said by the link in a message: no more of them")
    consent.stop(debtor=point.debtor, point=point, channel=contact.channel, source=source, now=now)
