"""What people say of a number or address: kept with its source, binding at once."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from contacts.models import Contact
from contacts.services import outbox
from debtors.models import ContactPoint, Debtor, User
from debtors.rules import points as rules
from debtors.rules.points import Known
from debtors.services import people
from debtors.vocabulary import PointKind, PointStatus

MAY_GIVE_BACK = "debtors.revive_contactpoint"


def add(debtor: Debtor, new: people.NewPoint, *, source: str, by: User, now: datetime) -> ContactPoint:
    """Keep a number or e-mail that somebody gave; what waited for an address is judged again.

    Raises KnownPointError when the debtor has it already.
    """
    with transaction.atomic():
        outbox.lock_debtor(debtor.pk)
        point = people.add_point(debtor, new, source=source, by=by, now=now)
        outbox.plan_again(debtor_ids=[debtor.pk], now=now)
    return point


def change(
    point: ContactPoint, *, kind: PointKind, status: PointStatus, source: str, by: User, now: datetime
) -> bool:
    """Keep whose a point is and how it stands; return whether that was news.

    Binds messages that are about to leave for it too; what waited is judged again, for another number
    may be the best one now. Raises PermissionDenied where the change gives back what was out of use,
    or protected, and `by` may not do that.
    """
    with transaction.atomic():
        outbox.lock_debtor(point.debtor_id)
        now_known = ContactPoint.objects.get(pk=point.pk)
        before = Known(PointKind(now_known.kind), PointStatus(now_known.status))
        if rules.gives_back(before, Known(kind, status)) and not by.has_perm(MAY_GIVE_BACK):
            raise PermissionDenied
        is_news = people.change_point(point, kind=kind, status=status, source=source, by=by, now=now)
        if is_news:
            outbox.withdraw(Contact.objects.filter(point=point), now=now)
            outbox.plan_again(debtor_ids=[point.debtor_id], now=now)
    return is_news
