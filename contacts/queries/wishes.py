"""Who does not want to be contacted: debtors by what they said, and whoever has a number that refused."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from contacts.models import Contact, OptOut, Refusal
from contacts.queries import reads
from contacts.queries.gathering import Point, passed
from contacts.rules.facts import OptOutFacts
from contacts.vocabulary import OptOutScope, Outcome
from debtors.models import ContactPoint
from debtors.queries.compiled import Asking
from debtors.vocabulary import Medium, PointStatus

#: Somebody else's number: what is said there is not said by the debtor.
NOT_HIS = (PointStatus.WRONG_NUMBER, PointStatus.REASSIGNED)
HIS = (PointStatus.NEW, PointStatus.VERIFIED)


class _Row(NamedTuple):
    """An opt-out of a debtor, or what was refused at a value."""

    debtor_id: int | None
    scope: str
    channel: str
    point_id: int | None
    active_from: datetime
    active_until: datetime | None
    value: str


def opt_outs(
    debtors: list[int], *, points: Mapping[int, Sequence[Point]], now: datetime
) -> dict[int, tuple[OptOutFacts, ...]]:
    """Return the wishes of each debtor not to be contacted; one dated a moment ahead of `now` binds now.

    What was refused at one of his numbers binds him as if he had been known then, unless he said
    afterwards that he wants contact again. One query.
    """
    read, values = asked_for(debtors, points=points)
    return opt_outs_of(read(**values), debtors=debtors, points=points, now=now)


def asked_for(debtors: list[int], *, points: Mapping[int, Sequence[Point]]) -> Asking:
    """Return what to ask for the rows of `opt_outs_of`."""
    values = {value for debtor in debtors for value in _by_value(points.get(debtor, ()))}
    if not values:
        return reads.opt_outs, {"debtors": debtors}
    return reads.opt_outs_and_refusals, {"debtors": debtors, "values": sorted(values)}


def opt_outs_of(
    rows: Iterable[tuple[Any, ...]],
    *,
    debtors: list[int],
    points: Mapping[int, Sequence[Point]],
    now: datetime,
) -> dict[int, tuple[OptOutFacts, ...]]:
    """Return the same of rows read before."""
    own: dict[int, list[_Row]] = defaultdict(list)
    refused: dict[str, list[_Row]] = defaultdict(list)
    for row in map(_Row._make, rows):
        if row.debtor_id is None:
            refused[row.value].append(row)
        else:
            own[row.debtor_id].append(row)
    found: dict[int, tuple[OptOutFacts, ...]] = defaultdict(tuple)
    for debtor in debtors:
        binding = [*own[debtor], *_inherited(points.get(debtor, ()), refused=refused, own=own[debtor])]
        if binding:
            found[debtor] = tuple([_facts(row, now=now) for row in binding])
    return found


def refusals(debtor_id: int, *, points: Iterable[ContactPoint]) -> list[Refusal]:
    """Return what was refused at the debtor's numbers and binds him, though he has no opt-out of his own."""
    by_value = _by_value(points)
    own = list(OptOut.objects.filter(debtor=debtor_id))
    running = {_reach(row) for row in own if row.active_until is None}
    return [
        said
        for said in Refusal.objects.filter(value__in=by_value)
        if not _is_lifted(said, point=by_value[said.value], own=own)
        and _reach(said, point=by_value[said.value]) not in running
    ]


def is_refused(contact: Contact, *, now: datetime) -> bool:
    """Return whether the person said no, and not the wire: at all, by the channel, or at the address."""
    points = list(ContactPoint.objects.filter(debtor=contact.debtor_id))
    wishes = opt_outs([contact.debtor_id], points={contact.debtor_id: points}, now=now)
    reaches = {
        (OptOutScope.GLOBAL.value, None, None),
        (OptOutScope.CHANNEL.value, contact.channel, None),
        (OptOutScope.POINT.value, None, _text(contact.point_id)),
    }
    return any(
        (wish.scope, wish.channel, wish.point_id) in reaches
        and (wish.active_until is None or wish.active_until > now)
        for wish in wishes[contact.debtor_id]
    )


def is_anothers(point: ContactPoint) -> bool:
    """Return whether whoever speaks at a number is somebody else, by its status or by his own word.

    His word holds until the number is found to be the debtor's own after all.
    """
    if point.status != PointStatus.DO_NOT_CONTACT:
        return point.status in NOT_HIS
    said = Contact.objects.filter(point=point, is_inbound=True, outcome=Outcome.WRONG_PERSON)
    his_own = point.changes.filter(status__in=HIS).first()
    return said.filter(started_at__gt=his_own.changed_at).exists() if his_own else said.exists()


def _by_value[P: Point](points: Iterable[P]) -> dict[str, P]:
    """Return the numbers and e-mails at which what is said is said by the debtor."""
    return {
        point.value: point
        for point in points
        if point.medium != Medium.ADDRESS and point.status not in NOT_HIS
    }


def _inherited(
    points: Iterable[Point], *, refused: Mapping[str, Sequence[_Row]], own: Sequence[_Row]
) -> Iterator[_Row]:
    for value, point in _by_value(points).items():
        for said in refused.get(value, ()):
            if not _is_lifted(said, point=point, own=own):
                scope, channel, point_id = _reach(said, point=point)
                yield _Row(None, scope, channel, point_id, said.active_from, None, value)


def _is_lifted(said: _Row | Refusal, *, point: Point, own: Iterable[_Row | OptOut]) -> bool:
    """Return whether the debtor took the same wish back after it was said at his number."""
    reach = _reach(said, point=point)
    ends = [row.active_until for row in own if _reach(row) == reach and row.active_until is not None]
    return any(end >= said.active_from for end in ends)


def _reach(row: Any, *, point: Point | None = None) -> tuple[str, str, int | None]:
    """Return what a wish is about; one said at a `point`: its channel for the person, or all of the point."""
    if point is None:
        return row.scope, row.channel, row.point_id
    if row.channel:
        return OptOutScope.CHANNEL.value, row.channel, None
    return OptOutScope.POINT.value, "", point.pk


def _facts(row: _Row, *, now: datetime) -> OptOutFacts:
    since = passed(row.active_from, now=now)
    return OptOutFacts(row.scope, row.channel or None, _text(row.point_id), since, row.active_until)


def _text(pk: int | None) -> str | None:
    return None if pk is None else str(pk)
