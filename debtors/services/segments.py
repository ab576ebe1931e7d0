"""The only writer of who is in which segment."""

from collections.abc import Iterable

from django.db import transaction

from debtors.models import Debtor, Segment


def put_in(segment: Segment, *, debtors: Iterable[int]) -> set[int]:
    """Put debtors into a segment; return the ids of those who were not in it yet.

    Taken under the debtors' locks: a contact admitted after this commit knows of it.
    """
    with transaction.atomic():
        wanted = _held(debtors)
        new = wanted - _members(segment, among=wanted)
        segment.members.add(*new)
    return new


def take_out(segment: Segment, *, debtors: Iterable[int]) -> set[int]:
    """Take debtors out of a segment; return the ids of those who were in it."""
    with transaction.atomic():
        gone = _members(segment, among=_held(debtors))
        segment.members.remove(*gone)
    return gone


def _held(debtors: Iterable[int]) -> set[int]:
    """Hold the debtors' rows, in the one order that holds everywhere; return the ids that exist."""
    rows = Debtor.objects.filter(pk__in=list(debtors)).order_by("pk")
    return set(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _members(segment: Segment, *, among: set[int]) -> set[int]:
    return set(segment.members.filter(pk__in=among).values_list("pk", flat=True))
