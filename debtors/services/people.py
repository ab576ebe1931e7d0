"""What is learned about people and the ways to reach them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from debtors.models import ContactPoint, Debtor
from debtors.vocabulary import RETIRED_STATUSES, PointStatus


def lock_everybody_at(values: Iterable[str], *, and_debtor: int) -> None:
    """Hold a debtor and everybody who shares one of these numbers, in the one order that holds everywhere."""
    sharing = ContactPoint.objects.filter(value__in=list(values)).values_list("debtor_id", flat=True)
    debtors = Debtor.objects.select_for_update().filter(pk__in={and_debtor, *sharing}).order_by("pk")
    list(debtors.values_list("pk", flat=True))


def confirm_point(point: ContactPoint, *, now: datetime) -> None:
    """Remember that the debtor himself was reached here; a retired point is not revived by it."""
    _change(point, to=PointStatus.VERIFIED, now=now, only_unless=RETIRED_STATUSES)


def retire_point(point: ContactPoint, *, status: PointStatus, now: datetime) -> None:
    """Take a contact point out of use for this debtor; it stays known, so no import revives it.

    Raises ValueError for a status that does not retire.
    """
    if status not in RETIRED_STATUSES:
        raise ValueError(f"{status} does not retire a contact point")
    _change(point, to=status, now=now, only_unless=frozenset())


def retire_everywhere(value: str, *, status: PointStatus, now: datetime) -> int:
    """Take a number or e-mail out of use for every debtor who has it; return how many had.

    A stranger who says "not me" must not be asked again because another debtor gave the same number.
    Whoever calls and holds a debtor already must hold all of them: see `lock_everybody_at`.
    """
    points = list(ContactPoint.objects.filter(value=value).order_by("debtor_id"))
    for point in points:
        retire_point(point, status=status, now=now)
    return len(points)


def _change(
    point: ContactPoint, *, to: PointStatus, now: datetime, only_unless: frozenset[PointStatus]
) -> None:
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=point.debtor_id)
        ContactPoint.objects.filter(pk=point.pk).exclude(status__in=only_unless).update(
            status=to, status_since=now
        )
    point.refresh_from_db()
