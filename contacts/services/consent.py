"""The only writer of opt-outs and consents: they bind the moment they are committed."""

from datetime import datetime

from django.db import transaction

from contacts.models import Consent, Contact, OptOut
from contacts.services import outbox
from contacts.vocabulary import Channel, OptOutScope
from debtors.models import ContactPoint, Debtor, User


def opt_out(
    *,
    debtor: Debtor,
    scope: OptOutScope,
    source: str,
    by: User | None,
    now: datetime,
    channel: Channel | str = "",
    point: ContactPoint | None = None,
) -> OptOut:
    """Keep a wish not to be contacted; the same wish twice is one row.

    Taken under the debtor's lock: a contact admitted after this commit does not exist, and one that
    was admitted before but not handed over yet is taken back.
    """
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        wish, _is_new = OptOut.objects.get_or_create(
            debtor=debtor,
            scope=scope,
            channel=channel,
            point=point,
            active_until=None,
            defaults={"active_from": now, "source": source, "recorded_by": by},
        )
        outbox.withdraw(Contact.objects.filter(debtor=debtor), now=now)
    return wish


def withdraw_opt_out(wish: OptOut, *, now: datetime) -> None:
    """End an opt-out because the debtor changed his mind; what it blocked is judged again."""
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=wish.debtor_id)
        OptOut.objects.filter(pk=wish.pk, active_until=None).update(active_until=now)
        outbox.plan_again(debtor_ids=[wish.debtor_id], now=now)


def grant(*, debtor: Debtor, channel: str, source: str, now: datetime) -> Consent:
    """Keep a permission for one channel, with its proof; what waited for it is judged again."""
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        given = Consent.objects.create(debtor=debtor, channel=channel, active_from=now, source=source)
        outbox.plan_again(debtor_ids=[debtor.pk], now=now)
    return given
