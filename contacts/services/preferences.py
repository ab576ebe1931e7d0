"""The only writer of debtors' preferences: best times, channels not wanted. They bind once committed."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from contacts.models import Contact, Preference
from contacts.rules import narrowing, reach
from contacts.services import outbox
from contacts.vocabulary import Channel
from debtors.models import Debtor, User


def keep(
    *,
    debtor: Debtor,
    windows: Mapping[str, list[list[str]]],
    unwanted_channels: Iterable[str],
    source: str,
    by: User | None,
    now: datetime,
) -> Preference:
    """Keep what the debtor asked for, in the place of what he asked for before.

    `windows` hold the weekdays he spoke of ("mon"), as in the policy. Taken under his lock: what is
    admitted after this commit knows of it. Where he asks for less than before, what was refused is
    judged again. Raises MalformedError for windows that cannot be read.
    """
    unwanted = sorted(unwanted_channels)
    said = reach.terms_of_wishes(windows=windows, unwanted=unwanted, channels=Channel.values)
    narrowing.overlay_from_json(said, year=now.year)
    with transaction.atomic():
        outbox.lock_debtor(debtor.pk)
        before = Preference.objects.filter(debtor=debtor, active_until=None)
        before.update(active_until=now, end_source=source, ended_by=by)
        kept = Preference.objects.create(
            debtor=debtor,
            windows=dict(windows),
            unwanted_channels=unwanted,
            source=source,
            active_from=now,
            recorded_by=by,
        )
        _take_effect(debtor.pk, now=now)
    return kept


def end(preference: Preference, *, source: str, by: User | None, now: datetime) -> None:
    """End a preference because the debtor has none any more; what it refused is judged again."""
    with transaction.atomic():
        outbox.lock_debtor(preference.debtor_id)
        running = Preference.objects.filter(pk=preference.pk, active_until=None)
        running.update(active_until=now, end_source=source, ended_by=by)
        _take_effect(preference.debtor_id, now=now)


def _take_effect(debtor_id: int, *, now: datetime) -> None:
    outbox.withdraw(Contact.objects.filter(debtor=debtor_id), now=now)
    outbox.plan_again(debtor_ids=[debtor_id], now=now)
