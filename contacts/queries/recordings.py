"""Which calls were recorded, and who may know of it."""

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from contacts.models import PhoneCall
from debtors import queries as debtor_queries
from debtors.models import User


def recorded_seen_by(user: User) -> QuerySet[PhoneCall]:
    """Return the recorded calls about debts that the user may see."""
    people = debtor_queries.debtors_seen_by(user)
    owed = debtor_queries.debts_seen_by(user).filter(
        debtor=OuterRef("attempt__contact__debtor"), creditor=OuterRef("attempt__contact__creditor")
    )
    recorded = PhoneCall.objects.exclude(recording_id="").filter(recording_removed_at=None)
    return recorded.filter(
        Q(attempt__contact__creditor=None) | Exists(owed), attempt__contact__debtor__in=people
    )


def recordings_of(contacts: Iterable[int]) -> Mapping[int, PhoneCall]:
    """Return the recorded call of each contact that has one, by contact."""
    recorded = PhoneCall.objects.exclude(recording_id="").filter(
        recording_removed_at=None, attempt__contact__in=list(contacts)
    )
    return {call.attempt.contact_id: call for call in recorded.select_related("attempt")}
