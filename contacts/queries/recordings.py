"""Which calls were recorded, and who may know of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from contacts.models import PhoneCall
from debtors import queries as debtor_queries
from debtors.models import User


def recorded(*, now: datetime) -> QuerySet[PhoneCall]:
    """Return the calls of which there is a recording, kept here or not yet; past its time it is none."""
    calls = PhoneCall.objects.exclude(recording_id="").filter(recording_removed_at=None)
    kept_days = settings.RECORDINGS_KEPT_DAYS
    return calls.filter(rung_at__gte=now - timedelta(days=kept_days)) if kept_days else calls


def recorded_seen_by(user: User, *, now: datetime) -> QuerySet[PhoneCall]:
    """Return the recorded calls about debts that the user may see."""
    people = debtor_queries.debtors_seen_by(user)
    owed = debtor_queries.debts_seen_by(user).filter(
        debtor=OuterRef("attempt__contact__debtor"), creditor=OuterRef("attempt__contact__creditor")
    )
    return recorded(now=now).filter(
        Q(attempt__contact__creditor=None) | Exists(owed), attempt__contact__debtor__in=people
    )


def recordings_of(contacts: Iterable[int], *, now: datetime) -> Mapping[int, PhoneCall]:
    """Return the recorded call of each contact that has one, by contact."""
    calls = recorded(now=now).filter(attempt__contact__in=list(contacts))
    return {call.attempt.contact_id: call for call in calls.select_related("attempt")}
