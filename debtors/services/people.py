"""What is learned about people and the ways to reach them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from debtors.models import ContactPoint, Debtor, PointChange, User
from debtors.rules import points as rules
from debtors.vocabulary import Medium, PointKind, PointStatus


def lock_everybody_at(values: Iterable[str], *, and_debtor: int) -> None:
    """Hold a debtor and everybody who shares one of these numbers, in the one order that holds everywhere."""
    sharing = ContactPoint.objects.filter(value__in=list(values)).values_list("debtor_id", flat=True)
    debtors = Debtor.objects.select_for_update().filter(pk__in={and_debtor, *sharing}).order_by("pk")
    list(debtors.values_list("pk", flat=True))


def corrected(debtor_ids: Iterable[int]) -> None:
    """Say that something was corrected on which contact depends: a birth date, a zone, an address, a number.

    A contact remembers the revision by which it was judged: what was permitted by an earlier one does
    not leave, and what was refused by it is judged again.
    """
    Debtor.objects.filter(pk__in=set(debtor_ids)).update(revision=F("revision") + 1)


def confirm_point(point: ContactPoint, *, source: str, by: User | None, now: datetime) -> None:
    """Remember that the debtor himself was reached here; a retired point is not revived by it."""
    with transaction.atomic():
        known = _locked(point)
        if not known.is_retired:
            _become(known, status=PointStatus.VERIFIED, source=source, by=by, now=now)
    point.refresh_from_db()


def retire_point(
    point: ContactPoint, *, status: PointStatus, source: str, by: User | None, now: datetime
) -> None:
    """Take a contact point out of use for this debtor; it stays known, so no import revives it.

    Where nobody may be contacted any more, that stays so. Raises ValueError for a status that does
    not retire.
    """
    with transaction.atomic():
        known = _locked(point)
        to = rules.after_retiring(PointStatus(known.status), to=status)
        _become(known, status=to, source=source, by=by, now=now)
    point.refresh_from_db()


def retire_everywhere(value: str, *, status: PointStatus, source: str, by: User | None, now: datetime) -> int:
    """Take a number or e-mail out of use for every debtor who has it; return how many had.

    A stranger who says "not me" must not be asked again because another debtor gave the same number.
    Whoever calls and holds a debtor already must hold all of them: see `lock_everybody_at`.
    """
    points = list(ContactPoint.objects.filter(value=value).order_by("debtor_id"))
    for point in points:
        retire_point(point, status=status, source=source, by=by, now=now)
    return len(points)


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A telephone in E.164 or an e-mail that somebody gave."""

    medium: Medium
    value: str
    is_mobile: bool = False


class KnownPointError(Exception):
    """The debtor has this number or e-mail already; `point` says how it stands."""

    def __init__(self, point: ContactPoint) -> None:
        super().__init__(f"contact point {point.pk}")
        self.point = point


def add_point(debtor: Debtor, new: NewPoint, *, source: str, by: User | None, now: datetime) -> ContactPoint:
    """Keep a number or e-mail of a debtor's own, with its source and day.

    Whoever asked anywhere not to be contacted at it stays unasked. Raises KnownPointError when it is known.
    """
    with transaction.atomic():
        Debtor.objects.select_for_update().get(pk=debtor.pk)
        same = ContactPoint.objects.filter(value=new.value)
        if known := same.filter(debtor=debtor, medium=new.medium).first():
            raise KnownPointError(known)
        point = ContactPoint(debtor=debtor, medium=new.medium, value=new.value, is_mobile=new.is_mobile)
        begin(point, source=source, by=by, now=now)
        corrected([debtor.pk])
    return point


def begin(point: ContactPoint, *, source: str, by: User | None, now: datetime) -> None:
    """Write a point that was not known of its debtor, with its source and the first row of its history.

    Where anybody asked not to be contacted at that number or e-mail, that stays so, whoever has it now.
    A street is no such thing: the same name stands in many towns.
    """
    same = ContactPoint.objects.filter(value=point.value).exclude(medium=Medium.ADDRESS)
    if point.medium != Medium.ADDRESS and same.filter(status=PointStatus.DO_NOT_CONTACT).exists():
        point.status = PointStatus.DO_NOT_CONTACT
    point.status_since = None if point.status == PointStatus.NEW else now
    point.source = source
    point.save()
    remember_changes([point], source=source, by=by, now=now)


def change_point(
    point: ContactPoint, *, kind: PointKind, status: PointStatus, source: str, by: User | None, now: datetime
) -> bool:
    """Write down whose a point is and how it stands, as somebody said; return whether that was news.

    Whether he may take care away (`rules.points.gives_back`) is for the door to ask.
    """
    with transaction.atomic():
        is_news = _become(_locked(point), kind=kind, status=status, source=source, by=by, now=now)
    point.refresh_from_db()
    return is_news


def remember_changes(points: Iterable[ContactPoint], *, source: str, by: User | None, now: datetime) -> None:
    """Keep in the points' histories how they stand now; whoever changed them saves them himself."""
    PointChange.objects.bulk_create(
        PointChange(
            point=point, kind=point.kind, status=point.status, source=source, recorded_by=by, changed_at=now
        )
        for point in points
    )


def _locked(point: ContactPoint) -> ContactPoint:
    """Return the point as it is now, its debtor held until the transaction ends."""
    Debtor.objects.select_for_update().get(pk=point.debtor_id)
    return ContactPoint.objects.get(pk=point.pk)


def _become(
    point: ContactPoint,
    *,
    status: PointStatus,
    source: str,
    by: User | None,
    now: datetime,
    kind: PointKind | None = None,
) -> bool:
    """Change a locked point, with a row in its history; return False where it stood so already."""
    before = (point.kind, point.status)
    if point.status != status:
        point.status, point.status_since = status, now
    point.kind = kind or point.kind
    if before == (point.kind, point.status):
        return False
    point.save(update_fields=["kind", "status", "status_since"])
    remember_changes([point], source=source, by=by, now=now)
    return True
