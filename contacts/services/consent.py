"""The only writer of opt-outs, refusals and consents: they bind the moment they are committed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from contacts.models import Consent, Contact, OptOut, Refusal
from contacts.queries.wishes import is_anothers
from contacts.services import outbox
from contacts.vocabulary import Channel, OptOutScope
from debtors.models import ContactPoint, Debtor, User
from debtors.vocabulary import Medium


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


def withdraw_opt_out(wish: OptOut, *, source: str, by: User | None, now: datetime) -> None:
    """End an opt-out because the debtor changed his mind; what it blocked is judged again."""
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=wish.debtor_id)
        running = OptOut.objects.filter(pk=wish.pk, active_until=None)
        running.update(active_until=now, end_source=source, ended_by=by)
        outbox.plan_again(debtor_ids=[wish.debtor_id], now=now)


def refuse(*, value: str, channel: Channel | str, source: str, now: datetime) -> Refusal:
    """Keep what was said at a number or e-mail itself, for whoever has it without an opt-out of his own.

    `channel` blank: nothing at all is wanted there. Whoever is known to have it gets his own wish from
    the caller, who holds the debtors already.
    """
    said, _is_new = Refusal.objects.update_or_create(
        value=value, channel=channel, defaults={"active_from": now, "source": source}
    )
    return said


def stop(
    *, debtor: Debtor, point: ContactPoint | None, channel: Channel | str, source: str, now: datetime
) -> None:
    """End a channel by what was said at one of the debtor's numbers, for him and for whoever has it later.

    What is said at somebody else's number is no wish of this debtor.
    """
    if point is None or not is_anothers(point):
        opt_out(debtor=debtor, scope=OptOutScope.CHANNEL, channel=channel, source=source, by=None, now=now)
    if point is not None and point.medium != Medium.ADDRESS:
        refuse(value=point.value, channel=channel, source=source, now=now)


def want_again(
    said: Refusal, *, debtor: Debtor, point: ContactPoint, source: str, by: User | None, now: datetime
) -> None:
    """End a refusal for one debtor who asked for it; everybody else at `point`'s number stays in peace."""
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        OptOut.objects.create(
            debtor=debtor,
            scope=OptOutScope.CHANNEL if said.channel else OptOutScope.POINT,
            channel=said.channel,
            point=None if said.channel else point,
            active_from=said.active_from,
            active_until=max(now, said.active_from),
            source=said.source,
            end_source=source,
            ended_by=by,
        )
        outbox.plan_again(debtor_ids=[debtor.pk], now=now)


def grant(*, debtor: Debtor, channel: str, source: str, by: User | None, now: datetime) -> Consent:
    """Keep a permission for one channel, with its proof; what waited for it is judged again."""
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        given = Consent.objects.create(
            debtor=debtor, channel=channel, active_from=now, source=source, recorded_by=by
        )
        outbox.plan_again(debtor_ids=[debtor.pk], now=now)
    return given


def take_back(given: Consent, *, source: str, by: User | None, now: datetime) -> None:
    """End a consent because the debtor took it back; what needs it and is still here does not leave.

    A consent ends at any moment and without a reason (Law 13.709/2018, art. 8 §5).
    """
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=given.debtor_id)
        running = Consent.objects.filter(Q(active_until=None) | Q(active_until__gt=now), pk=given.pk)
        running.update(active_until=now, end_source=source, ended_by=by)
        outbox.withdraw(Contact.objects.filter(debtor=given.debtor_id), now=now)
